import { type Currency, parseCurrency } from "#kernel/money.ts";
import { FileRefused } from "../fault.ts";
import { attributeOf, child, childrenOf, parseXml, textAt, versionIn, type XmlNode } from "../xml.ts";
import { finishFile, newStatement, type StatementDraft, type Warnings, warningList } from "./build.ts";
import { camtEntry } from "./camt-entry.ts";
import { accountText } from "./iban.ts";
import type { BankBalance, BankFile, BankFormat, BankStatement } from "./statement.ts";
import { isoDay, roundedMinor } from "./values.ts";

/** Roots below Document in all versions; 052 version 1 ends in V01. */
const KINDS: readonly { root: RegExp; body: string; format: BankFormat; scope: BankStatement["scope"] }[] = [
  { root: /^BkToCstmrStmt/, body: "Stmt", format: "camt.053", scope: "statement" },
  { root: /^BkToCstmrAcctRpt/, body: "Rpt", format: "camt.052", scope: "intraday" },
  { root: /^BkToCstmrDbtCdtNtfctn/, body: "Ntfctn", format: "camt.054", scope: "notification" },
];

export const isCamt = (head: string): boolean => /<(?:\w+:)?BkToCstmr(Stmt|AcctRpt|DbtCdtNtfctn)/.test(head);

/** camt.052, .053 and .054 in versions 01 and later: elements are matched by local name, so that all of them read alike. */
export function readCamt(text: string, warnings: Warnings = warningList()): BankFile {
  // Entries are taken as they end, their statement's header stands before them: a long file is never held as a tree.
  const byBody = new Map<XmlNode, StatementDraft>();
  const root = parseXml(text, {
    name: "Ntry",
    on: (node, parents) => {
      const body = parents.at(-1);
      if (!body) return;
      const kind = kindOf(parents);
      if (!kind) return;
      const draft = byBody.get(body) ?? begin(body, kind.scope, warnings);
      byBody.set(body, draft);
      const path = `${body.name}[${byBody.size}]/Ntry[${draft.entries.length + 1}]:${node.line}`;
      const entry = camtEntry(node, path, draft.currency, warnings);
      if (!entry) return;
      draft.currency ??= entry.currency;
      draft.entries.push(entry.entry);
    },
  });
  const message = messageIn(root);
  const kind = message && KINDS.find((one) => one.root.test(message.name));
  if (!message || !kind) throw new FileRefused("not_a_statement", root.line);
  // Statements in the order of the file, those without entries among them; balances may stand after the entries.
  const all = childrenOf(message, kind.body).map((body) => {
    const draft = byBody.get(body) ?? begin(body, kind.scope, warnings);
    complete(draft, body, warnings);
    return draft;
  });
  const version = versionIn(text, "camt\\.05[234]");
  return finishFile(kind.format, stitched(all), [], warnings, version);
}

/** The message itself, below its Document and whatever envelope a bank or a network put around. */
function messageIn(node: XmlNode, depth = 0): XmlNode | undefined {
  if (KINDS.some((one) => one.root.test(node.name))) return node;
  if (depth > 4) return undefined;
  for (const one of node.children) {
    const found = messageIn(one, depth + 1);
    if (found) return found;
  }
  return undefined;
}

const kindOf = (parents: readonly XmlNode[]) =>
  KINDS.find((one) => one.body === parents.at(-1)?.name && one.root.test(parents.at(-2)?.name ?? ""));

function begin(body: XmlNode, scope: BankStatement["scope"], warnings: Warnings): StatementDraft {
  const draft = newStatement(body.line, scope);
  const account = child(body, "Acct");
  const id = child(account, "Id");
  draft.account =
    accountText(
      textAt(id, "IBAN") ??
        textAt(id, "Othr", "Id") ??
        textAt(id, "PrtryAcct", "Id") ??
        textAt(id, "BBAN") ??
        textAt(id, "UPIC"),
    ) ?? "";
  if (draft.account === "") warnings.add("account_unknown", body.line);
  const bank = child(account, "Svcr", "FinInstnId");
  draft.bankCode = textAt(bank, "BICFI") ?? textAt(bank, "BIC") ?? textAt(bank, "ClrSysMmbId", "MmbId") ?? null;
  draft.accountName =
    textAt(account, "Ownr", "Nm") ?? textAt(account, "Ownr", "Pty", "Nm") ?? textAt(account, "Nm") ?? null;
  draft.currency = parseCurrency(textAt(account, "Ccy") ?? "") ?? currencyOfBalance(body, ["OPBD", "PRCD", "CLBD"]);
  draft.number = textAt(body, "ElctrncSeqNb") ?? textAt(body, "LglSeqNb") ?? textAt(body, "Id") ?? null;
  const period = child(body, "FrToDt");
  draft.from = isoDay(textAt(period, "FrDtTm") ?? textAt(period, "FrDt"), warnings, body.line, "FrDtTm");
  draft.to = isoDay(textAt(period, "ToDtTm") ?? textAt(period, "ToDt"), warnings, body.line, "ToDtTm");
  return draft;
}

const codeOf = (balance: XmlNode): string =>
  textAt(balance, "Tp", "CdOrPrtry", "Cd") ??
  textAt(balance, "Tp", "CdOrPrtry", "Prtry") ??
  textAt(balance, "Tp", "Cd") ??
  "";

/** The booked balances tell the account's currency; others only where nothing else does. */
function currencyOfBalance(body: XmlNode, codes: readonly string[]): Currency | null {
  const balances = childrenOf(body, "Bal");
  const found = codes.map((code) => balances.find((one) => codeOf(one) === code)).find((one) => one !== undefined);
  return parseCurrency(attributeOf(child(found, "Amt"), "Ccy") ?? "") ?? null;
}

/** Opening = OPBD, else the previous closing; closing = CLBD. Interim balances (ITBD) bound a page or a report of the day. */
function complete(draft: StatementDraft, body: XmlNode, warnings: Warnings): void {
  const balances = childrenOf(body, "Bal");
  const named = (code: string) => balances.filter((one) => codeOf(one) === code);
  draft.currency ??= currencyOfBalance(body, balances.map(codeOf));
  const interim = named("ITBD");
  const opening =
    named("OPBD")[0] ?? named("PRCD")[0] ?? (interim.length > 1 || named("CLBD").length > 0 ? interim[0] : undefined);
  const closing = named("CLBD").at(-1) ?? interim.filter((one) => one !== opening).at(-1);
  draft.opening = opening ? balanceOf(opening, draft.currency, warnings) : null;
  // A single interim balance beside a closing one says nothing new; alone it is where the account stands.
  draft.closing = closing ? balanceOf(closing, draft.currency, warnings) : null;
  if (draft.scope === "notification") draft.opening = null;
}

function balanceOf(node: XmlNode, accountCurrency: Currency | null, warnings: Warnings): BankBalance | null {
  const currency = parseCurrency(attributeOf(child(node, "Amt"), "Ccy") ?? "") ?? accountCurrency;
  const size = roundedMinor(textAt(node, "Amt") ?? "", currency, warnings, { line: node.line, column: "Bal/Amt" });
  if (size === undefined) {
    warnings.add("impossible_amount", node.line, { column: "Bal/Amt", value: textAt(node, "Amt") ?? "" });
    return null;
  }
  const isDebit = textAt(node, "CdtDbtInd") === "DBIT";
  const on = isoDay(
    textAt(node, "Dt", "Dt") ?? textAt(node, "Dt", "DtTm") ?? textAt(node, "Dt"),
    warnings,
    node.line,
    "Bal/Dt",
  );
  const isOther = currency !== null && accountCurrency !== null && currency !== accountCurrency;
  if (isOther) warnings.add("balance_currency", node.line, { column: codeOf(node), value: currency });
  return { on, minor: isDebit && size > 0n ? -size : size, ...(isOther ? { currency } : {}) };
}

/** Pages of one statement (same account and number, each handing on its balance) are one statement. */
function stitched(drafts: StatementDraft[]): StatementDraft[] {
  const whole: StatementDraft[] = [];
  for (const draft of drafts) {
    const before = whole.at(-1);
    const isNextPage =
      before &&
      draft.number !== null &&
      before.scope === "statement" &&
      before.account === draft.account &&
      before.number === draft.number &&
      before.currency === draft.currency &&
      before.closing !== null &&
      before.closing.minor === draft.opening?.minor;
    if (!isNextPage) {
      whole.push(draft);
      continue;
    }
    for (const entry of draft.entries) before.entries.push(entry);
    before.closing = draft.closing;
    before.to = draft.to ?? before.to;
  }
  return whole;
}
