import { z } from "zod";
import { messageListQuery } from "#contracts/correspondence.ts";
import { TaskQuery } from "#contracts/tasks.ts";
import { done, refuse } from "#kernel/result.ts";
import { type ExportCell, type ExportFormat, exportStream, MEDIA_TYPES, moneyCell } from "#platform/export/index.ts";
import { asFile, type Call, type Route, route } from "#platform/http/index.ts";

// Lists that are exported by asking the very operation that shows them, page after page: what is exported is what is shown.

type Row = Readonly<Record<string, unknown>>;
type Page = { readonly rows: readonly Row[]; readonly next: string | null };

/** How a list becomes columns. */
type Columns = {
  readonly name: string;
  readonly headers: { readonly fr: readonly string[]; readonly en: readonly string[] };
  readonly cells: (row: Row) => ExportCell[];
};

const text = (value: unknown): string | null => (value === null || value === undefined ? null : String(value));
const amount = (value: unknown): ExportCell => {
  const money = value as { minor: string; currency: string } | null;
  return money ? moneyCell(money.minor, money.currency) : null;
};
const currencyOf = (value: unknown): string | null => (value as { currency: string } | null)?.currency ?? null;

const MESSAGES: Columns = {
  name: "messages",
  headers: {
    fr: [
      "Client",
      "Destinataire",
      "Adresse",
      "Niveau",
      "Objet",
      "Montant",
      "Devise",
      "Pièces",
      "État",
      "Raison",
      "Bac à sable",
      "Accepté le",
    ],
    en: [
      "Customer",
      "Recipient",
      "Address",
      "Level",
      "Subject",
      "Amount",
      "Currency",
      "Items",
      "State",
      "Reason",
      "Sandbox",
      "Accepted at",
    ],
  },
  cells: (row) => [
    text(row["customerName"]),
    text(row["recipientName"]),
    text(row["recipient"]),
    text(row["stepKey"]),
    text(row["subject"]),
    amount(row["amount"]),
    currencyOf(row["amount"]),
    Number(row["itemCount"]),
    text(row["state"]),
    text(row["reason"]),
    String(row["sandbox"]),
    text(row["acceptedAt"]),
  ],
};

const TASKS: Columns = {
  name: "tasks",
  headers: {
    fr: ["Tâche", "Client", "Échéance", "À qui", "État", "Créée le", "Terminée le"],
    en: ["Task", "Customer", "Due", "Assignee", "State", "Created at", "Completed at"],
  },
  cells: (row) => [
    text(row["title"]),
    text(row["customerName"]),
    { day: text(row["dueOn"]) },
    text(row["assigneeName"] ?? row["ownerName"]),
    text(row["state"]),
    text(row["createdAt"]),
    text(row["completedAt"]),
  ],
};

const DECISIONS: Columns = {
  name: "run",
  headers: {
    fr: [
      "Décision",
      "Raison",
      "Numéro client",
      "Nom client",
      "Société",
      "Étape",
      "Destinataire",
      "Pièces",
      "Montant",
      "Devise",
    ],
    en: [
      "Decision",
      "Reason",
      "Customer number",
      "Customer name",
      "Company",
      "Step",
      "Recipient",
      "Items",
      "Amount",
      "Currency",
    ],
  },
  cells: (row) => [
    text(row["bucket"]),
    text(row["code"]),
    text(row["customerNumber"]),
    text(row["customerName"]),
    text(row["companyName"]),
    text(row["stepKey"]),
    text(row["recipient"]),
    Number(row["itemCount"]),
    amount(row["amount"]),
    currencyOf(row["amount"]),
  ],
};

/** The file of a list: first page at once, so that a refusal is a refusal and not half a file. */
async function listFile(list: Route, columns: Columns, format: ExportFormat, call: Call<unknown, object, unknown>) {
  if (list.permission !== "public" && !call.actor.permissions.has(list.permission))
    return refuse("not_permitted", { permission: list.permission });
  const pageAfter = (cursor: string | undefined) =>
    list.handle({ ...call, query: { ...call.query, limit: 500, ...(cursor ? { cursor } : {}) } });
  const first = await pageAfter(undefined);
  if (!first.ok) return first;
  async function* rows() {
    let page = first.ok ? (first.value as Page) : undefined;
    while (page) {
      yield page.rows.map(columns.cells);
      if (!page.next) return;
      const next = await pageAfter(page.next);
      if (!next.ok) throw new Error(`the list ended with ${next.code}`);
      page = next.value as Page;
    }
  }
  const table = { name: columns.name, headers: columns.headers[call.actor.language], rows: rows() };
  return done(
    asFile(exportStream(table, format, call.actor.language), MEDIA_TYPES[format], `${columns.name}.${format}`),
  );
}

const format = z.enum(["csv", "xlsx"]);

/** Exports of messages, tasks and the decisions of a run, over the operations that list them. */
export function listExportRoutes(routes: readonly Route[]): Route[] {
  const listed = (operationId: string): Route => {
    const found = routes.find((one) => one.operationId === operationId);
    if (!found) throw new Error(`no list ${operationId}`);
    return found;
  };
  const common = { method: "GET", tag: "exports", permission: "exports.read", file: true } as const;
  return [
    route({
      ...common,
      path: "/exports/messages.:format",
      operationId: "exportMessages",
      summary: "The list of messages as CSV or XLSX, all rows",
      params: z.object({ format }),
      query: messageListQuery.omit({ limit: true, cursor: true }),
      handle: (call) =>
        listFile(listed("listMessages"), MESSAGES, call.params.format, call as Call<unknown, object, unknown>),
    }),
    route({
      ...common,
      path: "/exports/tasks.:format",
      operationId: "exportTasks",
      summary: "The list of tasks as CSV or XLSX, all rows",
      params: z.object({ format }),
      query: TaskQuery.omit({ limit: true, cursor: true }),
      handle: (call) =>
        listFile(listed("listTasks"), TASKS, call.params.format, call as Call<unknown, object, unknown>),
    }),
    route({
      ...common,
      path: "/runs/:runId/decisions.:format",
      operationId: "exportDecisions",
      summary: "Who is written to in a run and who is not, with the reasons, as CSV or XLSX",
      params: z.object({ runId: z.uuid(), format }),
      query: listed("listDecisions").query ?? z.object({}),
      handle: (call) =>
        listFile(listed("listDecisions"), DECISIONS, call.params.format, call as Call<unknown, object, unknown>),
    }),
  ];
}
