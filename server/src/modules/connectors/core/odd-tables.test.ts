import { expect, test } from "vitest";
import { EUR, parseCurrency } from "#kernel/money.ts";
import type { Fault } from "./fault.ts";
import { parseAmount, parseDay } from "./parse-value.ts";
import type { Chunks } from "./read-text.ts";
import { profileTable } from "./table/profile.ts";
import { separatorOf, textRecords } from "./table/records.ts";
import { itemReader, type TableDraft } from "./table/table-items.ts";

const chunksOf = (text: string): Chunks =>
  async function* () {
    yield Buffer.from(text);
  };

/** Reads a text table of items as the import does: profile first, then rows. */
async function read(text: string) {
  const separator = separatorOf(text.split("\n").filter((line) => line.trim() !== ""));
  const profile = await profileTable(textRecords(chunksOf(text), "utf-8", separator), "items");
  if (!profile) throw new Error("no header");
  const faults: Fault[] = [];
  const reader = itemReader(
    {
      ...profile,
      mapping: profile.mapping,
      currency: parseCurrency(profile.currency ?? "EUR") ?? EUR,
      bookCurrency: EUR,
      coverage: "movements",
    },
    (fault) => faults.push(fault),
  );
  const items: TableDraft[] = [];
  for await (const batch of textRecords(chunksOf(text), "utf-8", separator))
    for (const row of batch) if (row.line > profile.headerLine) items.push(...(reader.read(row) ?? []));
  const brief = items.map((item) => [item.auxiliary, item.documentNo, item.kind, item.minor, item.postedOn]);
  return { profile, items, brief, faults: faults.map((fault) => [fault.code, fault.line]), leftOut: reader.leftOut() };
}

test("a report with title, page headers, notes and totals, of a customer called Total", async () => {
  const { brief, faults, leftOut } = await read(
    [
      "Balance âgée des clients;;;",
      "Éditée le 21/11/2026;;;",
      ";;;",
      "Client;N° facture;Date;Montant TTC",
      "TotalEnergies;F1;05/01/2026;1 234,56",
      "Total Direct;F2;06/01/2026;10,00",
      "Total TotalEnergies;;;1 234,56",
      "Client;N° facture;Date;Montant TTC",
      "Dupont;F3;07/01/2026;(5,00)",
      "Total général;;;1 239,56",
      ";Total;;1 239,56",
      "Page 1/1;;;",
    ].join("\n"),
  );
  expect(faults).toEqual([]);
  expect(leftOut).toBe(5);
  expect(brief).toEqual([
    ["TotalEnergies", "F1", "invoice", 123456n, "2026-01-05"],
    ["Total Direct", "F2", "invoice", 1000n, "2026-01-06"],
    ["Dupont", "F3", "credit_note", -500n, "2026-01-07"],
  ]);
});

test("a ledger with a running balance is read by its debit and credit", async () => {
  const { brief } = await read(
    "Compte tiers;Date;Pièce;Libellé;Débit;Crédit;Solde\nC1;05/01/2026;F1;x;100,00;;100,00\nC1;09/01/2026;R1;y;;40,00;60,00\n",
  );
  expect(brief).toEqual([
    ["C1", "F1", "invoice", 10000n, "2026-01-05"],
    ["C1", "R1", "credit_note", -4000n, "2026-01-09"],
  ]);
});

test("a side in its own column, D and C", async () => {
  const { brief, faults } = await read(
    "Tiers;Date;Pièce;Type;Montant;Sens\nC1;05/01/2026;F1;Facture;100,00;D\nC1;09/01/2026;F1;Règlement;40,00;C\nC1;09/01/2026;F2;Facture;1,00;?\n",
  );
  expect(brief).toEqual([
    ["C1", "F1", "invoice", 10000n, "2026-01-05"],
    ["C1", "F1", "payment", -4000n, "2026-01-09"],
  ]);
  expect(faults).toEqual([["unknown_side", 4]]);
});

test("a payment that bears the number of an invoice pays it", async () => {
  const { items } = await read(
    "Client;Facture;Date;Type;Montant\nC1;F1;05/01/2026;Facture;100,00\nC1;F1;09/01/2026;Règlement;-40,00\n",
  );
  expect(items[1]).toMatchObject({ minor: -4000n, links: [{ documentNo: "F1" }] });
});

test("part paid on an unknown day leaves the rest; a balance beside a payment day leaves the balance", async () => {
  const undated = await read(
    "Client;Facture;Date;Montant;Montant réglé\nC1;F1;05/01/2026;100,00;40,00\nC1;F2;05/01/2026;50,00;0\nC1;F3;05/01/2026;50,00;50,00\n",
  );
  expect(undated.brief.map((one) => one[3])).toEqual([6000n, 5000n]);
  const dated = await read(
    "Client;Facture;Date;Montant;Date règlement;Solde\nC1;F1;05/01/2026;100,00;09/01/2026;60,00\n",
  );
  expect(dated.brief.map((one) => one[3])).toEqual([10000n, -4000n]);
});

test("American invoices: month first, decimal point, dollars, text numbers", async () => {
  const { profile, brief } = await read(
    'Customer,Invoice,Invoice Date,Due Date,Amount\n="0012",\'00987,1/26/2026,2/25/2026,"$1,234.56"\n="0012",F2,1/5/2026,2/4/2026,"($3.00)"\n',
  );
  expect(profile).toMatchObject({ dayOrder: "mdy", decimalMark: ".", currency: "USD" });
  expect(brief).toEqual([
    ["0012", "00987", "invoice", 123456n, "2026-01-26"],
    ["0012", "F2", "credit_note", -300n, "2026-01-05"],
  ]);
});

test("thousands without cents are thousands; a day of zeros is none", async () => {
  const american = await read(
    'Customer,Invoice,Date,Amount,Paid on\nA,1,1/25/2026,"1,000",0000-00-00\nA,2,1/25/2026,750,-\n',
  );
  expect(american.faults).toEqual([]);
  expect(american.brief.map((one) => one[3])).toEqual([100000n, 75000n]);
  const french = await read("Client;Facture;Date;Montant\nA;1;25/01/2026;1.000\nA;2;25/01/2026;750\n");
  expect(french.brief.map((one) => one[3])).toEqual([100000n, 75000n]);
});

test("German headers and a number that a spreadsheet damaged", async () => {
  const { brief, faults } = await read(
    "Kunden-Nr.;Rechnungs-Nr.;Rechnungsdatum;Fälligkeit;Betrag (EUR)\n10001;R1;05.01.2026;04.02.2026;1.234,56\n10001;1,23E+14;05.01.2026;04.02.2026;7,00\n",
  );
  expect(brief).toEqual([["10001", "R1", "invoice", 123456n, "2026-01-05"]]);
  expect(faults).toEqual([["mangled_number", 3]]);
});

test("a status tells what is paid; a bare number is the document's; a client beside its code is a name", async () => {
  const { profile, brief, faults } = await read(
    "Code client;Client;Numéro;Date;Montant TTC;Statut\nC1;Dupont;F1;05/01/2026;100,00;Payée\nC1;Dupont;F2;05/01/2026;50,00;En retard\nC1;Dupont;F3;05/01/2026;7,00;Partiellement payée\n",
  );
  expect(profile.mapping).toEqual(["customerNumber", "customerName", "documentNo", "issuedOn", "amount", "paidAmount"]);
  expect(brief).toEqual([["C1", "F2", "invoice", 5000n, "2026-01-05"]]);
  expect(faults).toEqual([["impossible_amount", 4]]);
});

test("a row with a day but without customer is refused, not taken for a total", async () => {
  const { faults } = await read("Client;Facture;Date;Montant\nC1;F1;05/01/2026;1,00\n;;06/01/2026;2,00\n");
  expect(faults).toEqual([["customer_missing", 3]]);
});

test.each([
  ["28 févr. 2026", "2026-02-28"],
  ["28-Feb-2026", "2026-02-28"],
  ["28. Februar 2026", "2026-02-28"],
  ["1er août 2026", "2026-08-01"],
  ["Feb 28, 2026", "2026-02-28"],
  ["3 Mar 26", "2026-03-03"],
  ["2/28/2026 10:05:00 PM", undefined],
  ["46081.75", "2026-02-28"],
  ["31 Feb 2026", undefined],
  ["28 foo 2026", undefined],
] as const)("day %s", (text, expected) => {
  expect(parseDay(text, "dmy")).toBe(expected);
});

test.each([
  ["-$5.00", ".", "USD", -500n],
  ["($1,234.56)", ".", "USD", -123456n],
  ["1 234,56 euros", ",", "EUR", 123456n],
  ["12,5 USD", ",", "EUR", undefined],
  ["$ 12", ",", "EUR", undefined],
  ["CHF 1’234.50", ".", "CHF", 123450n],
  ["12,00 +", ",", "EUR", 1200n],
  ["1234.5", ",", "EUR", 123450n],
  ["1234,5", ".", "EUR", 123450n],
  ["1,5E+03", ",", "EUR", undefined],
  ["constructor5", ".", "EUR", undefined],
  ["NaN", ".", "EUR", undefined],
] as const)("amount %s with %s in %s", (text, mark, code, expected) => {
  expect(parseAmount(text, mark, parseCurrency(code) ?? EUR)).toBe(expected);
});
