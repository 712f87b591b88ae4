import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { BankCsvField, BankCsvLayout } from "#contracts/bank-csv.ts";
import type { Language } from "#contracts/common.ts";
import { importFaultText } from "#contracts/import-faults.ts";
import { readableNote } from "#contracts/mentions.ts";
import { currency, exponentOf, toDecimal } from "#kernel/money.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import { userNames } from "#modules/access/index.ts";
import {
  type InspectBankCsv,
  importFile,
  knownLayouts,
  type ReadBankFile,
  receiveFile,
  type SourceFile,
} from "#modules/cash/index.ts";
import { type FilePorts, FileRefused, inspectCsvFile, readBankFile, returnReason } from "#modules/connectors/index.ts";
import type { CreateTasks, TaskRequest } from "#modules/dunning/index.ts";
import type { TellMentioned } from "#modules/parties/index.ts";
import type { BatchInUse } from "#modules/receivables/index.ts";
import { createTasks, withdrawOccasion } from "#modules/tasks/index.ts";
import { sql, type Tx } from "#platform/database/index.ts";

// What lower rooms ask of higher ones: declared there, plugged in here.

/** A batch is in use once a message lists an item that it brought or changed. */
export const isBatchInUse: BatchInUse = async (tx, batchId) => {
  const row = await tx.maybeOne(sql`
    select 1 as one
    from receivables.item_version v
    join correspondence.message_item m on m.tenant_id = v.tenant_id and m.item_id = v.item_id
    join correspondence.message g on g.tenant_id = m.tenant_id and g.message_id = m.message_id
    where v.tenant_id = ${tx.tenant} and v.batch_id = ${batchId} and g.state not in ('planned', 'withdrawn')
    limit 1`);
  return row !== undefined;
};

const TITLES: Readonly<Record<TaskRequest["kind"], (amount: string) => string>> = {
  match: (amount) => `Lettrer ${amount} : le compte couvre l’échu`,
  complete_contact: (amount) => `Compléter le contact : ${amount} sans adresse`,
};

/** A title is kept as text, once for all readers, in the house's first language: "Lettrer 2 014,89 € : …". */
export function taskTitle({ kind, amount }: Pick<TaskRequest, "kind" | "amount">): string {
  const money = { minor: amount.minor, currency: currency(amount.currency) };
  const digits = exponentOf(money.currency);
  const format = new Intl.NumberFormat("fr-FR", {
    style: "currency",
    currency: money.currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  // as text, not as number: exact whatever the amount
  return TITLES[kind](format.format(toDecimal(money) as `${number}`));
}

/** What a plan leaves to people becomes tasks, one open task per cause. */
export const createDunningTasks: CreateTasks = async (tx, actor, tasks, asOf) => {
  const wanted = tasks.map((task) => ({
    kind: task.kind,
    title: taskTitle(task),
    details: null,
    customerId: task.customerId,
    dueOn: asOf,
    assigneeId: null,
    occasion: task.key,
  }));
  await createTasks(tx, actor, wanted);
};

/** Runs a reader on a private file that lives as long as the reading; what it refuses is said in words. */
async function privately<T>(
  content: Buffer,
  language: Language,
  read: (file: string) => Promise<T>,
): Promise<Result<T, "file_refused">> {
  const folder = await mkdtemp(path.join(tmpdir(), "encours-bank-"));
  try {
    const file = path.join(folder, "file");
    await writeFile(file, content, { mode: 0o600 });
    return done(await read(file));
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    const { code, line, column = "", value = "" } = error.fault;
    const text = importFaultText(code, language, { column, value });
    return refuse("file_refused", { detail: text, fault: code, line: line ?? 0, column });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Faults of a table that saying how its columns are to be read would mend. */
const NEEDS_COLUMNS = new Set(["csv_not_mapped", "csv_account_unclear", "csv_layout_unfit"]);

/** Reads a bank's file in the reading worker. */
export const readStatements: ReadBankFile = async (content, name, language, knowledge = {}) => {
  const read = await privately(content, language, async (file) =>
    withMeanings(await readBankFile(file, { name, ...knowledge })),
  );
  if (read.ok || knowledge.chosen || !NEEDS_COLUMNS.has(String(read.details["fault"]))) return read;
  return refuse("bank_csv_needs_columns", read.details);
};

/** Looks at a bank's table in the reading worker. */
export const inspectCsv: InspectBankCsv = (content, language, request) =>
  privately(content, language, async (file) => {
    const { layout, file: found, reason, ...seen } = await inspectCsvFile(file, request);
    const dayOrder = layout.dayOrder === "mdy" ? ("mdy" as const) : ("dmy" as const);
    // what is read of other tables of banks has no place in a layout that a person confirms
    const columns = layout.columns.map((column) => BankCsvField.safeParse(column).data ?? null);
    return {
      ...seen,
      layout: BankCsvLayout.parse({ ...layout, dayOrder, columns }),
      file: found && withMeanings(found),
      reason: reason && importFaultText(reason, language, { column: "", value: "" }),
      faults: (found?.warnings ?? []).map(({ code, line, column = "", value = "" }) => ({
        code,
        line,
        column: column || null,
        text: importFaultText(code, language, { column, value }),
      })),
    };
  });

/** What a national code means stands with it: the bank's own words first. */
function withMeanings(file: SourceFile): SourceFile {
  const textOf = (code: string | null) => (code ? (returnReason(code)?.meaning.fr ?? null) : null);
  return {
    ...file,
    statements: file.statements.map((statement) => ({
      ...statement,
      entries: statement.entries.map((entry) => ({
        ...entry,
        details: entry.details.map((detail) =>
          detail.reason
            ? { ...detail, reason: { ...detail.reason, text: detail.reason.text ?? textOf(detail.reason.code) } }
            : detail,
        ),
      })),
    })),
    returns: file.returns.map((one) => ({ ...one, reasonText: one.reasonText ?? textOf(one.reason) })),
  };
}

/** An endpoint that was turned off becomes a task. A title is kept as text, in the house's first language. */
export const askAboutWebhook = async (tx: Tx, endpoint: { id: string; name: string }): Promise<void> => {
  const title = `Webhook désactivé : ${endpoint.name}`;
  const rest = { details: null, customerId: null, dueOn: null, assigneeId: null };
  await createTasks(tx, { kind: "system", id: "webhooks" }, [
    { kind: "webhook_disabled", title, occasion: `webhook ${endpoint.id}`, ...rest },
  ]);
};

/** Bank files that a source found: kept, judged, and imported where nothing stands against them; the same content comes in once. */
export const filePorts: FilePorts = {
  takeBankFile: async (services, actor, { companyId, path: at, name, digest }, today) => {
    const isKnown = await services.db.transaction(actor.tenant, (tx) =>
      tx.maybeOne(
        sql`select 1 as one from cash.bank_file where tenant_id = ${tx.tenant} and digest = ${digest} limit 1`,
      ),
    );
    if (isKnown) return "known";
    const known = await services.db.transaction(actor.tenant, (tx) => knownLayouts(tx, companyId));
    const file = withMeanings(await readBankFile(at, { name, known }));
    const content = await readFile(at);
    await services.db.transaction(actor.tenant, (tx) => services.files.put(tx, content));
    const received = { name, digest, sizeBytes: content.length, file, companyId };
    const fileId = await receiveFile(services, actor, received, today);
    await importFile(services, actor, fileId);
    const held = await services.db.transaction(actor.tenant, (tx) =>
      tx.maybeOne(sql`
        select 1 as one from cash.statement
        where tenant_id = ${tx.tenant} and bank_file_id = ${fileId} and state <> 'imported'
        limit 1`),
    );
    return held ? "held" : "applied";
  },
};

const EXCERPT = 80;

/** Who is mentioned in a note gets one task that leads to it; who no longer is has it taken back. Titles are kept in the house's first language. */
export const tellMentioned: TellMentioned = async (tx, actor, note, { added, removed }) => {
  const names = await userNames(tx, tx.tenant);
  const occasion = (userId: string) => `mention ${note.id} ${userId}`;
  for (const userId of removed) await withdrawOccasion(tx, actor, occasion(userId));
  if (added.length === 0) return;
  const said = readableNote(note.text, (id) => names.get(id) ?? "?").replace(/\s+/g, " ");
  const excerpt = said.length > EXCERPT ? `${said.slice(0, EXCERPT - 1)}…` : said;
  const customer =
    note.subjectType === "customer"
      ? { id: note.subjectId }
      : await tx.maybeOne<{ id: string }>(sql`
          select a.customer_id as id
          from receivables.item i
          join parties.account_current a on a.tenant_id = i.tenant_id and a.account_id = i.account_id
          where i.tenant_id = ${tx.tenant} and i.item_id = ${note.subjectId}`);
  const tasks = added.map((userId) => ({
    kind: "mention",
    // who wrote and what stay out of the title: titles stand in the journal
    title: "Vous êtes mentionné dans une note",
    details: `${names.get(actor.id) ?? "Un collègue"} : ${excerpt}`,
    subjectType: note.subjectType === "customer" ? "note" : "item_note",
    subjectId: note.subjectType === "customer" ? note.id : note.subjectId,
    customerId: customer?.id ?? null,
    dueOn: null,
    assigneeId: userId,
    occasion: occasion(userId),
  }));
  await createTasks(tx, actor, tasks);
};
