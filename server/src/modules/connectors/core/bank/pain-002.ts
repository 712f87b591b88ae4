import { parseCurrency } from "#kernel/money.ts";
import { FileRefused } from "../fault.ts";
import { attributeOf, child, childrenOf, parseXml, textAt, versionIn, type XmlNode } from "../xml.ts";
import { finishFile, joined, newReturn, type Warnings, warningList } from "./build.ts";
import { accountText } from "./iban.ts";
import type { BankFile, BankReturn } from "./statement.ts";
import { isoDay, minorOf } from "./values.ts";

/** The report below its Document and whatever envelope stands around. */
function reportIn(node: XmlNode, depth = 0): XmlNode | undefined {
  if (/^(CstmrPmtStsRpt|pain\.002)/.test(node.name)) return node;
  return depth > 4 ? undefined : node.children.map((one) => reportIn(one, depth + 1)).find((one) => one !== undefined);
}

export const isPain002 = (head: string): boolean => /<(?:\w+:)?(CstmrPmtStsRpt|pain\.002\.001\.0\d)/.test(head);

const REFUSED = /^(RJCT|CANC|BLCK)$/;

/**
 * pain.002: which payments or collections the bank refused. Accepted ones say nothing to a collector and are counted in no return.
 * A batch refused as a whole, without its transactions, is one return with the batch's sum.
 */
export function readPain002(text: string, warnings: Warnings = warningList()): BankFile {
  const root = parseXml(text);
  const report = reportIn(root);
  if (!report) throw new FileRefused("not_a_statement", root.line);
  const group = child(report, "OrgnlGrpInfAndSts");
  const on = isoDay(textAt(report, "GrpHdr", "CreDtTm"), warnings, report.line, "CreDtTm");
  const batches = childrenOf(report, "OrgnlPmtInfAndSts");
  // Version 2 has the transactions directly below the report.
  const direct = childrenOf(report, "TxInfAndSts");
  const returns: BankReturn[] = direct.flatMap((row) => returnOf(row, undefined, group, on, warnings) ?? []);
  for (const batch of batches) {
    const rows = childrenOf(batch, "TxInfAndSts");
    if (rows.length > 0) returns.push(...rows.flatMap((row) => returnOf(row, batch, group, on, warnings) ?? []));
    else if (REFUSED.test(textAt(batch, "PmtInfSts") ?? textAt(group, "GrpSts") ?? ""))
      returns.push(wholeBatch(batch, group, on));
  }
  if (batches.length === 0 && direct.length === 0 && group && REFUSED.test(textAt(group, "GrpSts") ?? ""))
    returns.push(wholeBatch(group, undefined, on));
  const version = versionIn(text, "pain\\.002");
  return finishFile("pain.002", [], returns, warnings, version);
}

function returnOf(
  row: XmlNode,
  batch: XmlNode | undefined,
  group: XmlNode | undefined,
  on: BankReturn["on"],
  warnings: Warnings,
): BankReturn | undefined {
  const status = textAt(row, "TxSts") ?? textAt(batch, "PmtInfSts") ?? textAt(group, "GrpSts") ?? "RJCT";
  if (!REFUSED.test(status)) return undefined;
  const original = child(row, "OrgnlTxRef");
  const amount =
    child(original, "Amt", "InstdAmt") ?? child(original, "IntrBkSttlmAmt") ?? child(original, "Amt", "EqvtAmt", "Amt");
  const currency = parseCurrency(attributeOf(amount, "Ccy") ?? "") ?? null;
  const minor = amount && minorOf(amount.text, currency);
  if (amount && minor === undefined)
    warnings.add("impossible_amount", amount.line, { column: "InstdAmt", value: amount.text });
  const reasons = [row, batch, group].map((node) => child(node, "StsRsnInf")).find((node) => node !== undefined);
  const endToEnd = textAt(row, "OrgnlEndToEndId");
  return newReturn(`TxInfAndSts:${row.line}`, {
    endToEndId: endToEnd && endToEnd !== "NOTPROVIDED" ? endToEnd : null,
    originalId: textAt(row, "OrgnlTxId") ?? textAt(row, "OrgnlInstrId") ?? textAt(batch, "OrgnlPmtInfId") ?? null,
    mandateId: textAt(original, "MndtRltdInf", "MndtId") ?? null,
    ...reasonOf(reasons),
    amountMinor: minor ?? null,
    currency,
    on: isoDay(textAt(row, "AccptncDtTm"), warnings, row.line, "AccptncDtTm") ?? on,
    payerName: textAt(original, "Dbtr", "Nm") ?? textAt(original, "Dbtr", "Pty", "Nm") ?? null,
    reference:
      textAt(original, "RmtInf", "Strd", "CdtrRefInf", "Ref") ??
      textAt(original, "RmtInf", "Ustrd") ??
      textAt(row, "StsId") ??
      null,
    accounts: ["CdtrAcct", "DbtrAcct"].flatMap((name) => accountText(textAt(original, name, "Id", "IBAN")) ?? []),
  });
}

const reasonOf = (info: XmlNode | undefined) => ({
  reason: textAt(info, "Rsn", "Cd") ?? textAt(info, "Rsn", "Prtry") ?? textAt(info, "StsRsn", "Cd") ?? null,
  reasonText:
    joined(
      ...childrenOf(info, "AddtlInf").map((one) => one.text),
      ...childrenOf(info, "AddtlStsRsnInf").map((one) => one.text),
    ) || null,
});

function wholeBatch(batch: XmlNode, group: XmlNode | undefined, on: BankReturn["on"]): BankReturn {
  const sum = textAt(batch, "OrgnlCtrlSum");
  return newReturn(`${batch.name}:${batch.line}`, {
    originalId: textAt(batch, "OrgnlPmtInfId") ?? textAt(batch, "OrgnlMsgId") ?? null,
    ...reasonOf(child(batch, "StsRsnInf") ?? child(group, "StsRsnInf")),
    amountMinor: sum === undefined ? null : (minorOf(sum, null) ?? null),
    on,
  });
}
