import fc from "fast-check";
import { expect, test } from "vitest";
import { importFaultText } from "#contracts/import-faults.ts";
import { type Fault, FileRefused } from "../fault.ts";
import { readBank } from "./read-bank.ts";

// Whatever a bank's file holds, reading it ends soon: in statements whose parts fit together, or refused with a reason that has a text in
// both languages. Longer with ENCOURS_FUZZ_RUNS.

const RUNS = Number(process.env["ENCOURS_FUZZ_RUNS"] ?? 200);
const settings = { numRuns: RUNS, endOnFailure: RUNS <= 200 };
const TIME = 60_000 + RUNS * 20;

function expectText(fault: Fault): void {
  for (const language of ["fr", "en"] as const) expect(importFaultText(fault.code, language, {})).not.toBe(fault.code);
  expect(fault.line).toBeGreaterThanOrEqual(0);
}

function ends(content: Buffer): void {
  const began = performance.now();
  try {
    const file = readBank(content);
    for (const warning of file.warnings) expectText(warning);
    for (const statement of file.statements) {
      let sum = statement.opening?.minor ?? 0n;
      for (const entry of statement.entries) {
        expect(entry.details.length).toBeGreaterThan(0);
        expect(entry.bookedOn ?? "2000-01-01").toMatch(/^\d{4}-\d\d-\d\d$/);
        if (entry.status === "booked") sum += entry.amountMinor;
      }
      expect(new Set(statement.entries.map((one) => one.key)).size).toBe(statement.entries.length);
      if (statement.chain === "ok") expect(sum).toBe(statement.closing?.minor);
    }
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    expectText(error.fault);
  }
  expect(performance.now() - began).toBeLessThan(2_000);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
}

const cfonb = (code: string, tail: string, amount: string) =>
  `${`${code}30006    00001EUR2 12345678901${tail}`.padEnd(90)}${amount === "" ? "" : amount.padStart(14, "0")}`.padEnd(
    120,
  );

const GOOD: readonly string[] = [
  `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt><Id>1</Id><Acct><Id><IBAN>FR7630006000011234567890189</IBAN></Id><Ccy>EUR</Ccy></Acct><Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-31</Dt></Dt></Bal><Ntry><Amt Ccy="EUR">12.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-04-01</Dt></BookgDt><NtryDtls><TxDtls><Refs><EndToEndId>E</EndToEndId></Refs><RmtInf><Ustrd>Dupr\u00e9</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>`,
  `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt><OrgnlPmtInfAndSts><TxInfAndSts><OrgnlEndToEndId>E</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AM04</Cd></Rsn></StsRsnInf><OrgnlTxRef><Amt><InstdAmt Ccy="EUR">10</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>`,
  ":20:X\n:25:FR7630006000011234567890189\n:28C:1/1\n:60F:C260331EUR1,00\n:61:2604010401C12,00NTRFNONREF//B\n:86:166?00GUTSCHRIFT?20EREF+E?21SVWZ+Text?31DE89370400440532013000?32NAME\n:61:2604010401RD1,NTRFX\n:86:/EREF/E//CNTP/DE89370400440532013000/BIC/NAME///REMI/USTD//Text/\n:62F:C260401EUR14,00\n-\n",
  [
    cfonb("01", "  310326", "10{"),
    cfonb("04", "05010426  010426VIR SEPA DUPRE", "12{"),
    cfonb("05", "05010426     NPYDUPRE", ""),
    cfonb("07", "  010426", "22{"),
  ].join("\n"),
  "OFXHEADER:100\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR<BANKACCTFROM><ACCTID>1</BANKACCTFROM><BANKTRANLIST><STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260401<TRNAMT>12.00<FITID>1<NAME>X</STMTTRN></BANKTRANLIST><LEDGERBAL><BALAMT>1<DTASOF>20260401</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>",
  `0000001042630005        00000000  ACME                      KREDBEBB   00000000000 00000                                       2\n12001BE68539007547034                  EUR0000000000100000310326ACME\n2100010000${"REF".padEnd(21)}0000000000012000010426001500001101000003505158                                      01042600111 0\n8001BE68539007547034                  EUR0000000000112000010426\n`,
  "!Type:Bank\nD25/04/2026\nT-1,234.56\nPOne\nMmemo\n^\n",
  "Compte;FR7630006000011234567890189\nDate op\u00e9ration;Date valeur;Libell\u00e9;D\u00e9bit;Cr\u00e9dit;Solde\n01/04/2026;01/04/2026;VIR DUPRE;;1 200,00;1 300,00\n02/04/2026;02/04/2026;FRAIS;12,50;;1 287,50\n",
];

/** Bits of files that programs stumble on. */
const TROUBLE = [
  ..."<>&;:/?\"'\r\n\0\u001a-+{}[]0123456789,. CD",
  "<![CDATA[",
  "]]>",
  "<!DOCTYPE x [",
  "&#x0;",
  "&lt;",
  "<a>",
  "</Stmt>",
  "__proto__",
  "constructor",
  "\ufeff",
  "\u202e",
  "\ud800",
  "99999999999999999999",
  ":61:",
  ":86:",
  "?20",
  "-\n",
  "1e308",
  "000000",
  "310299",
];
const mutation = fc.record({
  at: fc.nat(4_000),
  cut: fc.integer({ min: 0, max: 20 }),
  put: fc.oneof(fc.constantFrom(...TROUBLE), fc.string({ unit: "binary", maxLength: 4 })),
});
const damaged = fc
  .record({
    good: fc.constantFrom(...GOOD),
    changes: fc.array(mutation, { maxLength: 10 }),
    repeat: fc.integer({ min: 1, max: 3 }),
    encoding: fc.constantFrom<BufferEncoding>("utf8", "latin1", "utf16le"),
    end: fc.option(fc.nat(3_000), { nil: undefined }),
  })
  .map(({ good, changes, repeat, encoding, end }) => {
    let text = good.repeat(repeat);
    for (const { at, cut, put } of changes) {
      const place = at % (text.length + 1);
      text = text.slice(0, place) + put + text.slice(place + cut);
    }
    const whole = Buffer.from(encoding === "utf16le" ? `\ufeff${text}` : text, encoding);
    return end === undefined ? whole : whole.subarray(0, end);
  });

test("the good files are read", () => {
  for (const good of GOOD) {
    const file = readBank(Buffer.from(good));
    expect(file.statements.flatMap((one) => one.entries).length + file.returns.length).toBeGreaterThan(0);
    expect(file.statements.map((one) => one.chain)).not.toContain("broken");
  }
});

test("damaged files end in statements or a reason", { timeout: TIME }, () => {
  fc.assert(fc.property(damaged, ends), settings);
});

test("arbitrary bytes end in statements or a reason", { timeout: TIME }, () => {
  fc.assert(
    fc.property(
      fc.constantFrom("", ...GOOD.map((one) => one.slice(0, 200))),
      fc.uint8Array({ maxLength: 600 }),
      (head, bytes) => ends(Buffer.concat([Buffer.from(head), Buffer.from(bytes)])),
    ),
    settings,
  );
});

test("a statement written in MT940 and in CAMT reads alike", { timeout: TIME }, () => {
  const row = fc.record({
    minor: fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }).filter((one) => one !== 0n),
    day: fc.integer({ min: 1, max: 28 }),
  });
  const decimal = (minor: bigint, mark: string) => {
    const text = (minor < 0n ? -minor : minor).toString().padStart(3, "0");
    return `${text.slice(0, -2)}${mark}${text.slice(-2)}`;
  };
  fc.assert(
    fc.property(fc.array(row, { maxLength: 8 }), fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }), (rows, opening) => {
      const closing = rows.reduce((sum, one) => sum + one.minor, opening);
      const day = (of: number) => String(of).padStart(2, "0");
      const swift = [
        ":25:FR7630006000011234567890189",
        `:60F:${opening < 0n ? "D" : "C"}260331EUR${decimal(opening, ",")}`,
        ...rows.map(
          (one, at) =>
            `:61:2604${day(one.day)}${one.minor < 0n ? "D" : "C"}${decimal(one.minor, ",")}NTRFNONREF//R${at}\n:86:text`,
        ),
        `:62F:${closing < 0n ? "D" : "C"}260430EUR${decimal(closing, ",")}`,
      ].join("\n");
      const side = (minor: bigint) => `<CdtDbtInd>${minor < 0n ? "DBIT" : "CRDT"}</CdtDbtInd>`;
      const bal = (code: string, minor: bigint) =>
        `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${decimal(minor, ".")}</Amt>${side(minor)}</Bal>`;
      const iso = `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.06"><BkToCstmrStmt><Stmt><Acct><Id><IBAN>FR7630006000011234567890189</IBAN></Id></Acct>${bal("OPBD", opening)}${bal("CLBD", closing)}${rows.map((one, at) => `<Ntry><Amt Ccy="EUR">${decimal(one.minor, ".")}</Amt>${side(one.minor)}<Sts>BOOK</Sts><BookgDt><Dt>2026-04-${day(one.day)}</Dt></BookgDt><AcctSvcrRef>R${at}</AcctSvcrRef></Ntry>`).join("")}</Stmt></BkToCstmrStmt></Document>`;
      const facts = (text: string) => {
        const [one] = readBank(Buffer.from(text)).statements;
        return [
          one?.account,
          one?.chain,
          one?.opening?.minor,
          one?.closing?.minor,
          one?.entries.map((entry) => entry.key),
        ];
      };
      expect(facts(swift)).toEqual(facts(iso));
      expect(facts(iso)[1]).toBe("ok");
    }),
    settings,
  );
});
