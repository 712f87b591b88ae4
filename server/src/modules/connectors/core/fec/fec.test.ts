import { expect, test } from "vitest";
import { currency } from "#kernel/money.ts";
import type { Fault } from "../fault.ts";
import type { Chunks } from "../read-text.ts";
import { fecSurveyor } from "./fec-entries.ts";
import { fecItem, fiscalYearOf, isPaymentMeans } from "./fec-items.ts";
import { parseFec } from "./parse-fec.ts";

const NAMES =
  "JournalCode,JournalLib,EcritureNum,EcritureDate,CompteNum,CompteLib,CompAuxNum,CompAuxLib,PieceRef,PieceDate,EcritureLib,Debit,Credit,EcritureLet,DateLet,ValidDate,Montantdevise,Idevise".split(
    ",",
  );
const chunksOf = (content: Buffer): Chunks =>
  async function* () {
    for (let at = 0; at < content.length; at += 7) yield content.subarray(at, at + 7);
  };
async function read(text: string | Buffer, encoding: "utf-8" | "iso-8859-15" = "utf-8") {
  const faults: Fault[] = [];
  const lines = [];
  for await (const batch of parseFec(chunksOf(Buffer.from(text)), encoding, (fault) => faults.push(fault)))
    lines.push(...batch);
  return { lines, faults };
}
const line = (given: Partial<Record<string, string>>) =>
  NAMES.map(
    (name) =>
      given[name] ??
      {
        JournalCode: "VE",
        EcritureNum: "1",
        EcritureDate: "20250110",
        CompteNum: "411000",
        EcritureLib: "x",
        Debit: "0,00",
        Credit: "0,00",
      }[name] ??
      "",
  );

test.each([
  ["tab", "\t"],
  ["pipe", "|"],
  ["semicolon", ";"],
])("a FEC separated by %s with padded cells and CR LF is read", async (_name, separator) => {
  const text = `\ufeff${NAMES.join(separator)}\r\n${line({ Debit: " 000000000007760,45", CompAuxNum: " 7 ", JournalCode: "PA " }).join(separator)}\r\n\r\n`;
  const { lines, faults } = await read(text);
  expect(faults).toEqual([]);
  expect(lines).toMatchObject([{ line: 2, debit: 776045n, credit: 0n, compAuxNum: "7", journalCode: "PA" }]);
});

test("amounts as Montant and Sens, with a decimal point, with signs", async () => {
  const names = NAMES.map((name) => (name === "Debit" ? "Montant" : name === "Credit" ? "Sens" : name));
  const rows = [
    ["12.50", "D"],
    ["12.50", "C"],
    ["-3.00", "+1"],
    ["4.00", "-1"],
  ].map(([amount = "", sense = ""]) => line({ Debit: amount, Credit: sense }).join("\t"));
  const { lines, faults } = await read([names.join("\t"), ...rows].join("\n"));
  expect(faults).toEqual([]);
  expect(lines.map((one) => [one.debit, one.credit])).toEqual([
    [1250n, 0n],
    [0n, 1250n],
    [-300n, 0n],
    [0n, 400n],
  ]);
});

test("Latin-9 text keeps its accents and its euro", async () => {
  const bytes = Buffer.concat([
    Buffer.from(`${NAMES.join("\t")}\n`),
    Buffer.from(line({ EcritureLib: "R\u00e9glement \u00a4", Debit: "1,00" }).join("\t"), "latin1"),
  ]);
  expect((await read(bytes, "iso-8859-15")).lines[0]?.ecritureLib).toBe("Réglement €");
});

test("a bad cell is refused with its line and column, the others are read", async () => {
  const rows = [
    line({ EcritureDate: "20250231" }),
    line({ Debit: "12,345" }),
    line({ Montantdevise: "1,00", Idevise: "XXQ" }),
    ["VE", "only"],
    line({ Debit: "5,00" }),
  ];
  const { lines, faults } = await read([NAMES.join("\t"), ...rows.map((row) => row.join("\t"))].join("\n"));
  expect(faults.map(({ code, line: at, column }) => [code, at, column])).toEqual([
    ["impossible_date", 2, "EcritureDate"],
    ["impossible_amount", 3, "Debit"],
    ["unknown_currency", 4, "Idevise"],
    ["too_few_columns", 5, "2"],
  ]);
  expect(lines).toHaveLength(1);
});

test("what a line is shows in its entry: sale, payment, credit note, opening, rejection", async () => {
  const entry = (num: string, journal: string, rows: Partial<Record<string, string>>[]) =>
    rows.map((row) => line({ EcritureNum: num, JournalCode: journal, ...row }).join("\t"));
  const text = [
    NAMES.join("\t"),
    ...entry("1", "VE", [
      { Debit: "120,00" },
      { CompteNum: "706000", Credit: "100,00" },
      { CompteNum: "445710", Credit: "20,00" },
    ]),
    ...entry("2", "BQ", [{ Credit: "120,00" }, { CompteNum: "512000", Debit: "120,00" }]),
    ...entry("3", "VE", [{ Credit: "12,00" }, { CompteNum: "709000", Debit: "12,00" }]),
    ...entry("4", "AN", [
      { Debit: "50,00", EcritureDate: "20250101" },
      { CompteNum: "120000", Credit: "50,00", EcritureDate: "20250101" },
    ]),
    ...entry("5", "BQ", [
      { Debit: "120,00", EcritureLib: "Impayé prélèvement" },
      { CompteNum: "512000", Credit: "120,00" },
    ]),
    ...entry("6", "OD", [{ Debit: "1,00" }, { CompteNum: "658000", Credit: "1,00" }]),
  ].join("\n");
  const { lines } = await read(text);
  const surveyor = fecSurveyor((account) => account.startsWith("411"));
  for (const one of lines) surveyor.add(one);
  const survey = surveyor.survey();
  const fiscalYear = fiscalYearOf(survey, undefined);
  if (!fiscalYear) throw new Error("no year");
  const items = lines
    .filter((one) => one.compteNum === "411000")
    .map((one) => fecItem(one, { survey, bookCurrency: currency("EUR"), fiscalYear }));
  expect(items.map((item) => item?.kind)).toEqual([
    "invoice",
    "payment",
    "credit_note",
    "opening",
    "rejection",
    "other",
  ]);
  expect([...survey.entries.values()].every((one) => one.balance === 0n)).toBe(true);
});

test("means of payment and collective accounts are recognised", () => {
  for (const name of [
    "CB",
    "Carte bancaire",
    "ESPÈCES",
    "Chèques à encaisser",
    "Stripe",
    "Clients divers",
    "Ventes comptant",
  ])
    expect(isPaymentMeans(name), name).toBe(true);
  for (const name of ["CBA Conseil", "Cartonnages du Nord", "Stripes & Co", "Caissier Durand"])
    expect(isPaymentMeans(name), name).toBe(false);
});
