import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addDays, type CalendarDate, day } from "#kernel/calendar-date.ts";
import { newId } from "#kernel/ids.ts";
import { openItems } from "#modules/receivables/index.ts";
import { sql } from "#platform/database/index.ts";
import { aSellingCompany } from "../../../../testing/company.ts";
import { aTestDatabase, type TestDatabase } from "../../../../testing/database.ts";
import { type TestServices, testServices } from "../../../../testing/services.ts";
import type { ImportRecord } from "../store/import-store.ts";
import { runImport } from "./run-import.ts";
import { startImport } from "./start-import.ts";

// Random small ledgers, written as files and read back, held against a plain model: what an account owes on a day is the sum of what
// was booked on it until then.

let t: TestDatabase;
let services: TestServices;
let folder: string;
beforeAll(async () => {
  t = await aTestDatabase();
  services = testServices(t);
  folder = await mkdtemp(path.join(tmpdir(), "encours-test-round-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await t.close();
});

const RUNS = Number(process.env["ENCOURS_ROUND_TRIPS"] ?? 4);
const TODAY = day("2026-11-21");
const FIRST = day("2024-01-01");
const DAYS = ["2024-03-31", "2024-07-15", "2024-12-31", "2025-01-01", "2025-06-30", "2025-12-31"].map((text) =>
  day(text),
);

type Booking = {
  readonly no: string;
  readonly journal: "VE" | "BQ";
  readonly on: CalendarDate;
  readonly aux: string;
  readonly ref: string;
  /** Debit − credit of the customer's account, one line for each. */
  readonly lines: readonly bigint[];
  readonly letter: string;
};

const deal = fc.record({
  shape: fc.constantFrom("open", "paid", "part", "unlettered", "credit", "twins", "advance"),
  aux: fc.integer({ min: 1, max: 3 }),
  at: fc.integer({ min: 0, max: 700 }),
  lag: fc.integer({ min: 0, max: 150 }),
  minor: fc.bigInt({ min: 2n, max: 99_999n }),
});
type Deal = typeof deal extends fc.Arbitrary<infer T> ? T : never;

/** An invoice and what became of it, as bookings. */
function bookingsOf({ shape, aux, at, lag, minor }: Deal, index: number): Booking[] {
  const on = addDays(FIRST, at);
  const ref = `F${index}`;
  const paidOn = addDays(on, lag);
  const isSameYear = on.slice(0, 4) === paidOn.slice(0, 4);
  const letter = isSameYear && shape !== "unlettered" ? `A${String.fromCharCode(65 + (index % 26))}${index}` : "";
  const sale = { no: `V${index}`, journal: "VE" as const, on, aux: `C${aux}`, ref, letter: "" };
  const paid = { no: `B${index}`, journal: "BQ" as const, on: paidOn, aux: `C${aux}`, ref, letter };
  if (shape === "open") return [{ ...sale, lines: [minor] }];
  if (shape === "credit") return [{ ...sale, lines: [-minor] }];
  if (shape === "advance") return [{ ...paid, letter: "", lines: [-minor] }];
  if (shape === "twins") return [{ ...sale, lines: [minor, minor] }];
  const lower = letter.toLowerCase();
  if (shape === "part")
    return [
      { ...sale, letter: lower, lines: [minor] },
      { ...paid, letter: lower, lines: [-(minor / 2n)] },
    ];
  return [
    { ...sale, letter, lines: [minor] },
    { ...paid, lines: [-minor] },
  ];
}

const euros = (minor: bigint): string => {
  const text = String(minor < 0n ? -minor : minor).padStart(3, "0");
  return `${minor < 0n ? "-" : ""}${text.slice(0, -2)},${text.slice(-2)}`;
};
const compact = (on: CalendarDate) => on.replaceAll("-", "");
const HEADER =
  "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|PieceDate|EcritureLib|Debit|Credit|EcritureLet|DateLet|ValidDate|Montantdevise|Idevise";
const CONTRA = { VE: "706000", BQ: "512000", AN: "890000" } as const;

function fecRows(one: Omit<Booking, "journal"> & { journal: keyof typeof CONTRA }): string[] {
  const row = (account: string, aux: string, minor: bigint, letter: string) =>
    [
      one.journal,
      { VE: "Ventes", BQ: "Banque", AN: "À nouveaux" }[one.journal],
      one.no,
      compact(one.on),
      account,
      account,
      aux,
      aux && `Client ${aux}`,
      one.ref,
      compact(one.on),
      `Pièce ${one.ref}`,
      minor > 0n ? euros(minor) : "0,00",
      minor < 0n ? euros(-minor) : "0,00",
      letter,
      "",
      compact(one.on),
      "",
      "",
    ].join("|");
  return one.lines.flatMap((minor) => [
    row("411000", one.aux, minor, one.letter),
    row(CONTRA[one.journal], "", -minor, ""),
  ]);
}

/** Opening lines of the second year: one per account, or one for each booking not lettered in the first. */
function openingRows(before: readonly Booking[], isDetailed: boolean): string[] {
  const on = day("2025-01-01");
  if (isDetailed) {
    const left = before.filter((one) => one.letter === "" || one.letter !== one.letter.toUpperCase());
    return left.flatMap((one) => fecRows({ ...one, no: "1", journal: "AN", on, letter: "" }));
  }
  return ["C1", "C2", "C3"].flatMap((aux) => {
    const sum = total(before, aux, on);
    return sum === 0n ? [] : fecRows({ no: "1", journal: "AN", on, aux, ref: "", letter: "", lines: [sum] });
  });
}

const sumOf = (values: readonly bigint[]) => values.reduce((sum, value) => sum + value, 0n);
const total = (bookings: readonly Booking[], aux: string, on: CalendarDate): bigint =>
  sumOf(bookings.filter((one) => one.aux === aux && one.on <= on).flatMap((one) => one.lines));

const company = () => aSellingCompany(t);

async function load(fileName: string, rows: readonly string[], companyId: string): Promise<ImportRecord> {
  const at = path.join(folder, newId());
  await writeFile(at, rows.join("\r\n"));
  const started = await startImport(services, t.actor(), { fileName, path: at, kind: "auto", companyId });
  if (!started.ok) throw new Error(JSON.stringify(started));
  const ran = await runImport(services, t.actor(), started.value.id, "apply", TODAY, at);
  if (!ran.ok) throw new Error(JSON.stringify(ran));
  expect(ran.value, JSON.stringify(ran.value.report)).toMatchObject({ state: "applied", report: { refusedRows: 0 } });
  return ran.value;
}

async function openOf(companyId: string, asOf: CalendarDate): Promise<Record<string, bigint>> {
  const rows = await t.db.transaction(t.tenant, (tx) =>
    tx.rows<{ aux: string; minor: bigint }>(sql`
      select a.auxiliary as aux, sum(o.open_book_minor)::bigint as minor
      from ${openItems(tx, asOf, "ledger")} o
      join parties.account a on a.tenant_id = ${tx.tenant} and a.account_id = o.account_id
      where a.company_id = ${companyId}
      group by a.auxiliary`),
  );
  return Object.fromEntries(rows.filter((row) => row.minor !== 0n).map((row) => [row.aux, row.minor]));
}

/** What a company's accounts should owe on a day. */
const modelOf = (bookings: readonly Booking[], on: CalendarDate): Record<string, bigint> =>
  Object.fromEntries(
    ["C1", "C2", "C3"].map((aux) => [aux, total(bookings, aux, on)] as const).filter(([, sum]) => sum !== 0n),
  );

async function expectModel(companyId: string, bookings: readonly Booking[], days = DAYS): Promise<void> {
  for (const on of days) expect([on, await openOf(companyId, on)]).toEqual([on, modelOf(bookings, on)]);
}

const ledger = fc.array(deal, { minLength: 1, maxLength: 14 }).map((deals) => deals.flatMap(bookingsOf));
const yearOf = (bookings: readonly Booking[], year: string) => bookings.filter((one) => one.on.startsWith(year));
const settings = { numRuns: RUNS, endOnFailure: RUNS <= 4 };

test("two years of a ledger, either one first, tie to the sum of their bookings", async () => {
  await fc.assert(
    fc.asyncProperty(ledger, fc.boolean(), fc.boolean(), async (all, isDetailed, isLastFirst) => {
      const [first, second] = [yearOf(all, "2024"), yearOf(all, "2025")];
      const files = [
        { name: "1FEC20241231.txt", rows: [HEADER, ...first.flatMap(fecRows)] },
        { name: "1FEC20251231.txt", rows: [HEADER, ...openingRows(first, isDetailed), ...second.flatMap(fecRows)] },
      ].filter((file) => file.rows.length > 1);
      if (isLastFirst) files.reverse();
      const companyId = await company();
      for (const file of files) {
        expect((await load(file.name, file.rows, companyId)).report?.proof?.isTied ?? true).toBe(true);
      }
      await expectModel(companyId, [...first, ...second]);
      for (const file of files) {
        const { counts } = (await load(file.name, file.rows, companyId)).report ?? {};
        expect(counts).toMatchObject({ new: 0, changed: 0, void: 0 });
      }
      await expectModel(companyId, [...first, ...second]);
    }),
    settings,
  );
}, 600_000);

test("overlapping parts of a year are their union, equal bookings counted as often as they stand", async () => {
  await fc.assert(
    fc.asyncProperty(ledger, fc.boolean(), async (all, isNamed) => {
      const year = yearOf(all, "2024");
      fc.pre(year.length > 1);
      const cut = Math.ceil(year.length / 3);
      const companyId = await company();
      const name = isNamed ? "1FEC20241231.txt" : "ecritures.txt";
      for (const part of [year.slice(0, cut * 2), year.slice(cut), year])
        await load(name, [HEADER, ...part.flatMap(fecRows)], companyId);
      await expectModel(companyId, year);
    }),
    settings,
  );
}, 600_000);

test("a list of invoices and payments ties, twice as once", async () => {
  await fc.assert(
    fc.asyncProperty(ledger, async (all) => {
      const slashed = (on: CalendarDate) => on.split("-").reverse().join("/");
      const rows = [
        "Client;N° pièce;Type;Date;Montant;Règle la pièce",
        ...all.flatMap((one) =>
          one.lines.map((minor) => {
            const kind = one.journal === "BQ" ? "Règlement" : minor < 0n ? "Avoir" : "Facture";
            const [no, pays] = one.journal === "BQ" ? [one.no, one.ref] : [one.ref, ""];
            return [one.aux, no, kind, slashed(one.on), `${euros(minor)} €`, pays].join(";");
          }),
        ),
      ];
      const companyId = await company();
      await load("pieces.csv", rows, companyId);
      await expectModel(companyId, all, [...DAYS, day("2026-11-20")]);
      const { counts } = (await load("pieces.csv", rows, companyId)).report ?? {};
      expect(counts).toMatchObject({ new: 0, changed: 0, void: 0 });
    }),
    settings,
  );
}, 600_000);
