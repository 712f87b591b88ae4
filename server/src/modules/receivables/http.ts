import { z } from "zod";
import { AccountLedger, AccountLedgerQuery, DifferenceList, WaiverWrite } from "#contracts/account-ledger.ts";
import { Day, Empty, Id } from "#contracts/common.ts";
import { ItemSums, ItemSumsQuery } from "#contracts/item-sums.ts";
import { PaymentHistory, PaymentHistoryQuery } from "#contracts/payment-history.ts";
import {
  AgedBalance,
  AgedBalanceQuery,
  BatchPage,
  BatchQuery,
  BatchUndone,
  ItemDetail,
  ItemPage,
  ItemQuery,
  ItemStatusWrite,
  ItemsCoded,
  LedgerProof,
  Statement,
  StatementQuery,
  StatusSums,
} from "#contracts/receivables.ts";
import { done, refuse } from "#kernel/result.ts";
import { userNames } from "#modules/access/index.ts";
import { findCustomer, listCompanies } from "#modules/parties/index.ts";
import { cutPage, isRefused, type Route, readCursor, route, totalOf, writeCursor } from "#platform/http/index.ts";
import { codeItems } from "./actions/code-items.ts";
import { companyCodes } from "./actions/company-codes.ts";
import { readAccountLedger } from "./actions/read-account-ledger.ts";
import { readAgedBalance } from "./actions/read-aged-balance.ts";
import { readItem } from "./actions/read-item.ts";
import { readItemSums } from "./actions/read-item-sums.ts";
import { readItems } from "./actions/read-items.ts";
import { readPaymentHistory } from "./actions/read-payment-history.ts";
import { readProof } from "./actions/read-proof.ts";
import { readStatement } from "./actions/read-statement.ts";
import { type BatchInUse, undoBatch } from "./actions/undo-batch.ts";
import { waiveDifference } from "./actions/waive-difference.ts";
import { itemCondition } from "./criteria/index.ts";
import { listBatches } from "./store/batches.ts";
import { listDifferences } from "./store/differences.ts";
import { statusSums } from "./store/item-status.ts";

const tag = "receivables";
/** "me" is whoever asks. */
const ownerOf = <Q extends { ownerId?: string | undefined }>(query: Q, userId: string): Q =>
  query.ownerId === "me" ? { ...query, ownerId: userId } : query;

const permission = "receivables.read";
/** Whole minor units as text, within what a bigint holds. */
const MinorUnits = z.string().regex(/^-?\d{1,18}$/);

const itemRoutes: Route[] = [
  route({
    method: "GET",
    path: "/items",
    operationId: "listItems",
    tag,
    permission,
    summary: "Items open, overdue, settled or all on a day, with what is left of each",
    query: ItemQuery,
    reply: ItemPage,
    handle: async ({ actor, query, services, today }) => {
      const condition = query.filter === undefined ? undefined : itemCondition(query.filter, today);
      if (condition && !condition.ok) return condition;
      const after = readCursor(query.cursor, [query.sort === "amount" ? MinorUnits : Day, Id]);
      if (isRefused(after)) return after;
      const page = await services.db.transaction(actor.tenant, (tx) =>
        readItems(tx, query, today, after && { value: after[0], itemId: after[1] }, actor.id),
      );
      const next = page.next ? writeCursor([page.next.value, page.next.itemId]) : null;
      return done({ rows: page.rows, next, total: totalOf(page.count), asOf: page.asOf });
    },
  }),
  route({
    method: "GET",
    path: "/items/sums",
    operationId: "getItemSums",
    tag,
    permission,
    summary: "Count and amounts of all items of a list, per currency, and by any criterion of items",
    query: ItemSumsQuery,
    reply: ItemSums,
    handle: async ({ actor, query, services, today }) => {
      const condition = query.filter === undefined ? undefined : itemCondition(query.filter, today);
      if (condition && !condition.ok) return condition;
      return services.db.transaction(actor.tenant, (tx) => readItemSums(tx, query, today, actor.id));
    },
  }),
  route({
    method: "GET",
    path: "/items/:itemId",
    operationId: "getItem",
    tag,
    permission,
    summary: "One item: versions, settlement lines, and what settled it",
    params: z.object({ itemId: Id }),
    reply: ItemDetail,
    handle: async ({ actor, params, services, today }) => {
      const item = await services.db.transaction(actor.tenant, (tx) => readItem(tx, params.itemId, today));
      return item ? done(item) : refuse("not_found");
    },
  }),
];

const statusRoutes: Route[] = [
  route({
    method: "PUT",
    path: "/items/status",
    operationId: "codeItems",
    tag,
    permission: "items.code",
    summary: "Give items the team’s status, or take it off",
    body: ItemStatusWrite,
    reply: ItemsCoded,
    handle: ({ actor, body, services, today }) => codeItems(services, actor, body, today),
  }),
  route({
    method: "GET",
    path: "/customers/:customerId/status-sums",
    operationId: "getStatusSums",
    tag,
    permission,
    summary: "What a customer owes by the team’s status",
    params: z.object({ customerId: Id }),
    reply: StatusSums,
    handle: async ({ actor, params, services, today }) =>
      services.db.transaction(actor.tenant, async (tx) => {
        const customer = await findCustomer(tx, params.customerId);
        if (!customer) return refuse("not_found");
        const rows = (await statusSums(tx, customer.id, today)).map(
          ({ status, currency, minor, overdueMinor, items }) => ({
            status,
            open: { minor: String(minor), currency },
            overdue: { minor: String(overdueMinor), currency },
            items: Number(items),
          }),
        );
        return done({ rows });
      }),
  }),
];

const reportRoutes: Route[] = [
  route({
    method: "GET",
    path: "/aged-balance",
    operationId: "getAgedBalance",
    tag,
    permission,
    summary: "Who owes what since when, on any day, as known today or on an earlier day",
    query: AgedBalanceQuery,
    reply: AgedBalance,
    handle: async ({ actor, query, services, today }) =>
      done(await services.db.transaction(actor.tenant, (tx) => readAgedBalance(tx, ownerOf(query, actor.id), today))),
  }),
  route({
    method: "GET",
    path: "/ledger-proof",
    operationId: "getLedgerProof",
    tag,
    permission,
    summary: "Does the ledger here tie to the books, company by company",
    reply: LedgerProof,
    handle: async ({ actor, services, today }) =>
      done(await services.db.transaction(actor.tenant, (tx) => readProof(tx, today))),
  }),
  route({
    method: "GET",
    path: "/customers/:customerId/statement",
    operationId: "getStatement",
    tag,
    permission,
    summary: "Statement of account of a customer: what is open, or all movements from a day on",
    params: z.object({ customerId: Id }),
    query: StatementQuery,
    reply: Statement,
    handle: async ({ actor, params, query, services, today }) => {
      const statement = await services.db.transaction(actor.tenant, (tx) =>
        readStatement(tx, params.customerId, query, today),
      );
      return statement ? done(statement) : refuse("not_found");
    },
  }),
  route({
    method: "GET",
    path: "/customers/:customerId/payment-history",
    operationId: "getPaymentHistory",
    tag,
    permission,
    summary: "How a customer pays: days late and days to pay by month over 24 months, and the trend",
    params: z.object({ customerId: Id }),
    query: PaymentHistoryQuery,
    reply: PaymentHistory,
    handle: async ({ actor, params, query, services, today }) => {
      const history = await services.db.transaction(actor.tenant, (tx) =>
        readPaymentHistory(tx, params.customerId, query, today),
      );
      return history ? done(history) : refuse("not_found");
    },
  }),
  route({
    method: "GET",
    path: "/accounts/:accountId/ledger",
    operationId: "getAccountLedger",
    tag,
    permission,
    summary: "The customers' ledger of one account, line by line, with running balance and lettering",
    params: z.object({ accountId: Id }),
    query: AccountLedgerQuery,
    reply: AccountLedger,
    handle: async ({ actor, params, query, services, today }) => {
      const after = readCursor(query.cursor, [Day, Id]);
      const ledger = await services.db.transaction(actor.tenant, (tx) =>
        readAccountLedger(tx, params.accountId, query, today, isRefused(after) ? undefined : after),
      );
      if (!ledger) return refuse("not_found");
      return isRefused(after) ? after : done(ledger);
    },
  }),
];

const differenceParams = z.object({ differenceId: Id });

const differenceRoutes: Route[] = [
  route({
    method: "GET",
    path: "/differences",
    operationId: "listDifferences",
    tag,
    permission,
    summary: "Accounts whose balance here is not the one their source states, largest first",
    reply: DifferenceList,
    handle: async ({ actor, services }) => {
      const names = await services.db.global((tx) => userNames(tx, actor.tenant));
      return services.db.transaction(actor.tenant, async (tx) => {
        const companies = new Map((await listCompanies(tx)).map((company) => [company.id, company]));
        const rows = (await listDifferences(tx)).map(({ hereMinor, sourceMinor, waivedBy, ...row }) => {
          const company = companies.get(row.companyId);
          const money = (minor: bigint) => ({ minor: String(minor), currency: company?.bookCurrency ?? "EUR" });
          return {
            ...row,
            companyCode: company?.code ?? "",
            here: money(hereMinor),
            source: money(sourceMinor),
            difference: money(hereMinor - sourceMinor),
            waivedBy: waivedBy === null ? null : (names.get(waivedBy) ?? waivedBy),
          };
        });
        return done({ rows });
      });
    },
  }),
  route({
    method: "POST",
    path: "/differences/:differenceId/waive",
    operationId: "waiveDifference",
    tag,
    permission: "receivables.waive",
    summary: "Let an account in difference be chased although it does not tie, with the reason",
    params: differenceParams,
    body: WaiverWrite,
    reply: Empty,
    handle: ({ actor, params, body, services }) => waiveDifference(services, actor, params.differenceId, body.reason),
  }),
  route({
    method: "POST",
    path: "/differences/:differenceId/unwaive",
    operationId: "unwaiveDifference",
    tag,
    permission: "receivables.waive",
    summary: "Take a waiver back: the account waits again until a load clears it",
    params: differenceParams,
    reply: Empty,
    handle: ({ actor, params, services }) => waiveDifference(services, actor, params.differenceId, null),
  }),
];

const batchRoutes = (isInUse: BatchInUse | undefined): Route[] => [
  route({
    method: "GET",
    path: "/batches",
    operationId: "listBatches",
    tag,
    permission: "imports.read",
    summary: "What was loaded into the ledger, newest first",
    query: BatchQuery,
    reply: BatchPage,
    handle: async ({ actor, query, services }) => {
      const before = readCursor(query.cursor, [Id]);
      if (isRefused(before)) return before;
      const { limit, companyId } = query;
      const found = await services.db.transaction(actor.tenant, async (tx) => {
        const codes = await companyCodes(tx);
        const batches = await listBatches(tx, { companyId, before: before?.[0], limit: limit + 1 });
        return batches.map((batch) => ({ ...batch, companyCode: codes(batch.companyId).code }));
      });
      const { rows, next } = cutPage(found, limit, (batch) => [batch.id]);
      return done({ rows, next, total: { count: rows.length, exact: next === null && before === undefined } });
    },
  }),
  route({
    method: "POST",
    path: "/batches/:batchId/undo",
    operationId: "undoBatch",
    tag,
    permission: "receivables.undo_batch",
    summary: "Undo the last batch of a source by a compensating batch",
    params: z.object({ batchId: Id }),
    reply: BatchUndone,
    handle: ({ actor, params, services }) => undoBatch(services, actor, params.batchId, isInUse),
  }),
];

/** The routes of the room. `isInUse` tells whether a message rests on a batch; `app/` plugs in correspondence. */
export const receivablesRoutes = (ports: { isBatchInUse?: BatchInUse } = {}): Route[] => [
  ...itemRoutes,
  ...statusRoutes,
  ...reportRoutes,
  ...differenceRoutes,
  ...batchRoutes(ports.isBatchInUse),
];
