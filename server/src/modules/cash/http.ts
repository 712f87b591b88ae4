import { createHash } from "node:crypto";
import { z } from "zod";
import {
  BankAccount,
  BankAccountChange,
  BankAccountList,
  BankAccountWrite,
  BankFile,
  BankFileImported,
  BankFileQuery,
  Statement,
  StatementAccept,
  StatementPage,
  StatementQuery,
  StatementRefuse,
} from "#contracts/cash.ts";
import { Id, Instant } from "#contracts/common.ts";
import type { Uuid } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import { findCompany } from "#modules/parties/index.ts";
import type { Actor } from "#platform/actor.ts";
import {
  asFile,
  cutPage,
  EXACT_TOTAL,
  isRefused,
  type Route,
  readCursor,
  route,
  totalOf,
  versioned,
} from "#platform/http/index.ts";
import type { Services } from "#platform/services.ts";
import { type KnownLayout, keepLayout, knownLayouts } from "./actions/csv-layouts.ts";
import { acceptStatement, importFile, refuseStatement } from "./actions/decide-statements.ts";
import { addBankAccount, changeBankAccount } from "./actions/manage-bank-accounts.ts";
import { receiveFile } from "./actions/receive-file.ts";
import type { SourceFile } from "./core/source-statement.ts";
import { csvRoutes, type InspectBankCsv, layoutIn } from "./http-csv.ts";
import { lineRoutes } from "./http-lines.ts";
import { CASH_JOB, matchCash } from "./jobs.ts";
import { accountView, statementView } from "./statement-view.ts";
import { findBankAccount, listBankAccounts } from "./store/account-rows.ts";
import {
  countStatements,
  findFile,
  findStatement,
  listStatements,
  type StatementRow,
  statementsOfFile,
} from "./store/statement-rows.ts";

/**
 * Reads a bank file away from this process; refuses what no reader knows, in the caller's language. A CSV is read by the layout chosen for it,
 * else by a known one that fits; `bank_csv_needs_columns` asks for one.
 */
export type ReadBankFile = (
  content: Buffer,
  name: string,
  language: "fr" | "en",
  knowledge?: { readonly known?: readonly KnownLayout[]; readonly chosen?: KnownLayout },
) => Promise<Result<SourceFile, "file_refused" | "bank_csv_needs_columns">>;

const tag = "cash";
const MOST_BYTES = 64 * 1024 * 1024;
/** Lines that the caller waits for; more are a worker's. */
const AT_ONCE = 1_000;

const accountParams = z.object({ bankAccountId: Id });
const fileParams = z.object({ bankFileId: Id });
const statementParams = z.object({ statementId: Id });

async function fileView(services: Services, actor: Actor, id: Uuid) {
  return services.db.transaction(actor.tenant, async (tx) => {
    const file = await findFile(tx, id);
    if (!file) return refuse("not_found");
    const statements = await statementsOfFile(tx, id);
    const warnings = file.warnings.map(({ code, line }) => ({ code, line: line ?? null }));
    const { digest: _, ...shown } = file;
    return done({ ...shown, warnings, statements: statements.map(statementView) });
  });
}

/** What is known of CSV files: the layout that came with this one, else those kept for the accounts of its company or of all. */
async function saidAbout(services: Services, actor: Actor, query: z.output<typeof BankFileQuery>) {
  const layout = layoutIn(query.layout);
  if (layout === undefined) return refuse("invalid_request", { detail: "layout" });
  const { bankAccountId, companyId } = query;
  return services.db.transaction(actor.tenant, async (tx) => {
    if (!layout) return done({ knowledge: { known: await knownLayouts(tx, companyId ?? null) }, keep: undefined });
    const account = bankAccountId ? await findBankAccount(tx, bankAccountId) : undefined;
    if (!account) return refuse("unknown_bank_account");
    const chosen = { layout, account: account.identifier, currency: account.currency };
    return done({ knowledge: { chosen }, keep: { bankAccountId: account.id, layout } });
  });
}

const decided = (result: Result<StatementRow>) => versioned(result.ok ? done(statementView(result.value)) : result);

/** Matches what has just come: at once where that is quick, else by a worker. */
async function match(services: Services, actor: Actor, lines: number) {
  await services.db.transaction(actor.tenant, (tx) => services.jobs.enqueue(tx, "search.refresh", {}));
  if (lines <= AT_ONCE) {
    const { posted, returns } = await matchCash(services, { id: actor.tenant, zone: actor.zone });
    return { posted, returns, isQueued: false };
  }
  await services.db.transaction(actor.tenant, (tx) => services.jobs.enqueue(tx, CASH_JOB, {}));
  return { posted: 0, returns: 0, isQueued: true };
}

const bankAccountRoutes: Route[] = [
  route({
    method: "GET",
    path: "/bank-accounts",
    operationId: "listBankAccounts",
    tag,
    permission: "cash.read",
    summary: "Bank accounts of the companies, with their last statement",
    reply: BankAccountList,
    handle: async ({ actor, services }) => {
      const rows = await services.db.transaction(actor.tenant, listBankAccounts);
      return done({ rows: rows.map(accountView) });
    },
  }),
  route({
    method: "POST",
    path: "/bank-accounts",
    operationId: "addBankAccount",
    tag,
    permission: "cash.write",
    status: 201,
    summary: "Make a bank account known; statements that only lacked it can then be imported",
    body: BankAccountWrite,
    reply: BankAccount,
    handle: async ({ actor, body, services }) => {
      const made = await addBankAccount(services, actor, body);
      return versioned(made.ok ? done(accountView(made.value)) : made);
    },
  }),
  route({
    method: "PUT",
    path: "/bank-accounts/:bankAccountId",
    operationId: "changeBankAccount",
    tag,
    permission: "cash.write",
    summary: "Rename a bank account, close it or open it again",
    params: accountParams,
    body: BankAccountChange,
    reply: BankAccount,
    handle: async ({ actor, params, body, ifMatch, services }) => {
      const changed = await changeBankAccount(services, actor, params.bankAccountId, body, ifMatch);
      return versioned(changed.ok ? done(accountView(changed.value)) : changed);
    },
  }),
];

const fileRoutes = (readBankFile: ReadBankFile): Route[] => [
  route({
    method: "POST",
    path: "/bank-files",
    operationId: "uploadBankFile",
    tag,
    permission: "cash.write",
    status: 201,
    summary: "Upload a file of bank statements or returns and see the verdict; nothing is used yet",
    query: BankFileQuery,
    upload: { maxBytes: MOST_BYTES },
    reply: BankFile,
    handle: async ({ actor, query, upload, services, today }) => {
      if (!upload) return refuse("invalid_request", { detail: "file" });
      const { companyId } = query;
      const isOwn = !companyId || (await services.db.transaction(actor.tenant, (tx) => findCompany(tx, companyId)));
      if (!isOwn) return refuse("unknown_company");
      const said = await saidAbout(services, actor, query);
      if (!said.ok) return said;
      const { knowledge, keep } = said.value;
      const read = await readBankFile(upload.content, upload.name, actor.language, knowledge);
      if (!read.ok) return read;
      const { content } = upload;
      const digest = createHash("sha256").update(content).digest("hex");
      await services.db.transaction(actor.tenant, async (tx) => {
        await services.files.put(tx, content);
        if (keep) await keepLayout(tx, actor, keep.bankAccountId, keep.layout);
      });
      const received = {
        name: upload.name,
        digest,
        sizeBytes: content.length,
        file: read.value,
        companyId: companyId ?? null,
      };
      return fileView(services, actor, await receiveFile(services, actor, received, today));
    },
  }),
  route({
    method: "GET",
    path: "/bank-files/:bankFileId",
    operationId: "getBankFile",
    tag,
    permission: "cash.read",
    summary: "A bank file with the verdict on each of its statements",
    params: fileParams,
    reply: BankFile,
    handle: ({ actor, params, services }) => fileView(services, actor, params.bankFileId),
  }),
  route({
    method: "GET",
    path: "/bank-files/:bankFileId/file",
    operationId: "downloadBankFile",
    tag,
    permission: "cash.read",
    file: true,
    summary: "The bank's file as it was uploaded",
    params: fileParams,
    handle: async ({ actor, params, services }) =>
      services.db.transaction(actor.tenant, async (tx) => {
        const file = await findFile(tx, params.bankFileId);
        const content = file && (await services.files.get(tx, file.digest));
        return content ? done(asFile(content, "application/octet-stream", file.name)) : refuse("not_found");
      }),
  }),
  route({
    method: "POST",
    path: "/bank-files/:bankFileId/import",
    operationId: "importBankFile",
    tag,
    permission: "cash.write",
    summary: "Import the statements of a file that nothing stands against, and match their lines",
    params: fileParams,
    reply: BankFileImported,
    handle: async ({ actor, params, services }) => {
      const imported = await importFile(services, actor, params.bankFileId);
      if (!imported.ok) return imported;
      return done({ ...imported.value, ...(await match(services, actor, imported.value.lines)) });
    },
  }),
];

const statementRoutes: Route[] = [
  route({
    method: "GET",
    path: "/bank-statements",
    operationId: "listBankStatements",
    tag,
    permission: "cash.read",
    summary: "Bank statements, newest first",
    query: StatementQuery,
    reply: StatementPage,
    handle: async ({ actor, query, services }) => {
      const after = readCursor(query.cursor, [Instant, Id]);
      if (isRefused(after)) return after;
      const { found, count } = await services.db.transaction(actor.tenant, async (tx) => ({
        found: await listStatements(tx, query, { limit: query.limit + 1, after }),
        count: await countStatements(tx, query, EXACT_TOTAL),
      }));
      const { rows, next } = cutPage(found, query.limit, (row) => [row.at, row.id]);
      return done({ rows: rows.map(({ at: _, ...row }) => statementView(row)), next, total: totalOf(count) });
    },
  }),
  route({
    method: "GET",
    path: "/bank-statements/:statementId",
    operationId: "getBankStatement",
    tag,
    permission: "cash.read",
    summary: "One bank statement with its verdict",
    params: statementParams,
    reply: Statement,
    handle: async ({ actor, params, services }) => {
      const found = await services.db.transaction(actor.tenant, (tx) => findStatement(tx, params.statementId));
      return versioned(found ? done(statementView(found)) : refuse("not_found"));
    },
  }),
  route({
    method: "POST",
    path: "/bank-statements/:statementId/accept",
    operationId: "acceptBankStatement",
    tag,
    permission: "cash.write",
    summary: "Import a statement although something stands against it, with the reason",
    params: statementParams,
    body: StatementAccept,
    reply: Statement,
    handle: async ({ actor, params, body, ifMatch, services }) => {
      const accepted = await acceptStatement(services, actor, params.statementId, body, ifMatch);
      if (accepted.ok) await match(services, actor, accepted.value.lineCount);
      return decided(accepted);
    },
  }),
  route({
    method: "POST",
    path: "/bank-statements/:statementId/refuse",
    operationId: "refuseBankStatement",
    tag,
    permission: "cash.write",
    summary: "Turn a statement away, with the reason",
    params: statementParams,
    body: StatementRefuse,
    reply: Statement,
    handle: async ({ actor, params, body, ifMatch, services }) =>
      decided(await refuseStatement(services, actor, params.statementId, body.reason, ifMatch)),
  }),
];

/** Every operation of this room; the readers are where parsing lives. */
export const cashRoutes = (readBankFile: ReadBankFile, inspectBankCsv: InspectBankCsv): Route[] => [
  ...bankAccountRoutes,
  ...fileRoutes(readBankFile),
  ...csvRoutes(inspectBankCsv),
  ...statementRoutes,
  ...lineRoutes,
];
