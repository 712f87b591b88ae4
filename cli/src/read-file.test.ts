import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { Reading } from "../../contracts/src/read.ts";

const folder = mkdtempSync(path.join(tmpdir(), "encours-cli-read-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The command as a person calls it, with no installation anywhere near. */
function read(name: string, content: string | Buffer, ...more: string[]) {
  writeFileSync(path.join(folder, name), content);
  return readPath(name, ...more);
}

function readPath(name: string, ...more: string[]) {
  const main = path.resolve(import.meta.dirname, "main.ts");
  const env = {
    PATH: process.env["PATH"] ?? "",
    ENCOURS_CALLED_FROM: folder,
    ENCOURS_DATA: path.join(folder, "none"),
    LANG: "en_GB.UTF-8",
  };
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, "read", name, ...more], {
    env,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

const STATEMENT =
  ":20:X\n:25:FR7630006000011234567890189\n:28C:7\n:60F:C260331EUR100,\n:61:2604010401C12,5NTRFNONREF//B1\n:86:Dupre\n:61:2604020402D2,NCHGNONREF\n:62F:C260402EUR110,50\n-\n";

test("a statement, in the stable keys of its JSON", () => {
  const { status, stdout } = read("whatever.name", STATEMENT, "--json");
  expect(status).toBe(0);
  const reading = Reading.parse(JSON.parse(stdout));
  expect(reading).toMatchObject({
    kind: "bank",
    format: "mt940",
    statements: [
      {
        account: "FR7630006000011234567890189",
        currency: "EUR",
        number: "7",
        from: "2026-03-31",
        to: "2026-04-02",
        opening: { minor: "10000", currency: "EUR", on: "2026-03-31" },
        closing: { minor: "11050", currency: "EUR", on: "2026-04-02" },
        entries: 2,
        details: 2,
        creditMinor: "1250",
        debitMinor: "200",
        chain: "ok",
      },
    ],
    returns: [],
    warnings: [{ code: "entry_without_text", line: 7, column: null, text: expect.any(String) }],
  });
});

test("an e-invoice and a FEC, told by their content", () => {
  const invoice =
    '<Invoice xmlns="u"><ID>FA-1</ID><IssueDate>2026-04-01</IssueDate><InvoiceTypeCode>380</InvoiceTypeCode><DocumentCurrencyCode>EUR</DocumentCurrencyCode><OrderReference><ID>PO</ID></OrderReference><TaxTotal><TaxAmount currencyID="EUR">2.50</TaxAmount></TaxTotal><LegalMonetaryTotal><TaxExclusiveAmount currencyID="EUR">10</TaxExclusiveAmount><TaxInclusiveAmount currencyID="EUR">12.5</TaxInclusiveAmount><PayableAmount currencyID="EUR">12.5</PayableAmount></LegalMonetaryTotal><InvoiceLine/></Invoice>';
  expect(Reading.parse(JSON.parse(read("i", invoice, "--json").stdout))).toMatchObject({
    kind: "einvoice",
    number: "FA-1",
    type: "380",
    issuedOn: "2026-04-01",
    dueOn: null,
    netMinor: "1000",
    taxMinor: "250",
    payableMinor: "1250",
    prepaidMinor: null,
    lines: 1,
    ibans: [],
    orderNumber: "PO",
    warnings: [],
  });
  const header =
    "JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\tPieceRef\tPieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise";
  const line = (account: string, aux: string, debit: string, credit: string) =>
    `VE\tVentes\t1\t20250901\t${account}\tx\t${aux}\t${aux}\tF1\t20250901\tx\t${debit}\t${credit}\t\t\t20250901\t\t`;
  const fec = [header, line("411000", "C1", "120,00", "0,00"), line("706000", "", "0,00", "119,00")].join("\n");
  expect(Reading.parse(JSON.parse(read("1FEC20251231.txt", fec, "--json").stdout))).toMatchObject({
    kind: "fec",
    lines: 2,
    entries: 1,
    unbalanced: 1,
    debitMinor: "12000",
    creditMinor: "11900",
    receivable: {
      balanceMinor: "12000",
      balance: { minor: "12000", currency: "EUR" },
      accounts: 1,
      asOf: "2025-12-31",
    },
    warnings: [{ code: "unbalanced_entry", line: 2 }],
  });
});

test("in words of the terminal's language, and a reason with its place when nothing can be read", () => {
  expect(read("a.sta", STATEMENT).stdout).toContain("balances tie");
  expect(read("a.sta", STATEMENT, "--language", "fr").stdout).toContain("soldes enchaînés");
  const refused = read("b.xml", "<Document>\n<BkToCstmrStmt>\n</Document>");
  expect([refused.status, refused.stdout]).toEqual([1, ""]);
  expect(refused.stderr).toMatch(/^encours: line 3, column \d+: The XML is not well-formed/);
});

test("with --json a refusal is JSON too, whatever its reason", () => {
  const code = (result: { status: number | null; stdout: string }) => [
    result.status,
    (JSON.parse(result.stdout) as { error: { code: string } }).error.code,
  ];
  expect(code(read("kind", STATEMENT, "--json", "--kind", "nope"))).toEqual([1, "unknown_kind"]);
  expect(code(read("wrong", STATEMENT, "--json", "--kind", "einvoice"))).toEqual([1, "not_an_einvoice"]);
  expect(code(readPath(".", "--json"))).toEqual([1, "not_a_file"]);
  expect(code(readPath("missing", "--json"))).toEqual([1, "no_such_file"]);
});

test("an e-invoice in UTF-16 is recognised, with its mark or without", () => {
  const text = '<?xml version="1.0" encoding="UTF-16"?><Invoice xmlns="urn:oasis"><ID>FA-é</ID></Invoice>';
  for (const mark of ["\ufeff", ""]) {
    const { status, stdout } = read("wide.xml", Buffer.from(mark + text, "utf16le"), "--json");
    expect(status).toBe(0);
    expect(Reading.parse(JSON.parse(stdout))).toMatchObject({ kind: "einvoice" });
    expect(stdout).toContain("FA-é");
  }
});
