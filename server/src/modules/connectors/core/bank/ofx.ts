import { parseCurrency } from "#kernel/money.ts";
import {
  finishFile,
  joined,
  newDetail,
  newStatement,
  orNull,
  type StatementDraft,
  type Warnings,
  warningList,
} from "./build.ts";
import { accountText } from "./iban.ts";
import { kindOfLabel } from "./kind-of-label.ts";
import { type OfxNode, ofxChild, ofxDescendants, ofxText, parseOfx } from "./ofx-tree.ts";
import type { BankFile, BankKind } from "./statement.ts";
import { isoDay, minorOf, ungrouped } from "./values.ts";

export const isOfx = (text: string): boolean =>
  /^\s*OFXHEADER\s*:/m.test(text.slice(0, 2_000)) || /<OFX>/i.test(text.slice(0, 20_000));

/** OFX 1 (SGML) and 2 (XML), bank and card statements. It gives a closing balance only, so the chain stays unknown. */
export function readOfx(text: string, warnings: Warnings = warningList()): BankFile {
  const root = parseOfx(text);
  const version = /(?:VERSION\s*[:=]\s*"?)(\d{3})/.exec(text.slice(0, 2_000))?.[1];
  warnOfSignOn(root, warnings);
  const drafts = ["STMTRS", "CCSTMTRS", "INVSTMTRS"]
    .flatMap((name) => ofxDescendants(root, name))
    .sort((a, b) => a.line - b.line)
    .map((node) => statementOf(node, warnings));
  return finishFile("ofx", drafts, [], warnings, version);
}

function warnOfSignOn(root: OfxNode, warnings: Warnings): void {
  for (const status of ofxDescendants(root, "STATUS")) {
    if ((ofxText(status, "SEVERITY") ?? "").toUpperCase() !== "ERROR") continue;
    const value = joined(ofxText(status, "CODE"), ofxText(status, "MESSAGE"));
    warnings.add("bank_answered_error", status.line, { value });
  }
}

function statementOf(node: OfxNode, warnings: Warnings): StatementDraft {
  const draft = newStatement(node.line);
  const account = ofxChild(node, "BANKACCTFROM") ?? ofxChild(node, "CCACCTFROM") ?? ofxChild(node, "INVACCTFROM");
  draft.account = accountText(ofxText(account, "ACCTID")) ?? "";
  if (draft.account === "") warnings.add("account_unknown", node.line);
  draft.bankCode = orNull(
    joined(ofxText(account, "BANKID") ?? ofxText(account, "BROKERID"), ofxText(account, "BRANCHID")),
  );
  const currency = ofxText(node, "CURDEF");
  draft.currency = parseCurrency(currency ?? "") ?? null;
  if (currency && !draft.currency) warnings.add("unknown_currency", node.line, { column: "CURDEF", value: currency });
  draft.currency ??= currencyOfRows(node);
  // One list as a rule; some programs write one per movement.
  const lists = node.children.filter((one) => one.name === "BANKTRANLIST" || one.name === "INVTRANLIST");
  const [list] = lists;
  draft.from = isoDay(ofxText(list, "DTSTART"), warnings, list?.line ?? node.line, "DTSTART");
  draft.to = isoDay(ofxText(list, "DTEND"), warnings, list?.line ?? node.line, "DTEND");
  const balance = ofxChild(node, "LEDGERBAL");
  const amount = ofxText(balance, "BALAMT");
  const minor = amount === undefined ? undefined : minorOf(ungrouped(amount), draft.currency);
  if (balance && minor === undefined) warnings.add("balance_missing", balance.line, { column: "LEDGERBAL" });
  if (balance && minor !== undefined)
    draft.closing = { on: isoDay(ofxText(balance, "DTASOF"), warnings, balance.line, "DTASOF"), minor };
  // Cash movements of a securities account stand one level deeper.
  for (const row of lists.flatMap((one) => ofxDescendants(one, "STMTTRN"))) addEntry(draft, row, warnings);
  const pending = ofxChild(node, "BANKTRANLISTP");
  for (const row of pending?.children.filter((one) => one.name === "STMTTRNP") ?? [])
    addEntry(draft, row, warnings, true);
  return draft;
}

/** The currency that every movement names, where the statement names none. */
function currencyOfRows(node: OfxNode) {
  const codes = new Set(ofxDescendants(node, "CURRENCY").map((one) => ofxText(one, "CURSYM") ?? ""));
  const [only = ""] = codes;
  return codes.size === 1 ? (parseCurrency(only) ?? null) : null;
}

function addEntry(draft: StatementDraft, row: OfxNode, warnings: Warnings, isPending = false): void {
  const text = ofxText(row, "TRNAMT") ?? "";
  const amountMinor = minorOf(ungrouped(text), draft.currency);
  if (amountMinor === undefined) {
    warnings.add("impossible_amount", row.line, { column: "TRNAMT", value: text });
    return;
  }
  const bookedOn = isoDay(ofxText(row, "DTPOSTED") ?? ofxText(row, "DTTRAN"), warnings, row.line, "DTPOSTED");
  if (bookedOn === null) warnings.add("entry_without_date", row.line, { column: "DTPOSTED" });
  const name = ofxText(row, "NAME") ?? ofxText(ofxChild(row, "PAYEE"), "NAME");
  const memo = ofxText(row, "MEMO");
  const label = joined(name, memo && memo !== name ? memo : "");
  const counterpart = ofxChild(row, "BANKACCTTO") ?? ofxChild(row, "BANKACCTFROM");
  const type = ofxText(row, "TRNTYPE")?.toUpperCase();
  draft.entries.push({
    position: String(row.line),
    amountMinor,
    isReversal: false,
    status: isPending ? "pending" : "booked",
    bookedOn,
    valueOn: isoDay(ofxText(row, "DTAVAIL") ?? ofxText(row, "VALUEDATE"), warnings, row.line, "DTAVAIL"),
    bankReference: ofxText(row, "FITID") ?? null,
    entryReference: ofxText(row, "REFNUM") ?? ofxText(row, "CHECKNUM") ?? null,
    typeCode: type ?? null,
    kind: kindOf(type ?? "", label),
    text: label,
    details: [
      newDetail(amountMinor, {
        payerName: name ?? null,
        payerIban: accountText(ofxText(counterpart, "ACCTID")),
        remittance: joined(memo) || joined(name),
      }),
    ],
  });
}

const TYPES: Readonly<Record<string, BankKind>> = {
  XFER: "transfer",
  DIRECTDEP: "transfer",
  DIRECTDEBIT: "direct_debit",
  REPEATPMT: "direct_debit",
  CHECK: "cheque",
  FEE: "fee",
  SRVCHG: "fee",
  INT: "interest",
  DIV: "interest",
  POS: "card",
  ATM: "card",
};

const kindOf = (type: string, label: string): BankKind => {
  const told = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  const read = kindOfLabel(label);
  return read === "return" ? read : (told ?? read);
};
