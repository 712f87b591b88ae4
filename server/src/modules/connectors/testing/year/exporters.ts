import { mkdir, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { TestDatabase } from "../../../../../testing/database.ts";
import type { TestServices } from "../../../../../testing/services.ts";
import { closePush, openPush, pushRows } from "../../actions/push.ts";
import { runSource } from "../../actions/run-source.ts";
import type { RunRecord } from "../../store/run-store.ts";
import { sage100Connector } from "../../systems/sage100/sage100.ts";
import { sageBooks } from "../../systems/sage100/testing/sage-books.ts";
import { aSource, runNow } from "../sources.ts";
import type { Entry } from "./books.ts";

/** One way in which the books leave the accounting system every evening, and come in here. */
export type Exporter = {
  readonly name: string;
  /** A deletion can be told. */
  readonly tellsDeletions: boolean;
  /** What is open of each entry follows from its letters; due days come along. */
  readonly tellsItems: boolean;
  /** Balances of past days follow from posting days; else only today's do. */
  readonly tellsPast: boolean;
  start(t: TestDatabase, services: TestServices, companyId: string): Promise<Evening>;
};
export type Evening = {
  sync(today: CalendarDate, entries: readonly Entry[]): Promise<RunRecord>;
  close(): Promise<void>;
};

const decimal = (cents: number) => (cents / 100).toFixed(2);
const comma = (cents: number) => decimal(cents).replace(".", ",");

/** Files in a watched folder; `write` gives name and text, or nothing to export today. */
const folderExporter = (
  name: string,
  traits: Pick<Exporter, "tellsDeletions" | "tellsItems" | "tellsPast">,
  settings: Record<string, string>,
  write: () => (today: CalendarDate, entries: readonly Entry[]) => { file: string; text: string } | undefined,
): Exporter => ({
  name,
  ...traits,
  start: async (t, services, companyId) => {
    const place = path.join(services.inbox, t.tenant, companyId);
    await mkdir(place, { recursive: true });
    const sourceId = await aSource(t, services, {
      connector: "folder",
      settings: { folder: companyId, ...settings },
      companies: [{ companyId }],
    });
    const exported = write();
    return {
      sync: async (today, entries) => {
        const one = exported(today, entries);
        if (one) {
          const at = path.join(place, one.file);
          await writeFile(at, one.text);
          await utimes(at, new Date(0), new Date(0));
        }
        return runNow(t, services, sourceId);
      },
      close: async () => {},
    };
  },
});

const HEAD = "Client;Facture;Date;Echeance;Montant;Lettrage\n";
const csvRow = (one: Entry) =>
  [one.customer, one.document, one.day, one.due, decimal(one.cents), one.letter ?? ""].join(";");
const csv = (entries: readonly Entry[]) => `${HEAD}${entries.map(csvRow).join("\n")}\n`;

const FEC_HEAD =
  "JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\tPieceRef\tPieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise";
function fecLines(one: Entry): string[] {
  const on = one.day.replaceAll("-", "");
  const sides = (cents: number) => (cents >= 0 ? [comma(cents), "0,00"] : ["0,00", comma(-cents)]);
  const head = one.isCash ? ["BQ", "Banque", one.id, on] : ["VE", "Ventes", one.id, on];
  const letter = one.letter ?? "";
  const own = [
    "411000",
    "Clients",
    one.customer,
    `Client ${one.customer}`,
    one.document,
    on,
    one.id,
    ...sides(one.cents),
    letter,
  ];
  const other = [
    one.isCash ? "512000" : "706000",
    "Contrepartie",
    "",
    "",
    one.document,
    on,
    one.id,
    ...sides(-one.cents),
    "",
  ];
  return [own, other].map((cells) => [...head, ...cells, letter && cells === own ? on : "", on, "", ""].join("\t"));
}

export const EXPORTERS: readonly Exporter[] = [
  folderExporter(
    "full CSV extract",
    { tellsDeletions: true, tellsItems: true, tellsPast: true },
    { content: "items", coverage: "full" },
    () => (today, entries) => (entries.length > 0 ? { file: `all-${today}.csv`, text: csv(entries) } : undefined),
  ),
  folderExporter(
    "CSV movements",
    { tellsDeletions: false, tellsItems: true, tellsPast: true },
    { content: "items", coverage: "movements" },
    () => {
      let told = new Map<string, string>();
      return (today, entries) => {
        const rows = new Map(entries.map((one) => [one.id, csvRow(one)]));
        const news = [...rows].filter(([id, row]) => told.get(id) !== row).map(([, row]) => row);
        told = rows;
        return news.length > 0 ? { file: `new-${today}.csv`, text: `${HEAD}${news.join("\n")}\n` } : undefined;
      };
    },
  ),
  folderExporter(
    "CSV of what is open",
    { tellsDeletions: true, tellsItems: false, tellsPast: false },
    { content: "items", coverage: "open_snapshot" },
    () => (today, entries) => {
      const open = entries.filter((one) => one.letter === null);
      return open.length > 0
        ? { file: `open-${today}.csv`, text: csv(open.map((one) => ({ ...one, letter: null }))) }
        : undefined;
    },
  ),
  folderExporter(
    "FEC of the year so far",
    { tellsDeletions: true, tellsItems: false, tellsPast: true },
    { content: "fec", coverage: "full" },
    () => (_today, entries) =>
      entries.length > 0
        ? { file: "123456789FEC20251231.txt", text: `${[FEC_HEAD, ...entries.flatMap(fecLines)].join("\n")}\n` }
        : undefined,
  ),
  {
    name: "pushed changes and keys",
    tellsDeletions: true,
    tellsItems: true,
    tellsPast: true,
    start: async (t, services, companyId) => {
      const sourceId = await aSource(t, services, { connector: "push", companies: [{ companyId }] });
      let told = new Map<string, string>();
      return {
        sync: async (_today, entries) => {
          const coverage = { kind: "movements" as const, asOf: null, from: null, to: null };
          const opened = await openPush(services, t.actor(), { sourceId, coverage });
          if (!opened.ok) throw new Error(opened.code);
          const { id } = opened.value.run;
          const bodies = new Map(entries.map((one) => [one.id, bodyOf(one)]));
          const news = [...bodies].filter(([key, row]) => told.get(key) !== JSON.stringify(row)).map(([, row]) => row);
          told = new Map([...bodies].map(([key, row]) => [key, JSON.stringify(row)]));
          if (news.length > 0) await pushRows(services, t.actor(), id, "item", news);
          await pushRows(services, t.actor(), id, "present", [{ keys: entries.map((one) => one.id) }]);
          const closing = { hasAllOrders: false, skipRefused: false, settlesLeftovers: false, reached: {} };
          await closePush(services, t.actor(), id, closing);
          const run = await runSource(services, t.actor(), id);
          if (!run) throw new Error("the run is gone");
          return run;
        },
        close: async () => {},
      };
    },
  },
  {
    name: "Sage 100",
    tellsDeletions: true,
    tellsItems: true,
    tellsPast: true,
    start: async (t, services, companyId) => {
      const books = sageBooks(t.ownerUrl);
      const connector = sage100Connector(books.open);
      const sourceId = await aSource(t, services, {
        connector: "sage100",
        settings: { host: "sage.example", user: "encours" },
        secrets: { password: "x" },
        companies: [{ companyId, part: `y${companyId}` }],
      });
      return {
        sync: async (_today, entries) => {
          await books.hold(`y${companyId}`, entries);
          return runNow(t, services, sourceId, () => connector);
        },
        close: books.close,
      };
    },
  },
];

const bodyOf = (one: Entry) => ({
  key: one.id,
  auxiliary: one.customer,
  kind: one.isCash ? (one.cents < 0 ? "payment" : "rejection") : one.cents < 0 ? "credit_note" : "invoice",
  documentNo: one.document,
  postedOn: one.day,
  dueOn: one.due,
  amount: { minor: String(one.cents), currency: "EUR" },
  letter: one.letter,
});
