import { expect, test } from "vitest";
import { readBank } from "./read-bank.ts";

// Habits of single banks and programs, each as a file of our own making.

const read = (...lines: string[]) => readBank(Buffer.from(lines.join("\n")));
const details = (...lines: string[]) =>
  read(...lines).statements.flatMap((one) => one.entries.flatMap((entry) => entry.details));
const movement = (information: readonly string[], line = ":61:2603020302C10,00NTRFNONREF") =>
  details(":20:X", ":25:12345678/99", ":60F:C260301EUR0,00", line, ...information, ":62F:C260302EUR10,00");

test("a fragment with a single tag of any kind is MT940 without statements, not an unknown file", () => {
  for (const text of [":64:D260301EUR3,66", ":NS:", ":65:C260301EUR1,00"])
    expect([read(text).format, read(text).warnings.map((one) => one.code)]).toEqual(["mt940", ["no_statement"]]);
});

test("balances without currency, with a letter too many, or whose tag lost a colon are balances", () => {
  const plain = read(":20:A", ":25:1", ":60F:C260301DEM5,00", ":61:260302C1,00S051", ":62F:C2603026,00");
  expect([plain.statements[0]?.chain, plain.statements[0]?.closing?.minor]).toEqual(["ok", 600n]);
  const odd = read(
    ":20:A",
    ":25:1",
    ":60F:C260301EURO5,00",
    ":61:260302C1,00NTRFX",
    ":86:166?00A?32B",
    ":62FC260302EUR6,00",
  );
  expect([odd.statements[0]?.chain, odd.statements[0]?.currency]).toEqual(["ok", "EUR"]);
  expect(odd.statements[0]?.entries[0]?.details[0]?.payerName).toBe("B");
});

test("a tag that nobody knows among the balances ends the information before it", () => {
  const [detail] = details(":20:A", ":61:260302C1,00NTRFX", ":86:166?00A?32NAME", ":65F:Dnull1,00");
  expect(detail?.payerName).toBe("NAME");
});

test("a blank before the type, or a type with another letter, is no part of the reference", () => {
  const [blank, other] = read(
    ":20:A",
    ":61:260302C1,00 NTRFNONREF//B1",
    ":61:260302C1,00MCI0NONREF//B2",
  ).statements.flatMap((one) => one.entries);
  expect([blank?.typeCode, blank?.entryReference, other?.typeCode, other?.entryReference]).toEqual([
    "NTRF",
    null,
    "MCI0",
    null,
  ]);
});

test("accounts that begin with slashes give bank and account", () => {
  const [statement] = read(":20:A", ":25://AT39364/12345678912/EUR", ":62F:C260302EUR1,00").statements;
  expect([statement?.account, statement?.bankCode, statement?.currency]).toEqual([
    "AT39364/12345678912",
    "AT39364",
    "EUR",
  ]);
});

test("the other party is found where Dutch, Balkan and Romanian banks put it", () => {
  expect(movement([":86:FACTUUR 2026-1", "REK: NL65INGB0123456789/NAAM: DE BOER"])[0]).toMatchObject({
    payerName: "DE BOER",
    payerIban: "NL65INGB0123456789",
  });
  expect(movement([":86:0987654321 de vries s", "factuur 12"], ":61:260302C10,00NIOB0987654321")[0]).toMatchObject({
    payerName: "de vries s",
    payerIban: "0987654321",
  });
  expect(
    movement(["NL70ABNA0987654321", ":86:/ORDP//NAME/J. BOS/REMI/12"], ":61:260302C10,00N102EREF")[0],
  ).toMatchObject({
    payerName: "J. BOS",
    payerIban: "NL70ABNA0987654321",
    remittance: "12",
  });
  expect(movement([":86:/ORDP/530500003804588", "/HRISTO DOOEL", "/000//000", "/faktura 7"])[0]).toMatchObject({
    payerName: "HRISTO DOOEL",
    payerIban: "530500003804588",
    remittance: "faktura 7",
  });
  expect(movement([":86:000+20Factura 9+31RO89RZBR0000060003480121", "+32ALFA SRL+33/"])[0]).toMatchObject({
    payerName: "ALFA SRL",
    remittance: "Factura 9",
  });
});

test("text beside coded amounts is what the payer wrote", () => {
  expect(movement([":86:/OCMT/USD2853,12/", "PAYMENT OF INVOICE 11665", "/OGB/BANK"])[0]).toMatchObject({
    remittance: "PAYMENT OF INVOICE 11665",
    original: { currency: "USD", minor: 285_312n },
  });
});

test("where no purpose is tagged, what follows a short reference is the purpose", () => {
  expect(movement([":86:106?00KARTE?20EREF+VZ1?21CRED+DE01ZZZ?22LADEN 12?23 MUENCHEN"])[0]).toMatchObject({
    endToEndId: "VZ1",
    remittance: "LADEN 12 MUENCHEN",
  });
  expect(movement([":86:166?00A?20EREF+1234567890123456789012?213456?22SVWZ+RG 1"])[0]).toMatchObject({
    endToEndId: "12345678901234567890123456",
    remittance: "RG 1",
  });
});

test("fields outside the standard hold purpose and name in Germany", () => {
  const [detail] = movement([":NS:01Rechnung 12", "02vom Mai", "15Muster GmbH", "17Gutschrift"]);
  expect(detail).toMatchObject({ payerName: "Muster GmbH", remittance: "Rechnung 12 vom Mai" });
});

test("CODA: a third decimal is rounded and said; the Belgian reference has 12 digits", () => {
  const fill = (text: string) => text.padEnd(127).concat("0");
  const one = (size: string, message: string) =>
    fill(`2100010000${"REF".padEnd(21)}0${size}25121400150000${message.padEnd(53)}251214214010`.slice(0, 125));
  const file = read(
    fill(`0000018011520105        0938409934${"FIRMA".padEnd(26)}GEBABEBB`),
    fill(`10155001548226815 EUR0BE                  0000000000001000241214${"FIRMA".padEnd(26)}`),
    one("000000000767825", "1101112455446812  813"),
    fill("8225001548226815 EUR0BE                  0000000000768830251214"),
  );
  const [entry] = file.statements[0]?.entries ?? [];
  expect([entry?.amountMinor, entry?.details[0]?.creditorReference]).toEqual([76_783n, "112455446812"]);
  expect(file.warnings.map((warning) => warning.code)).toContain("amount_rounded");
  expect(file.statements[0]?.chain).toBe("ok");
});

test("QIF: years of two digits that stand first are told by days that change", () => {
  const file = read("!Type:Bank", "D13/08/12", "T1", "^", "D13/08/15", "T2", "^", "D13/3/3", "T3", "^");
  expect(file.statements[0]?.entries.map((one) => one.bookedOn)).toEqual(["2013-08-12", "2013-08-15", "2013-03-03"]);
  const days = read("!Type:Bank", "D13/08/12", "T1", "^", "D14/08/12", "T2", "^");
  expect(days.statements[0]?.entries.map((one) => one.bookedOn)).toEqual(["2012-08-13", "2012-08-14"]);
});

test("OFX: without a currency of the statement, that of its movements counts", () => {
  const file = read(
    "OFXHEADER:100",
    "<OFX><STMTRS><CURDEF></CURDEF><BANKACCTFROM><ACCTID>12</ACCTID></BANKACCTFROM><BANKTRANLIST>",
    "<STMTTRN><TRNTYPE>CREDIT</TRNTYPE><DTPOSTED>20260301</DTPOSTED><TRNAMT>12.34</TRNAMT><VALUEDATE>20260302</VALUEDATE><CURRENCY><CURRATE>1</CURRATE><CURSYM>AUD</CURSYM></CURRENCY></STMTTRN>",
    "</BANKTRANLIST></STMTRS></OFX>",
  );
  expect([file.statements[0]?.currency, file.statements[0]?.entries[0]?.valueOn]).toEqual(["AUD", "2026-03-02"]);
});

test("OFX: elements inside comments are not there, and every list of movements counts", () => {
  const row = (amount: string) =>
    `<BANKTRANLIST><STMTTRN><TRNTYPE>POS</TRNTYPE><DTPOSTED>20260301</DTPOSTED><TRNAMT>${amount}</TRNAMT><NAME>A</NAME></STMTTRN></BANKTRANLIST>`;
  const file = read(
    '<?xml version="1.0"?><?OFX OFXHEADER="200"?>',
    "<OFX><STMTRS><!-- <CURDEF>USD</CURDEF>",
    "<BANKACCTFROM><ACCTID>9</ACCTID></BANKACCTFROM> --><CURDEF>EUR</CURDEF><BANKACCTFROM><ACCTID>12</ACCTID></BANKACCTFROM>",
    `${row("-80")}<!-- ${row("-1")} -->${row("-20.5")}`,
    "</STMTRS></OFX>",
  );
  expect([file.statements[0]?.account, file.statements[0]?.currency]).toEqual(["12", "EUR"]);
  expect(file.statements[0]?.entries.map((one) => [one.amountMinor, one.position])).toEqual([
    [-8_000n, "4"],
    [-2_050n, "4"],
  ]);
});

test("CODA: several files in one are counted each by its own totals", () => {
  const fill = (text: string) => text.padEnd(127).concat("0");
  const part = (amount: string) => [
    fill(`0000018011520105        0938409934${"FIRMA".padEnd(26)}GEBABEBB`),
    fill(`10155001548226815 EUR0BE                  0000000000000000241214${"FIRMA".padEnd(26)}`),
    fill(`2100010000${"REF".padEnd(21)}0${amount}25121400150000${"0".padEnd(54)}251214214010`.slice(0, 125)),
    fill(`8225001548226815 EUR0BE                  0${amount}251214`),
    fill(`9${" ".repeat(15)}000005${"0".repeat(15)}${amount}`),
  ];
  const file = read(...part("000000000010000"), ...part("000000000020000"));
  expect(file.statements.map((one) => [one.entries.length, one.chain])).toEqual([
    [1, "ok"],
    [1, "ok"],
  ]);
  expect(file.warnings.map((one) => one.code)).not.toContain("control_total");
});

test("CFONB 240: returns name the account of their header", () => {
  const head = `31000001CD010326E    ${"12345"}${"00001"}${"00012345601"}`.padEnd(240);
  const file = read(
    head,
    `${"34000002CD010326E".padEnd(228)}000000012345`,
    `${"39000003CD010326E".padEnd(228)}000000012345`,
  );
  expect(file.returns.map((one) => one.accounts)).toEqual([["123450000100012345601"]]);
});

test("CFONB 240: complements of an operation are no unknown records", () => {
  const record = (code: string, number: string, rest: string) => `${code}${number}50${rest}`.padEnd(240);
  const detail = `${record("34", "000002", "010326E").slice(0, 228)}000000012345`;
  const file = read(
    record("31", "000001", "010326E"),
    detail,
    record("35", "000003", "x"),
    `${record("39", "000004", "010326E").slice(0, 228)}000000012345`,
  );
  expect([file.format, file.returns.map((one) => one.amountMinor), file.warnings]).toEqual(["cfonb240", [12_345n], []]);
});

test("camt: the charges of an entry are those of its only transaction", () => {
  const file = read(
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.04"><BkToCstmrStmt><Stmt><Id>1</Id><Acct><Id><IBAN>CH9300762011623852957</IBAN></Id><Ccy>CHF</Ccy></Acct>',
    '<Ntry><Amt Ccy="CHF">90.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><Chrgs><Rcrd><Amt Ccy="CHF">10.000</Amt></Rcrd></Chrgs><NtryDtls><TxDtls><Amt Ccy="USD">100</Amt></TxDtls></NtryDtls></Ntry>',
    "</Stmt></BkToCstmrStmt></Document>",
  );
  expect(file.statements[0]?.entries[0]?.details).toMatchObject([{ amountMinor: 9_000n, feeMinor: 1_000n }]);
});
