import { expect, test } from "vitest";
import { FileRefused } from "../fault.ts";
import { overpunched } from "./cfonb.ts";
import { isIban } from "./iban.ts";
import { kindOfLabel } from "./kind-of-label.ts";
import { readBank } from "./read-bank.ts";
import { minorOf } from "./values.ts";

const read = (text: string, encoding: BufferEncoding = "utf8") => readBank(Buffer.from(text, encoding));
const codes = (text: string) => read(text).warnings.map((one) => `${one.code}@${one.line}`);

const camt = (version: string, body: string, root = "BkToCstmrStmt") =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<!-- ${"licence ".repeat(900)} -->\n<c:Document xmlns:c="urn:iso:std:iso:20022:tech:xsd:camt.053.001.${version}"><c:${root}><c:GrpHdr><c:MsgId>1</c:MsgId></c:GrpHdr>${body.replace(/<(\/?)(\w)/g, "<$1c:$2")}</c:${root}></c:Document>`;
const balance = (code: string, amount: string, side = "CRDT", currency = "EUR") =>
  `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="${currency}">${amount}</Amt><CdtDbtInd>${side}</CdtDbtInd><Dt><Dt>2026-03-31</Dt></Dt></Bal>`;
const ACCOUNT = "<Acct><Id><IBAN>FR7630006000011234567890189</IBAN></Id><Ccy>EUR</Ccy></Acct>";

test("a statement of version 8 with a prefix and a long licence reads like any other", () => {
  const entry = `<Ntry><Amt Ccy="EUR">1200.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-04-01</Dt></BookgDt><AcctSvcrRef>B1</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><Amt Ccy="EUR">1200</Amt><RltdPties><Dbtr><Pty><Nm>Dupré &amp; Fils</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct></RltdPties><RmtInf><Ustrd>FA 2026-0123</Ustrd><Strd><RfrdDocInf><Nb>FA20260123</Nb></RfrdDocInf><RfrdDocAmt><RmtdAmt Ccy="EUR">1200.00</RmtdAmt></RfrdDocAmt><CdtrRefInf><Ref>RF30FA20260123</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls></Ntry>`;
  const file = read(
    camt(
      "08",
      `<Stmt><Id>S1</Id><ElctrncSeqNb>12</ElctrncSeqNb>${ACCOUNT}${balance("OPBD", "100.5")}${balance("CLBD", "1300.50")}${entry}</Stmt>`,
    ),
  );
  const [statement] = file.statements;
  expect([
    file.format,
    file.version,
    statement?.account,
    statement?.isIban,
    statement?.number,
    statement?.chain,
  ]).toEqual(["camt.053", "08", "FR7630006000011234567890189", true, "12", "ok"]);
  expect(statement?.entries[0]).toMatchObject({
    amountMinor: 120_000n,
    kind: "transfer",
    typeCode: "PMNT/RCDT/ESCT",
    key: "FR7630006000011234567890189|B1|120000|2026-04-01|1",
    details: [
      {
        endToEndId: null,
        payerName: "Dupré & Fils",
        payerIban: "DE89370400440532013000",
        creditorReference: "RF30FA20260123",
        documents: [{ number: "FA20260123", amountMinor: 120_000n }],
        remittance: "FA 2026-0123",
      },
    ],
  });
  expect(file.warnings).toEqual([]);
});

test("pending entries count in no balance and a reversal keeps its own direction", () => {
  const row = (amount: string, side: string, more: string) =>
    `<Ntry><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>${side}</CdtDbtInd>${more}<BookgDt><Dt>2026-04-01</Dt></BookgDt></Ntry>`;
  const rows = row("50.00", "DBIT", "<RvslInd>true</RvslInd><Sts>BOOK</Sts>") + row("9.99", "CRDT", "<Sts>PDNG</Sts>");
  const [statement] = read(
    camt("02", `<Stmt>${ACCOUNT}${balance("PRCD", "10.00", "DBIT")}${balance("CLBD", "60.00", "DBIT")}${rows}</Stmt>`),
  ).statements;
  expect(statement?.chain).toBe("ok");
  expect(statement?.opening?.minor).toBe(-1_000n);
  expect(statement?.entries.map((one) => [one.amountMinor, one.isReversal, one.status])).toEqual([
    [-5_000n, true, "booked"],
    [999n, false, "pending"],
  ]);
});

test("a batch keeps the amount of each of its transactions; the one that has none gets the rest", () => {
  const detail = (amount: string) => `<TxDtls>${amount}<Refs><MndtId>M</MndtId></Refs></TxDtls>`;
  const entry = `<Ntry><Amt Ccy="EUR">100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><NtryDtls>${detail('<Amt Ccy="EUR">30.00</Amt>')}${detail('<AmtDtls><TxAmt><Amt Ccy="EUR">50</Amt></TxAmt></AmtDtls>')}${detail("")}</NtryDtls></Ntry>`;
  const [statement] = read(camt("04", `<Ntfctn>${ACCOUNT}${entry}</Ntfctn>`, "BkToCstmrDbtCdtNtfctn")).statements;
  expect(statement?.scope).toBe("notification");
  expect(statement?.entries[0]?.details.map((one) => one.amountMinor)).toEqual([3_000n, 5_000n, 2_000n]);
});

test("five decimals are rounded and said; an envelope around the message changes nothing", () => {
  const entry = `<Ntry><Amt Ccy="EUR">10.00567</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts></Ntry>`;
  const inner = camt("02", `<Stmt>${ACCOUNT}${entry}</Stmt>`).replace(/^[\s\S]*?-->/, "");
  const file = read(`<Envelope><Header><From>x</From></Header><Body>${inner}</Body></Envelope>`);
  expect([file.version, file.statements[0]?.entries[0]?.amountMinor]).toEqual(["02", 1_001n]);
  expect(file.warnings.map((one) => one.code)).toEqual(["amount_rounded"]);
});

test("pages of one statement that hand on their balance are one statement", () => {
  const page = (from: string, to: string, amount: string) =>
    `<Stmt><ElctrncSeqNb>7</ElctrncSeqNb>${ACCOUNT}${balance(from === "0" ? "OPBD" : "ITBD", from)}${balance(to === "30" ? "CLBD" : "ITBD", to)}<Ntry><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts></Ntry></Stmt>`;
  const { statements } = read(camt("02", page("0", "10", "10") + page("10", "30", "20")));
  expect(statements.map((one) => [one.opening?.minor, one.closing?.minor, one.entries.length, one.chain])).toEqual([
    [0n, 3_000n, 2, "ok"],
  ]);
});

test("MT940: reversals turn their sign, pages are stitched, wrapped lines are joined, the German fields are told apart", () => {
  const file = read(
    [
      "{1:F01BANKFRPPXXXX0000000000}{2:O940BANKFRPPXXXXN}{4:",
      ":20:REF",
      ":25:FR7630006000011234567890189",
      ":28C:5/1",
      ":60F:C260331EUR100,",
      ":61:2604010401C250,5NTRFNONREF//BANK1",
      ":86:166?00GUTSCHRIFT?20EREF+E2E-1?21SVWZ+RECHNUNG 4711 VOM 1.?22 MAERZ?30COBADEFF",
      "XXX?31DE89370400440532013000?32MUSTER?33 GMBH",
      ":62M:C260401EUR350,5",
      "-",
      ":20:REF",
      ":25:FR7630006000011234567890189",
      ":28C:5/2",
      ":60M:C260401EUR350,5",
      ":61:2604020402RC50,5NTRFNONREF//BANK2",
      ":62F:C260402EUR300,00",
      "-}",
    ].join("\r\n"),
  );
  expect(file.statements).toHaveLength(1);
  const [statement] = file.statements;
  expect([statement?.chain, statement?.number, statement?.opening?.minor, statement?.closing?.minor]).toEqual([
    "ok",
    "5/1",
    10_000n,
    30_000n,
  ]);
  expect(statement?.entries.map((one) => [one.amountMinor, one.isReversal, one.bankReference])).toEqual([
    [25_050n, false, "BANK1"],
    [-5_050n, true, "BANK2"],
  ]);
  expect(statement?.entries[0]?.details[0]).toMatchObject({
    endToEndId: "E2E-1",
    payerName: "MUSTER GMBH",
    payerIban: "DE89370400440532013000",
    remittance: "RECHNUNG 4711 VOM 1. MAERZ",
  });
});

test("MT940: a movement without a currency or balance, over the end of the year, is still a movement", () => {
  const [statement] = read(":61:2601021230D12,NCHKNONREF").statements;
  expect(statement).toMatchObject({ account: "", currency: null, chain: "unknown" });
  expect(statement?.entries[0]).toMatchObject({
    amountMinor: -1_200n,
    bookedOn: "2025-12-30",
    valueOn: "2026-01-02",
    kind: "cheque",
  });
});

const cfonb = (code: string, tail: string, more = "") =>
  `${code}30006${more.padEnd(4)}00001EUR2 ${"12345678901"}${tail}`.padEnd(120);
const amountAt = (line: string, amount: string) => `${line.slice(0, 90)}${amount.padStart(14, "0")}${line.slice(104)}`;

test("CFONB 120: signs in the last figure, payer and mandate from the complements, records out of order are read", () => {
  const opening = amountAt(cfonb("01", "  310326"), "10{");
  const movement = amountAt(cfonb("04", "05010426  010426VIR SEPA DUPRE"), "12345F");
  const complement = (text: string) => cfonb("05", `05010426     ${text}`);
  const closing = amountAt(cfonb("07", "  010426"), "12355F");
  const good = [
    opening,
    movement,
    complement("NPYDUPRE ET FILS"),
    complement("RCNE2E-77                              FACTURES"),
    complement("LCCFA2026-1"),
    closing.trimEnd(),
  ];
  const [statement] = read(good.join("\n")).statements;
  expect(statement).toMatchObject({ account: "12345678901", bankCode: "3000600001", chain: "ok" });
  expect(statement?.entries[0]).toMatchObject({
    amountMinor: 123_456n,
    typeCode: "05",
    kind: "transfer",
    details: [{ payerName: "DUPRE ET FILS", endToEndId: "E2E-77", remittance: "FA2026-1 FACTURES" }],
  });
  expect(codes([complement("NPYX"), movement, closing].join("\n"))).toEqual([
    "complement_without_entry@1",
    "opening_missing@2",
  ]);
});

test("CFONB 120: a creditor reference is found inside the structured remittance", () => {
  const movement = amountAt(cfonb("04", "05010426  010426VIR SEPA DUPRE"), "12345F");
  const text = [movement, cfonb("05", "05010426     LCS/CD/SCOR/RF18539007547034")].join("\n");
  expect(read(text).statements[0]?.entries[0]?.details[0]?.creditorReference).toBe("RF18539007547034");
});

test("a currency that no longer exists is kept as written", () => {
  const [statement] = read(":25:1\n:60F:C991231DEM10,00\n:62F:C991231DEM10,00").statements;
  expect(statement).toMatchObject({ currency: null, writtenCurrency: "DEM", chain: "ok" });
});

test("an overpunched figure carries sign and last digit; blanks stand for zeros", () => {
  expect(overpunched("0000000001904}", 2, null)).toBe(-19_040n);
  expect(overpunched("         2412J", 2, null)).toBe(-24_121n);
  expect(overpunched("0000000166956E", 2, null)).toBe(1_669_565n);
  expect(overpunched("00000000000125", 2, null)).toBe(125n);
  expect(overpunched("12X4", 2, null)).toBeUndefined();
});

test("decimals that are 0 may exceed the currency's, others may not", () => {
  expect(minorOf("8.850", null)).toBe(885n);
  expect(minorOf("8.851", null)).toBeUndefined();
  expect(minorOf("380115,", null)).toBe(38_011_500n);
  expect(minorOf("1500", "JPY" as never)).toBe(1_500n);
  expect(minorOf("1,5", "KWD" as never)).toBe(1_500n);
  for (const none of ["", ".", "-", "1.2.3", "1e5", "0x10", "١٢"]) expect(minorOf(none, null)).toBeUndefined();
});

test("CODA: detail movements belong to their total, whose amount is counted once", () => {
  const line = (text: string) => text.padEnd(128);
  const movement = (sequence: string, detail: string, amount: string, type: string, text: string) =>
    line(`21${sequence}${detail}${"BANKREF".padEnd(21)}0${amount}010426${type}0${text.padEnd(53)}010426001`);
  const file = read(
    [
      line(
        `${"0000001042630005        00000000  ACME                      KREDBEBB   00000000000 00000".padEnd(127)}2`,
      ),
      line(`${"12001BE68539007547034".padEnd(39)}EUR0000000000100000310326ACME`),
      movement("0001", "0000", "000000000030000", "10150000", "TOTAL"),
      movement("0001", "0001", "000000000010000", "50150000", "FACTURE 1"),
      movement("0001", "0002", "000000000020000", "50150000", "FACTURE 2"),
      line(`${"8001BE68539007547034".padEnd(38)}EUR0000000000130000010426`),
      line(`${"9               000005000000000000000000000000030000".padEnd(127)}2`),
    ].join("\r\n"),
  );
  const [statement] = file.statements;
  expect([statement?.account, statement?.currency, statement?.chain, file.warnings]).toEqual([
    "BE68539007547034",
    "EUR",
    "ok",
    [],
  ]);
  expect(statement?.entries.map((one) => [one.amountMinor, one.details.map((detail) => detail.remittance)])).toEqual([
    [3_000n, ["FACTURE 1", "FACTURE 2"]],
  ]);
});

test("OFX: unclosed and empty tags, entities, and rows that are never ended", () => {
  const [statement] = read(
    "OFXHEADER:100\nDATA:OFXSGML\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR<BANKACCTFROM><BANKID>30006<ACCTID>FR76 3000 6000 0112 3456 7890 189</BANKACCTFROM><BANKTRANLIST><DTSTART>20260401<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260402120000[+1:CET]<TRNAMT>+1,50<FITID>1<MEMO><NAME>A &amp; B\n<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260403<TRNAMT>-2<FITID>2</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>",
  ).statements;
  expect(statement).toMatchObject({ account: "FR7630006000011234567890189", isIban: true, from: "2026-04-01" });
  expect(statement?.entries.map((one) => [one.amountMinor, one.bookedOn, one.text])).toEqual([
    [150n, "2026-04-02", "A & B"],
    [-200n, "2026-04-03", ""],
  ]);
});

test("a French bank's CSV: preamble, Windows characters, debit and credit columns, balance running upwards or downwards", () => {
  const head =
    "Compte courant;FR76 3000 6000 0112 3456 7890 189\r\n\r\nDate opération;Date de valeur;Libellé;Débit;Crédit;Solde\r\n";
  const rising =
    "01/04/2026;01/04/2026;VIR SEPA DUPRÉ;;1 200,00;1 300,00\r\n02/04/2026;02/04/2026;FRAIS;-12,50;;1 287,50\r\n";
  const falling =
    "02/04/2026;02/04/2026;FRAIS;12,50;;1 287,50\r\n01/04/2026;01/04/2026;VIR SEPA DUPRÉ;;1 200,00;1 300,00\r\n";
  for (const rows of [rising, falling]) {
    const [statement] = read(head + rows, "latin1").statements;
    expect(statement).toMatchObject({
      account: "FR7630006000011234567890189",
      chain: "ok",
      opening: { minor: 10_000n },
      closing: { minor: 128_750n },
    });
    expect(statement?.entries.map((one) => one.amountMinor).toSorted()).toEqual([-1_250n, 120_000n]);
    expect(statement?.entries.some((one) => one.text === "VIR SEPA DUPRÉ")).toBe(true);
  }
});

test("OFX: cash movements of a securities account, amounts grouped with either mark", () => {
  const row = (amount: string) =>
    `<INVBANKTRAN><STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260402<TRNAMT>${amount}<FITID>${amount}</STMTTRN><SUBACCTFUND>CASH</INVBANKTRAN>`;
  const [statement] = read(
    `OFXHEADER:100\n<OFX><INVSTMTMSGSRSV1><INVSTMTTRNRS><INVSTMTRS><CURDEF>USD<INVACCTFROM><BROKERID>b<ACCTID>7</INVACCTFROM><INVTRANLIST>${row("1,234.56")}${row("-1.234,50")}</INVTRANLIST></INVSTMTRS></INVSTMTTRNRS></INVSTMTMSGSRSV1></OFX>`,
  ).statements;
  expect([statement?.account, statement?.entries.map((one) => one.amountMinor)]).toEqual(["7", [123_456n, -123_450n]]);
});

test("QIF: the order of day and month follows from the whole file", () => {
  const file = (second: string) => read(`!Type:Bank\nD03/04/2026\nT-1,234.56\nPOne\n^\nD${second}\nT5\nPTwo\n^\n`);
  expect(file("25/04'26").statements[0]?.entries.map((one) => one.bookedOn)).toEqual(["2026-04-03", "2026-04-25"]);
  expect(file("4/25/26").statements[0]?.entries.map((one) => one.bookedOn)).toEqual(["2026-03-04", "2026-04-25"]);
  expect(file("4/5/26").warnings.map((one) => one.code)).toContain("day_order_unknown");
});

test("pain.002: accepted transactions are no returns; a batch refused as a whole is one", () => {
  const report = (body: string) =>
    `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr><CreDtTm>2026-04-01T10:00:00</CreDtTm></GrpHdr>${body}</CstmrPmtStsRpt></Document>`;
  const row = (status: string, reason: string) =>
    `<TxInfAndSts><OrgnlEndToEndId>E1</OrgnlEndToEndId><TxSts>${status}</TxSts>${reason}<OrgnlTxRef><Amt><InstdAmt Ccy="EUR">12.5</InstdAmt></Amt><Dbtr><Pty><Nm>Dupré</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct><CdtrAcct><Id><IBAN>FR76 3000 6000 0112 3456 7890 189</IBAN></Id></CdtrAcct></OrgnlTxRef></TxInfAndSts>`;
  const why = "<StsRsnInf><Rsn><Cd>AM04</Cd></Rsn></StsRsnInf>";
  const { returns } = read(
    report(
      `<OrgnlPmtInfAndSts><OrgnlPmtInfId>P</OrgnlPmtInfId>${row("ACCP", "")}${row("RJCT", why)}</OrgnlPmtInfAndSts>`,
    ),
  );
  expect(returns).toEqual([
    expect.objectContaining({
      endToEndId: "E1",
      reason: "AM04",
      amountMinor: 1_250n,
      payerName: "Dupré",
      on: "2026-04-01",
      accounts: ["FR7630006000011234567890189", "DE89370400440532013000"],
    }),
  ]);
  const whole = read(
    report(
      `<OrgnlPmtInfAndSts><OrgnlPmtInfId>P</OrgnlPmtInfId><OrgnlCtrlSum>99.90</OrgnlCtrlSum><PmtInfSts>RJCT</PmtInfSts>${why}</OrgnlPmtInfAndSts>`,
    ),
  );
  expect(whole.returns).toEqual([expect.objectContaining({ originalId: "P", reason: "AM04", amountMinor: 9_990n })]);
});

test("the same line exported again has the same key; equal lines of a day have different ones", () => {
  const statement = (rows: string) => `:25:X1\n:60F:C260331EUR0,\n${rows}`;
  const row = ":61:260401C10,NTRFNONREF//R\n:86:text\n";
  const keys = (text: string) => read(text).statements[0]?.entries.map((one) => one.key);
  expect(keys(statement(row + row))).toEqual(["X1|R|1000|2026-04-01|1", "X1|R|1000|2026-04-01|2"]);
  expect(keys(statement(row))).toEqual(["X1|R|1000|2026-04-01|1"]);
});

test("labels tell a transfer from a fee from a return", () => {
  expect(kindOfLabel("VIR SEPA DUPONT FRAIS DE PORT")).toBe("transfer");
  expect(kindOfLabel("FRAIS REJET PRLV")).toBe("fee");
  expect(kindOfLabel("REJET PRLV SEPA DUPONT")).toBe("return");
  expect(kindOfLabel("REM CHQ 0012")).toBe("cheque");
  expect(kindOfLabel("LCR ACCEPTEE")).toBe("bill");
  expect(kindOfLabel("")).toBe("other");
});

test("an IBAN has right check digits", () => {
  expect(isIban("FR7630006000011234567890189")).toBe(true);
  expect(isIban("FR7630006000011234567890188")).toBe(false);
  expect(isIban("FR76")).toBe(false);
});

test("encodings: what the bytes are wins over what the file says", () => {
  const xml = (declared: string, name: string) =>
    `<?xml version="1.0" encoding="${declared}"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt><Acct><Id><Othr><Id>1</Id></Othr></Id><Ownr><Nm>${name}</Nm></Ownr></Acct></Stmt></BkToCstmrStmt></Document>`;
  const owner = (content: Buffer) => {
    const file = readBank(content);
    return [file.statements[0]?.accountName, file.warnings.map((one) => one.code)];
  };
  expect(owner(Buffer.from(xml("ISO-8859-1", "Été"), "latin1"))).toEqual(["Été", []]);
  expect(owner(Buffer.from(xml("UTF-8", "Été"), "latin1"))).toEqual(["Été", ["encoding_not_as_declared"]]);
  expect(owner(Buffer.from(xml("ISO-8859-1", "Été"), "utf8"))).toEqual(["Été", ["encoding_not_as_declared"]]);
  expect(owner(Buffer.from(`\ufeff${xml("UTF-8", "Été")}`, "utf16le"))).toEqual(["Été", []]);
});

const refusal = (content: string | Buffer): string | undefined => {
  try {
    readBank(Buffer.from(content as string));
  } catch (error) {
    if (error instanceof FileRefused) return error.fault.code;
    throw error;
  }
  return undefined;
};

test("hostile files are refused or read within bounds", { timeout: 30_000 }, () => {
  const laughs = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">${Array.from({ length: 9 }, (_, n) => `<!ENTITY lol${n + 1} "${`&lol${n || ""};`.repeat(10)}">`).join("")}]><Document><BkToCstmrStmt>&lol9;</BkToCstmrStmt></Document>`;
  expect(refusal(laughs)).toBe("xml_doctype");
  expect(refusal('<!DOCTYPE d SYSTEM "http://127.0.0.1/x.dtd"><Document><BkToCstmrStmt/></Document>')).toBe(
    "xml_doctype",
  );
  expect(refusal(`<Document><BkToCstmrStmt>${"<a>".repeat(100_000)}`)).toBe("xml_too_deep");
  expect(refusal("<Document><BkToCstmrStmt><Stmt>&unknown;</Stmt></BkToCstmrStmt></Document>")).toBe("xml_damaged");
  expect(refusal("<Document><BkToCstmrStmt><Stmt>")).toBe("xml_damaged");
  expect(refusal(`<OFX><!DOCTYPE x>`)).toBe("xml_doctype");
  expect(refusal(`<OFX>${"<A>".repeat(100_000)}`)).toBe("xml_too_deep");
  expect(refusal(`<OFX>${"<![CDATA[".repeat(200_000)}`)).toBeUndefined();
  expect(refusal(`<OFX>${"<!".repeat(300_000)}`)).toBeUndefined();
  expect(refusal(`:20:${"9".repeat(3_000_000)}`)).toBeUndefined();
  expect(refusal("x".repeat(5_000_000))).toBe("not_a_statement");
  expect(refusal(Buffer.alloc(10_000))).toBe("binary_file");
  expect(refusal("")).toBe("empty_file");
  expect(refusal("%PDF-1.7")).toBe("pdf_file");
  expect(refusal("1\n2\n3\n")).toBe("not_a_statement");
});
