import fc from "fast-check";
import { expect, test } from "vitest";
import { importFaultText } from "#contracts/import-faults.ts";
import { EUR } from "#kernel/money.ts";
import { decode850, looksLike850 } from "../code-page-850.ts";
import { type Fault, FileRefused } from "../fault.ts";
import { fecSurveyor } from "../fec/fec-entries.ts";
import { fiscalYearOf } from "../fec/fec-items.ts";
import type { Chunks } from "../read-text.ts";
import { mapHeaders } from "../table/columns.ts";
import { ledgerDialectOf, parseLedger } from "./dialects.ts";
import { type LedgerDialect, type LedgerLine, ledgerItem } from "./ledger-line.ts";
import { sageParties } from "./sage.ts";

const chunksOf = (text: string): Chunks =>
  async function* () {
    const content = Buffer.from(text);
    for (let at = 0; at < content.length; at += 50) yield content.subarray(at, at + 50);
  };

async function read(dialect: LedgerDialect, text: string): Promise<{ lines: LedgerLine[]; faults: Fault[] }> {
  const lines: LedgerLine[] = [];
  const faults: Fault[] = [];
  for await (const batch of parseLedger(dialect, chunksOf(text), "utf-8", (fault) => faults.push(fault)))
    lines.push(...batch);
  return { lines, faults };
}

function items(lines: readonly LedgerLine[]) {
  const surveyor = fecSurveyor((account) => account.startsWith("411"));
  for (const line of lines) surveyor.add(line);
  const survey = surveyor.survey();
  const fiscalYear = fiscalYearOf(survey, undefined);
  if (!fiscalYear) return [];
  return lines
    .filter((line) => line.compteNum.startsWith("411"))
    .flatMap((line) => ledgerItem(line, { survey, bookCurrency: EUR, fiscalYear }) ?? []);
}

/** Texts put at 1-based columns. */
const row = (...parts: (readonly [at: number, text: string])[]): string => {
  let line = "";
  for (const [at, text] of parts) line = line.padEnd(at - 1) + text;
  return line;
};
type Tra = {
  nature?: string;
  account: string;
  type?: string;
  aux?: string;
  ref: string;
  due?: string;
  side: string;
  amount: string;
  no: string;
};
const tra = ({ nature = "FC", account, type = " ", aux = "", ref, due = "01011900", side, amount, no }: Tra) =>
  row(
    [1, "VTE"],
    [4, "15012026"],
    [12, nature],
    [14, account],
    [31, type],
    [32, aux],
    [49, ref],
    [84, "LIBELLE"],
    [119, "VIR"],
    [122, due],
    [130, side],
    [131, amount.padStart(20)],
    [151, "N"],
    [152, no],
    [160, "EUR"],
    [173, "E--"],
  ).padEnd(222);
const TRA = [
  "***S5EXPJRLETE   0101190001011900",
  tra({
    account: "411000",
    type: "X",
    aux: "CDUPRE",
    ref: "FA2026-1",
    due: "14022026",
    side: "D",
    amount: "1200,00",
    no: "12",
  }),
  tra({ account: "706000", ref: "FA2026-1", side: "C", amount: "1000,00", no: "12" }),
  tra({ account: "706000", type: "A", aux: "SECT1", ref: "FA2026-1", side: "C", amount: "1000,00", no: "12" }),
  tra({ account: "445710", ref: "FA2026-1", side: "C", amount: "200,00", no: "12" }),
  tra({
    nature: "RC",
    account: "411000",
    type: "X",
    aux: "CDUPRE",
    ref: "VIR 7",
    side: "C",
    amount: "500,00",
    no: "13",
  }),
  tra({ nature: "RC", account: "512000", ref: "VIR 7", side: "D", amount: "500,00", no: "13" }),
].join("\r\n");

test("Cegid TRA: analytic lines are left out, due days and natures are those of the file", async () => {
  const { lines, faults } = await read("tra", TRA);
  expect([lines.length, faults]).toEqual([5, []]);
  expect(items(lines)).toMatchObject([
    {
      controlAccount: "411000",
      auxiliary: "CDUPRE",
      kind: "invoice",
      documentNo: "FA2026-1",
      dueOn: "2026-02-14",
      bookMinor: 120_000n,
      paymentMethod: "VIR",
      postedOn: "2026-01-15",
      letter: null,
      fiscalYear: null,
    },
    { auxiliary: "CDUPRE", kind: "payment", bookMinor: -50_000n, dueOn: "2026-01-15" },
  ]);
});

const sage = (fields: Record<number, string>) => [
  "#MECG",
  ...Array.from({ length: 30 }, (_, index) => fields[index] ?? ""),
];
const SAGE = [
  "#FLG 000",
  "#VER 25",
  "#DEV EUR",
  "#MPCT",
  "DUPRE",
  "Dupré & Fils",
  "0",
  "4110000",
  "",
  "",
  "M. Dupré",
  "12 rue Haute",
  "Bât. B",
  "35000",
  "Rennes",
  "",
  "France",
  "",
  "",
  "",
  "",
  "FR32123456782",
  "12345678200011",
  "02 99 00 00 00",
  "compta@dupre.example",
  "#MCTT",
  "Martin",
  "Jeanne",
  "0",
  "Comptable",
  "0299000001",
  "",
  "",
  "jeanne@dupre.example",
  "#MPCT",
  "FOURNI",
  "Un fournisseur",
  "1",
  "4010000",
  "#MCTT",
  "Autre",
  "Personne",
  "0",
  "x",
  "",
  "",
  "",
  "autre@fournisseur.example",
  ...sage({
    0: "VT",
    1: "150126",
    2: "150126",
    3: "12",
    4: "FA2026-1",
    6: "4110000",
    8: "DUPRE",
    10: "Facture",
    11: "1",
    12: "140226",
    16: "0",
    17: "1200,00",
    18: "AA",
  }),
  ...sage({ 0: "VT", 1: "150126", 3: "12", 4: "FA2026-1", 6: "7060000", 10: "Facture", 16: "1", 17: "1200,00" }),
  ...sage({ 0: "BQ", 1: "100226", 3: "3", 6: "4110000", 8: "DUPRE", 10: "Virement", 16: "1", 17: "1200,00", 18: "AA" }),
  ...sage({ 0: "BQ", 1: "100226", 3: "3", 6: "5120000", 10: "Virement", 16: "0", 17: "1200,00" }),
].join("\r\n");

test("Sage: blank fields keep their place, letters and names come along", async () => {
  const { lines, faults } = await read("sage", SAGE);
  expect([lines.length, faults]).toEqual([4, []]);
  expect(items(lines)).toMatchObject([
    {
      controlAccount: "4110000",
      auxiliary: "DUPRE",
      accountName: "Dupré & Fils",
      kind: "invoice",
      documentNo: "FA2026-1",
      dueOn: "2026-02-14",
      letter: "AA",
      bookMinor: 120_000n,
    },
    { kind: "payment", letter: "AA", bookMinor: -120_000n },
  ]);
});

test("Sage: customers and their contacts are tables whose headers map by themselves; suppliers are left out", async () => {
  const table = async (kind: "customers" | "contacts") => {
    const rows = [];
    for await (const batch of sageParties(chunksOf(SAGE), "utf-8", kind)) rows.push(...batch.map((one) => one.cells));
    return rows;
  };
  const [headers = [], ...customers] = await table("customers");
  expect(mapHeaders("customers", headers).filter((field) => field !== undefined)).toEqual([
    "customerNumber",
    "customerName",
    "address",
    "postalCode",
    "city",
    "country",
    "siren",
    "vatNumber",
    "phone",
    "email",
  ]);
  expect(customers).toEqual([
    [
      "DUPRE",
      "Dupré & Fils",
      "4110000",
      "12 rue Haute, Bât. B",
      "35000",
      "Rennes",
      "France",
      "12345678200011",
      "FR32123456782",
      "02 99 00 00 00",
      "compta@dupre.example",
    ],
  ]);
  const [, ...contacts] = await table("contacts");
  expect(contacts).toEqual([["DUPRE", "Martin", "Jeanne", "Comptable", "0299000001", "jeanne@dupre.example"]]);
});

const pnm = (parts: { account: string; aux?: string; side: string; amount: string; due?: string }) =>
  row(
    [1, "VTE"],
    [4, "150126"],
    [10, "FC"],
    [12, parts.account],
    [25, parts.aux ? "X" : " "],
    [26, parts.aux ?? ""],
    [39, "FA2026-1"],
    [52, "Facture"],
    [77, "V"],
    [78, parts.due ?? ""],
    [84, parts.side],
    [85, parts.amount.padStart(20)],
    [105, "N"],
    [106, "12"],
  );
const PNM = [
  "MA SOCIETE",
  pnm({ account: "411000", aux: "DUPRE", side: "D", amount: "1200.00", due: "140226" }),
  pnm({ account: "706000", side: "C", amount: "1200.00" }),
].join("\r\n");
const quadra = (account: string, side: string, due = "") =>
  row(
    [1, "M"],
    [2, account],
    [10, "VE"],
    [12, "000"],
    [15, "150126"],
    [22, "Facture"],
    [42, side],
    [43, "+000000120000"],
    [64, due],
    [70, "AB"],
    [75, "00012"],
    [108, "EUR"],
    [111, "VEN"],
  );
const QUADRA = [
  row([1, "C"], [2, "9DUPRE"], [10, "Dupré et fils"]),
  quadra("9DUPRE", "D", "140226"),
  quadra("70600000", "C"),
].join("\r\n");

test("PNM and Quadra: one invoice each", async () => {
  for (const [dialect, text] of [
    ["pnm", PNM],
    ["quadra", QUADRA],
  ] as const) {
    const { lines, faults } = await read(dialect, text);
    expect([dialect, lines.length, faults]).toEqual([dialect, 2, []]);
    expect(items(lines)).toMatchObject([
      { controlAccount: "411000", kind: "invoice", dueOn: "2026-02-14", bookMinor: 120_000n },
    ]);
  }
  expect(items((await read("quadra", QUADRA)).lines)[0]).toMatchObject({
    auxiliary: "9DUPRE",
    accountName: "Dupré et fils",
    letter: "AB",
  });
});

test("each file is told by its first lines, and nothing else is", () => {
  const told = (text: string) => ledgerDialectOf(text.split("\r\n"));
  expect([TRA, SAGE, PNM, QUADRA].map(told)).toEqual(["tra", "sage", "pnm", "quadra"]);
  for (const other of [
    "JournalCode\tJournalLib",
    "Client;Facture;Date;Montant\r\nA;F1;01/02/2026;1,00",
    "",
    "Montant\r\nM1",
    ":20:X",
  ])
    expect(told(other)).toBeUndefined();
});

test("what cannot be read is refused line by line with its place", async () => {
  const bad = TRA.replace("1200,00", "12OO,00").replaceAll("15012026RC", "32012026RC");
  const { lines, faults } = await read("tra", `${bad}\r\nshort`);
  expect(lines).toHaveLength(2);
  expect(faults.map((fault) => [fault.code, fault.line])).toEqual([
    ["impossible_amount", 2],
    ["impossible_date", 6],
    ["impossible_date", 7],
    ["too_few_columns", 8],
  ]);
});

test("code page 850", () => {
  expect(decode850(Buffer.from([0x82, 0x85, 0x8a, 0x87, 0x88, 0xf8, 0x41]))).toBe("éàèçê°A");
  expect(looksLike850(Buffer.from([0x44, 0x75, 0x70, 0x72, 0x82]))).toBe(true);
  expect(looksLike850(Buffer.from("Dupré", "latin1"))).toBe(false);
});

const RUNS = Number(process.env["ENCOURS_FUZZ_RUNS"] ?? 200);
test("damaged files end in lines or reasons", { timeout: 60_000 + RUNS * 20 }, async () => {
  const change = fc.record({
    at: fc.nat(3_000),
    cut: fc.nat(20),
    put: fc.oneof(
      fc.constantFrom("\n", "#", "#MECG", "***", "\0", "__proto__", "D", "99999999999999999999"),
      fc.string({ unit: "binary", maxLength: 4 }),
    ),
  });
  const texts = fc.constantFrom<[LedgerDialect, string]>(
    ["tra", TRA],
    ["sage", SAGE],
    ["pnm", PNM],
    ["quadra", QUADRA],
  );
  await fc.assert(
    fc.asyncProperty(texts, fc.array(change, { maxLength: 8 }), async ([dialect, good], changes) => {
      let text = good;
      for (const { at, cut, put } of changes) {
        const place = at % (text.length + 1);
        text = text.slice(0, place) + put + text.slice(place + cut);
      }
      try {
        const { lines, faults } = await read(dialect, text);
        for (const { code } of faults) expect(importFaultText(code, "fr", {})).not.toBe(code);
        for (const item of items(lines)) expect(item.bookMinor).not.toBe(0n);
        if (dialect === "sage")
          for (const kind of ["customers", "contacts"] as const)
            for await (const batch of sageParties(chunksOf(text), "utf-8", kind))
              expect(batch.length).toBeGreaterThan(0);
      } catch (error) {
        if (!(error instanceof FileRefused)) throw error;
      }
    }),
    { numRuns: RUNS },
  );
});
