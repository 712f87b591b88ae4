import { z } from "zod";
import { Empty, Id } from "#contracts/common.ts";
import {
  OffsetChange,
  OffsetId,
  OffsetList,
  OffsetQuery,
  OffsetWrite,
  SupplierAccountList,
  SupplierAccountQuery,
  SupplierBalancesKept,
  SupplierBalancesWrite,
} from "#contracts/credit.ts";
import { day } from "#kernel/calendar-date.ts";
import { done } from "#kernel/result.ts";
import { type Route, route } from "#platform/http/index.ts";
import {
  changeOffset,
  endOffset,
  findSuppliers,
  linkOffset,
  readOffsets,
  stateSupplierBalances,
} from "./actions/manage-offsets.ts";
import type { OffsetRow, SupplierRow } from "./store/offset-store.ts";

const tag = "credit";
const customerParams = z.object({ customerId: Id });
const offsetParams = z.object({ offsetId: Id });

const offsetView = ({ currency, owedMinor, supplierName, ...row }: OffsetRow) => ({
  ...row,
  supplierName: supplierName ?? row.supplierNo,
  owed: owedMinor === null ? null : { minor: String(owedMinor), currency },
});
const supplierView = ({ currency, owedMinor, ...row }: SupplierRow) => ({
  ...row,
  owed: { minor: String(owedMinor), currency },
});

function sums(rows: readonly OffsetRow[]) {
  const byCurrency = new Map<string, bigint>();
  for (const row of rows)
    if (row.owedMinor !== null) byCurrency.set(row.currency, (byCurrency.get(row.currency) ?? 0n) + row.owedMinor);
  return [...byCurrency].map(([currency, minor]) => ({ minor: String(minor), currency }));
}

/** Customers who also sell to us. */
export const offsetRoutes: Route[] = [
  route({
    method: "GET",
    path: "/customers/:customerId/offsets",
    operationId: "listOffsets",
    tag,
    permission: "receivables.read",
    summary: "What we owe a customer who also sells to us, by supplier account",
    params: customerParams,
    query: OffsetQuery,
    reply: OffsetList,
    handle: async ({ actor, params, query, services, today }) =>
      services.db.transaction(actor.tenant, async (tx) => {
        const asOf = query.asOf ? day(query.asOf) : today;
        const knownOn = query.knownOn ? day(query.knownOn) : undefined;
        const read = await readOffsets(tx, params.customerId, { asOf, knownOn });
        if (!read.ok) return read;
        const { rows, suggestions, supplierCount } = read.value;
        return done({
          rows: rows.map(offsetView),
          owed: sums(rows),
          supplierCount,
          suggestions: suggestions.map(supplierView),
        });
      }),
  }),
  route({
    method: "POST",
    path: "/customers/:customerId/offsets",
    operationId: "linkOffset",
    tag,
    permission: "customers.write",
    summary: "Say that a supplier account is this customer’s",
    params: customerParams,
    body: OffsetWrite,
    reply: OffsetId,
    status: 201,
    handle: ({ actor, params, body, services, today }) =>
      services.db.transaction(actor.tenant, (tx) => linkOffset(tx, actor, params.customerId, body, today)),
  }),
  route({
    method: "PUT",
    path: "/offsets/:offsetId",
    operationId: "changeOffset",
    tag,
    permission: "customers.write",
    summary: "Say whether set-off is agreed, from today on",
    params: offsetParams,
    body: OffsetChange,
    reply: OffsetId,
    handle: ({ actor, params, body, services, today }) =>
      services.db.transaction(actor.tenant, (tx) => changeOffset(tx, actor, params.offsetId, body, today)),
  }),
  route({
    method: "DELETE",
    path: "/offsets/:offsetId",
    operationId: "endOffset",
    tag,
    permission: "customers.write",
    summary: "A supplier account is no longer this customer’s",
    params: offsetParams,
    reply: Empty,
    handle: ({ actor, params, services, today }) =>
      services.db.transaction(actor.tenant, (tx) => endOffset(tx, actor, params.offsetId, today)),
  }),
  route({
    method: "GET",
    path: "/supplier-accounts",
    operationId: "listSupplierAccounts",
    tag,
    permission: "receivables.read",
    summary: "Supplier accounts of the books that are no customer’s yet",
    query: SupplierAccountQuery,
    reply: SupplierAccountList,
    handle: async ({ actor, query, services, today }) => {
      const rows = await services.db.transaction(actor.tenant, (tx) => findSuppliers(tx, query.text, today));
      return done({ rows: rows.map(supplierView) });
    },
  }),
  route({
    method: "POST",
    path: "/companies/:companyId/supplier-balances",
    operationId: "stateSupplierBalances",
    tag,
    permission: "imports.write",
    summary: "Balances of supplier accounts on a day; a FEC brings them by itself",
    params: z.object({ companyId: Id }),
    body: SupplierBalancesWrite,
    reply: SupplierBalancesKept,
    handle: ({ actor, params, body, services, today }) =>
      services.db.transaction(actor.tenant, (tx) =>
        stateSupplierBalances(
          tx,
          actor,
          params.companyId,
          { ...body, rows: body.rows.map((row) => ({ ...row, owedMinor: BigInt(row.owedMinor) })) },
          today,
        ),
      ),
  }),
];
