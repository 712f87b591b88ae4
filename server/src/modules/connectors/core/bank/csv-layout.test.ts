import { expect, test } from "vitest";
import { type CsvLayout, guessLayout, type KnownLayout } from "./csv-layout.ts";
import { inspectCsv } from "./inspect-csv.ts";
import { type CsvKnowledge, readBank, readGivenBank } from "./read-bank.ts";

const IBAN = "FR7630006000011234567890189";
const PLAIN = [
  "02/03/2026;04/03/2026;VIR DUPRE SA FACT 12;1 250,00;2 250,00",
  "03/03/2026;03/03/2026;FRAIS;-5,50;2 244,50",
];
const layout = (more: Partial<CsvLayout> = {}): CsvLayout => ({
  separator: ";",
  header: [],
  firstLine: 1,
  columns: ["bookedOn", "valueOn", "label", "amount", "balance"],
  decimalMark: ",",
  dayOrder: "dmy",
  ...more,
});
const known = (more: Partial<CsvLayout> = {}, account = IBAN): KnownLayout => ({
  layout: layout(more),
  account,
  currency: "EUR",
});
const read = (lines: readonly string[], knowledge: CsvKnowledge = {}) =>
  readGivenBank(Buffer.from(lines.join("\r\n")), knowledge);
const refusal = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return (error as { fault?: { code: string } }).fault?.code;
  }
  return undefined;
};

test("a table without words about itself asks for its layout; with one it is a statement of that account", () => {
  expect(refusal(() => read(PLAIN))).toBe("csv_not_mapped");
  expect(refusal(() => readBank(Buffer.from(PLAIN.join("\n"))))).toBe("not_a_statement");
  expect(refusal(() => read(["Bonjour,", "voici notre relevé"]))).toBe("not_a_statement");
  const [statement] = read(PLAIN, { chosen: known() }).statements;
  expect(statement).toMatchObject({
    account: IBAN,
    currency: "EUR",
    from: "2026-03-02",
    to: "2026-03-03",
    opening: { minor: 100_000n },
    closing: { minor: 224_450n },
    chain: "ok",
  });
  expect(statement?.entries.map((one) => [one.bookedOn, one.valueOn, one.amountMinor, one.text])).toEqual([
    ["2026-03-02", "2026-03-04", 125_000n, "VIR DUPRE SA FACT 12"],
    ["2026-03-03", "2026-03-03", -550n, "FRAIS"],
  ]);
});

test("a kept layout is found again by its header wherever it stands, or by the number of cells", () => {
  const header = ["Dt", "Vl", "Txt", "Mvt", "Sld"];
  const one = known({ header });
  const file = read(["Export du 04/03/2026", "", "DT;VL;txt;Mvt;Sld;;", ...PLAIN], { known: [one] });
  expect(file.statements[0]?.entries.length).toBe(2);
  expect(refusal(() => read(["Dt;Vl;Txt;Montants", ...PLAIN], { known: [one] }))).toBe("csv_not_mapped");
  expect(read(PLAIN, { known: [known()] }).statements[0]?.account).toBe(IBAN);
  expect(
    refusal(() =>
      read(
        PLAIN.map((line) => `${line};x`),
        { known: [known()] },
      ),
    ),
  ).toBe("csv_not_mapped");
});

test("where two accounts have files that look alike, the one that the file or its name mentions is taken", () => {
  const other = "DE89370400440532013000";
  const both = [known(), known({}, other)];
  expect(refusal(() => read(PLAIN, { known: both }))).toBe("csv_account_unclear");
  const named = (name: string) => read(PLAIN, { known: both, name }).statements[0]?.account;
  expect(named("releve 12345678901.csv")).toBe(IBAN);
  expect(named("DE89 3704 0044 0532 0130 00.csv")).toBe(other);
  expect(refusal(() => named(`${IBAN} ${other}.csv`))).toBe("csv_account_unclear");
});

test("a kept layout wins over a header that is understood otherwise; other formats are read as ever", () => {
  const lines = ["Date;Libellé;Montant;Montant net", "02/03/2026;VIR;100,00;97,00"];
  expect(read(lines).statements[0]?.entries[0]?.amountMinor).toBe(10_000n);
  const net = known({ header: (lines[0] ?? "").split(";"), columns: ["bookedOn", "label", null, "amount"] });
  expect(read(lines, { known: [net] }).statements[0]?.entries[0]?.amountMinor).toBe(9_700n);
  expect(read([":20:A", ":25:X", ":60F:C260301EUR1,"], { known: [known()] }).format).toBe("mt940");
});

test("a file that does not read by its layout is refused with the place; single faults name line and column", () => {
  expect(
    refusal(() => read(PLAIN, { chosen: known({ columns: ["label", "valueOn", "bookedOn", "amount", null] }) })),
  ).toBe("csv_layout_unfit");
  expect(refusal(() => read(PLAIN, { chosen: known({ columns: [null, "valueOn", "label", null, null] }) }))).toBe(
    "csv_columns_missing",
  );
  const { warnings } = read([...PLAIN, "04/03/2026;;X;douze;"], { chosen: known() });
  expect(warnings).toMatchObject([{ code: "impossible_amount", line: 3, column: "4", value: "douze" }]);
});

test("a first guess names days, amount, account and text, from headers where they help and from cells elsewhere", () => {
  // the last column is the balance: the amounts lead from one of its figures to the next
  expect(guessLayout(PLAIN.join("\n")).layout).toEqual(layout());
  const turned = PLAIN.map((line) => line.split(";")).map(([a, b, c, d, e]) => [e, a, b, c, d].join(";"));
  expect(guessLayout([...turned, "x;04/03/2026;;Y;douze"].join("\n")).layout.columns).toEqual([
    "balance",
    "bookedOn",
    "valueOn",
    "label",
    "amount",
  ]);
  const alone = PLAIN.map((line) => line.split(";").slice(0, 4).join(";"));
  expect(guessLayout(alone.join("\n")).layout.columns).toEqual(["bookedOn", "valueOn", "label", "amount"]);
  const english = [
    "Ref\tWhen\tWho\tSum",
    "A1\t03/28/2026\tDupre SA, invoice 12\t1,250.00",
    "A2\t03/29/2026\tFee\t-5.50",
  ];
  expect(guessLayout(english.join("\n")).layout).toMatchObject({
    separator: "\t",
    header: ["Ref", "When", "Who", "Sum"],
    firstLine: 2,
    columns: ["reference", "bookedOn", "label", "amount"],
    decimalMark: ".",
    dayOrder: "mdy",
  });
});

test("an inspection shows rows and result, or why there is none", () => {
  const ask = { separator: null, account: IBAN, currency: "EUR" };
  const content = Buffer.from(PLAIN.join("\n"));
  const guessed = inspectCsv(content, { ...ask, layout: null });
  expect([guessed.rowCount, guessed.rows[0]?.line, guessed.file?.statements[0]?.entries.length]).toEqual([2, 1, 2]);
  const none = inspectCsv(content, { ...ask, layout: layout({ columns: [null, null, null, null, null] }) });
  expect([none.file, none.reason]).toEqual([null, "csv_columns_missing"]);
  expect(refusal(() => inspectCsv(Buffer.from("<a/>"), { ...ask, layout: null }))).toBe("not_a_statement");
});
