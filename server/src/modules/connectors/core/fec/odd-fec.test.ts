import { expect, test } from "vitest";
import { EUR } from "#kernel/money.ts";
import type { Fault } from "../fault.ts";
import { type Chunks, natureOf } from "../read-text.ts";
import { fecSurveyor } from "./fec-entries.ts";
import { fecItem, fiscalYearOf } from "./fec-items.ts";
import { parseFec } from "./parse-fec.ts";

const NAMES =
  "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|PieceDate|EcritureLib|Debit|Credit|EcritureLet|DateLet|ValidDate|Montantdevise|Idevise";

const isWanted = (account: string) => account.startsWith("411");

async function read(text: string) {
  const chunks: Chunks = async function* () {
    yield Buffer.from(text);
  };
  const faults: Fault[] = [];
  const lines = [];
  for await (const batch of parseFec(chunks, "utf-8", (fault) => faults.push(fault), isWanted)) lines.push(...batch);
  const surveyor = fecSurveyor(isWanted);
  for (const one of lines) surveyor.add(one);
  const survey = surveyor.survey();
  const fiscalYear = fiscalYearOf(survey, undefined);
  if (!fiscalYear) throw new Error("no year");
  const items = lines
    .filter((one) => isWanted(one.compteNum))
    .map((one) => fecItem(one, { survey, bookCurrency: EUR, fiscalYear }));
  return { items, faults: faults.map(({ code, line, column }) => [code, line, column]), survey };
}

const line = (cells: Partial<Record<string, string>>) =>
  NAMES.split("|")
    .map((name) => cells[name] ?? { JournalCode: "VE", EcritureNum: "1", EcritureDate: "20250101" }[name] ?? "")
    .join("|");

test("four more columns, other case, accents and blanks in the header under a title", async () => {
  const header = `"${NAMES.replace("EcritureDate", "Écriture Date").replace("Debit", "Débit").toUpperCase().replaceAll("|", '"|"')}"|"DATERGLT"|"MODERGLT"|"NATOP"|"IDCLIENT"`;
  const row = `"VE"|"Ventes"|"1"|"31/01/2025"|"41100000"|"Clients"|"C1"|"A ""B"" | C"|"F1"|"2025-01-30"|"x"|"1 234,56"|""|"a"|""|""|""|""|"20250201"|"VIR"|""|""`;
  const { items, faults } = await read(`Export du 21/11/2026\n${header}\n${row}\n\n \n`);
  expect(faults).toEqual([]);
  expect(items).toMatchObject([
    { controlAccount: "41100000", auxiliary: "C1", accountName: 'A "B" | C', minor: 123456n, postedOn: "2025-01-31" },
  ]);
  expect(items[0]).toMatchObject({ issuedOn: "2025-01-30", letter: "a" });
});

test("labels with quotes stay whole; the customer may be in the account itself; negative debits", async () => {
  const { items, faults } = await read(
    [
      NAMES,
      line({
        CompteNum: "411DUPONT",
        CompteLib: '"Dupont" SA',
        EcritureLib: '"Le Bon',
        Debit: "-12,00",
        PieceRef: "A1",
      }),
      line({ CompteNum: "70600", Credit: "-12,00", PieceDate: "99999999", Idevise: "??", Montantdevise: "x" }),
      line({ CompteNum: "411DUPONT", Debit: "5,00-", PieceDate: "00000000", Montantdevise: "-5,00", Idevise: "Euro" }),
      line({ CompteNum: "70600", Debit: "5,00" }),
    ].join("\n"),
  );
  expect(faults).toEqual([]);
  expect(items).toMatchObject([
    { controlAccount: "411DUPONT", auxiliary: "", accountName: '"Dupont" SA', minor: -1200n, kind: "credit_note" },
    { minor: -500n, issuedOn: "2025-01-01" },
  ]);
});

test("a decimal point is found even when the first amounts tell nothing", async () => {
  const { items } = await read(
    [NAMES, line({ CompteNum: "411", Debit: "125.000" }), line({ CompteNum: "706", Credit: "125.0" }), ""].join("\n"),
  );
  expect(items[0]?.minor).toBe(12500n);
});

test("totals and filling bytes are left out, a line cut before its amounts is refused", async () => {
  const cut = line({ CompteNum: "411", EcritureLib: "x", Debit: "12,00" }).split("|").slice(0, 12).join("|");
  const { faults, survey } = await read(
    `${[NAMES, line({ CompteNum: "411", Debit: "12,00" }), "||||||||||TOTAL|12,00|12,00|||||", cut].join("\r\n")}\0\0\u001a`,
  );
  expect(faults).toEqual([
    ["totals_left_out", 3, undefined],
    ["too_few_columns", 4, "12"],
  ]);
  expect(survey.lines).toBe(1);
  expect(natureOf(Buffer.from("a;b\n1;2\n\0\0"))).toBe("text");
  expect(natureOf(Buffer.from("\0\0"))).toBe("binary");
});

test.each([
  ["AN", "", "", true],
  ["ANC", "", "", true],
  ["RAN", "Report", "", true],
  ["A NOUVEAU", "", "", true],
  ["À-NOUVEAUX", "", "", true],
  ["OUVERTURE", "", "", true],
  ["X1", "Journal des à nouveaux", "", true],
  ["OD", "", "Solde d'ouverture", true],
  ["OD", "", "Report à nouveau F12", true],
  ["AN", "Banque Annecy", "Virement", false],
  ["BQ", "Banque", "Règlement frais d'ouverture", false],
])("journal %s %s with label %s opens the year: %s", async (JournalCode, JournalLib, EcritureLib, expected) => {
  const { items } = await read(
    [NAMES, line({ JournalCode, JournalLib, EcritureLib, CompteNum: "411", Credit: "5,00" })].join("\n"),
  );
  expect(items[0]?.isOpening).toBe(expected);
});

test("lines that stand alone in their entry are told by their journal", async () => {
  const { items } = await read(
    [
      NAMES,
      line({ JournalCode: "VT", CompteNum: "411", Debit: "5,00", EcritureNum: "1" }),
      line({ JournalCode: "VT", CompteNum: "706", Credit: "5,00", EcritureNum: "2" }),
      line({ JournalCode: "BQ1", CompteNum: "411", Credit: "5,00", EcritureNum: "3" }),
      line({ JournalCode: "BQ1", CompteNum: "512", Debit: "5,00", EcritureNum: "4" }),
    ].join("\n"),
  );
  expect(items.map((item) => item?.kind)).toEqual(["invoice", "payment"]);
});
