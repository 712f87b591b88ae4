import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addDays, type CalendarDate, day } from "#kernel/calendar-date.ts";
import { openItems } from "#modules/receivables/index.ts";
import { sql } from "#platform/database/index.ts";
import { aSellingCompany } from "../../../../testing/company.ts";
import { aTestDatabase, type TestDatabase } from "../../../../testing/database.ts";
import { type TestServices, testServices } from "../../../../testing/services.ts";
import { withTemporaryFile } from "./import-file.ts";
import { runImport } from "./run-import.ts";
import { startImport } from "./start-import.ts";

// Random small ledgers written as packages write them and read back: what an account owes on a day is the sum of what was booked until then.

let t: TestDatabase;
let services: TestServices;
beforeAll(async () => {
  t = await aTestDatabase();
  services = testServices(t);
});
afterAll(() => t.close());

const RUNS = Number(process.env["ENCOURS_ROUND_TRIPS"] ?? 2);
const TODAY = day("2026-11-21");

const company = () => aSellingCompany(t);

async function load(content: Buffer | string, companyId: string, kind: "auto" | "customers" | "contacts" = "auto") {
  return withTemporaryFile(Buffer.from(content as string), async (file) => {
    const started = await startImport(services, t.actor(), { fileName: "export.txt", path: file, kind, companyId });
    if (!started.ok) throw new Error(JSON.stringify(started));
    const ran = await runImport(services, t.actor(), started.value.id, "apply", TODAY, file);
    if (!ran.ok) throw new Error(JSON.stringify(ran));
    expect(ran.value, JSON.stringify(ran.value.report)).toMatchObject({ state: "applied", report: { refusedRows: 0 } });
    return ran.value;
  });
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

type Booking = {
  no: string;
  journal: "VT" | "BQ";
  on: CalendarDate;
  aux: string;
  ref: string;
  minor: bigint;
  letter: string;
  dueOn: CalendarDate;
};

const deal = fc.record({
  shape: fc.constantFrom("open", "paid", "part", "advance"),
  aux: fc.integer({ min: 1, max: 3 }),
  at: fc.integer({ min: 0, max: 200 }),
  lag: fc.integer({ min: 0, max: 60 }),
  minor: fc.bigInt({ min: 2n, max: 99_999n }),
});
type Deal = typeof deal extends fc.Arbitrary<infer T> ? T : never;

function bookingsOf({ shape, aux, at, lag, minor }: Deal, index: number): Booking[] {
  const on = addDays(day("2026-01-01"), at);
  const letter = shape === "paid" || shape === "part" ? `A${index}` : "";
  const base = { aux: `9C${aux}`, ref: `${index + 100}`, letter, dueOn: addDays(on, 45) };
  const sale: Booking = { ...base, no: `${index + 100}`, journal: "VT", on, minor };
  const paid: Booking = {
    ...base,
    no: `${index + 600}`,
    journal: "BQ",
    on: addDays(on, lag),
    minor: shape === "part" ? -(minor / 2n) : -minor,
  };
  if (shape === "open") return [sale];
  if (shape === "advance") return [{ ...paid, letter: "" }];
  return [sale, paid];
}

const decimal = (minor: bigint) => {
  const text = String(minor < 0n ? -minor : minor).padStart(3, "0");
  return `${text.slice(0, -2)},${text.slice(-2)}`;
};
const packed = (on: CalendarDate, isLong: boolean) =>
  `${on.slice(8)}${on.slice(5, 7)}${isLong ? on.slice(0, 4) : on.slice(2, 4)}`;
const row = (...parts: (readonly [at: number, text: string])[]): string => {
  let line = "";
  for (const [at, text] of parts) line = line.padEnd(at - 1) + text;
  return line;
};
const CONTRA = { VT: "706000", BQ: "512000" } as const;
/** Both lines of a booking: the customer's, and the other one. */
const sidesOf = (one: Booking) => [
  { account: "411000", aux: one.aux, minor: one.minor, letter: one.letter },
  { account: CONTRA[one.journal], aux: "", minor: -one.minor, letter: "" },
];

const WRITERS: Readonly<Record<string, (bookings: readonly Booking[]) => string>> = {
  tra: (bookings) =>
    [
      "***S5EXPJRLSTD",
      ...bookings.flatMap((one) =>
        sidesOf(one).map((side) =>
          row(
            [1, one.journal],
            [4, packed(one.on, true)],
            [12, one.journal === "VT" ? "FC" : "RC"],
            [14, side.account],
            [31, side.aux && "X"],
            [32, side.aux],
            [49, one.ref],
            [84, "Libellé"],
            [122, packed(one.dueOn, true)],
            [130, side.minor > 0n ? "D" : "C"],
            [131, decimal(side.minor).padStart(20)],
            [151, "N"],
            [152, one.no],
            [160, "EUR"],
          ),
        ),
      ),
    ].join("\r\n"),
  sage: (bookings) =>
    [
      "#FLG 000",
      "#VER 25",
      ...bookings.flatMap((one) =>
        sidesOf(one).flatMap((side) => {
          const fields: Record<number, string> = {
            0: one.journal,
            1: packed(one.on, false),
            3: one.no,
            4: one.ref,
            6: side.account,
            8: side.aux,
            10: "Libellé",
            12: packed(one.dueOn, false),
            16: side.minor > 0n ? "0" : "1",
            17: decimal(side.minor),
            18: side.letter,
          };
          return ["#MECG", ...Array.from({ length: 40 }, (_, index) => fields[index] ?? "")];
        }),
      ),
      "#FIN",
    ].join("\r\n"),
  quadra: (bookings) =>
    bookings
      .flatMap((one) =>
        sidesOf(one).map((side) =>
          row(
            [1, "M"],
            [2, side.aux || side.account],
            [10, one.journal],
            [12, "000"],
            [15, packed(one.on, false)],
            [22, "Libelle"],
            [42, side.minor > 0n ? "D" : "C"],
            [43, `+${String(side.minor < 0n ? -side.minor : side.minor).padStart(12, "0")}`],
            [64, packed(one.dueOn, false)],
            [70, side.letter.slice(-2)],
            [75, one.no],
            [108, "EUR"],
            [111, one.journal],
          ),
        ),
      )
      .join("\r\n"),
};

test.each(Object.keys(WRITERS))(
  "%s: accounts owe what was booked on every day; the same file again and the next month change only what they must",
  async (format) => {
    const write = WRITERS[format];
    await fc.assert(
      fc.asyncProperty(fc.array(deal, { minLength: 1, maxLength: 10 }), async (deals) => {
        const all = deals.flatMap(bookingsOf);
        const companyId = await company();
        const half = all.filter((one) => one.on < "2026-05-01");
        const expectModel = async (bookings: readonly Booking[]) => {
          for (const on of ["2026-02-15", "2026-04-30", "2026-12-31"].map(day)) {
            const owed = new Map<string, bigint>();
            for (const one of bookings) if (one.on <= on) owed.set(one.aux, (owed.get(one.aux) ?? 0n) + one.minor);
            const model = Object.fromEntries([...owed].filter(([, minor]) => minor !== 0n).sort());
            expect([on, await openOf(companyId, on)]).toEqual([on, model]);
          }
        };
        if (half.length > 0) {
          const first = await load(write?.(half) ?? "", companyId);
          expect([first.format, first.kind]).toEqual([format, "fec"]);
          await expectModel(half);
        }
        await load(write?.(all) ?? "", companyId);
        await expectModel(all);
        const again = await load(write?.(all) ?? "", companyId);
        expect(again.report?.counts).toMatchObject({ new: 0, changed: 0, void: 0 });
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  },
);

test("Sage: third parties and their contacts come in as customers and contacts, in code page 850", async () => {
  const companyId = await company();
  const text = [
    "#FLG 000",
    "#MPCT",
    "9DUP",
    "Dupr\u0001",
    "0",
    "411000",
    "",
    "",
    "",
    "12 rue Haute",
    "",
    "35000",
    "Rennes",
    "",
    "France",
    "compta@dupre.example",
    "#MCTT",
    "Martin",
    "Jeanne",
    "0",
    "Comptable",
    "",
    "",
    "",
    "jeanne@dupre.example",
    "#FIN",
  ].join("\r\n");
  const content = Buffer.from(text, "latin1").map((byte) => (byte === 1 ? 0x82 : byte));
  const customers = await load(Buffer.from(content), companyId);
  expect([customers.format, customers.kind, customers.report?.counts]).toMatchObject(["sage", "customers", { new: 1 }]);
  const contacts = await load(Buffer.from(content), companyId, "contacts");
  expect([contacts.kind, contacts.report?.counts]).toMatchObject(["contacts", { new: 1 }]);
  const names = await t.db.transaction(t.tenant, (tx) =>
    tx.rows<{ name: string; city: string }>(
      sql`select name, city from parties.customer where tenant_id = ${tx.tenant} and number = '9DUP'`,
    ),
  );
  expect(names).toMatchObject([{ name: "Dupré" }]);
});
