import { type Currency, parseCurrency } from "#kernel/money.ts";
import { attributeOf, child, childrenOf, textAt, type XmlNode } from "../xml.ts";
import { type EntryDraft, joined, newDetail, orNull, type Warnings } from "./build.ts";
import { accountText } from "./iban.ts";
import { kindOfLabel } from "./kind-of-label.ts";
import type { BankDetail, BankEntry, BankKind } from "./statement.ts";
import { isoDay, minorOf, roundedMinor } from "./values.ts";

/** One Ntry; undefined when its amount cannot be read (said in a warning). RvslInd does not turn the sign: CdtDbtInd already has it. */
export function camtEntry(
  node: XmlNode,
  position: string,
  accountCurrency: Currency | null,
  warnings: Warnings,
): { entry: EntryDraft; currency: Currency | null } | undefined {
  const amount = child(node, "Amt");
  const stated = attributeOf(amount, "Ccy") ?? "";
  const currency = parseCurrency(stated) ?? accountCurrency;
  if (stated !== "" && !parseCurrency(stated))
    warnings.add("unknown_currency", node.line, { column: "Ntry/Amt", value: stated });
  const size = roundedMinor(amount?.text ?? "", currency, warnings, { line: node.line, column: "Ntry/Amt" });
  if (size === undefined) {
    warnings.add("impossible_amount", node.line, { column: "Ntry/Amt", value: amount?.text ?? "" });
    return undefined;
  }
  if (accountCurrency && currency && currency !== accountCurrency)
    warnings.add("entry_currency", node.line, { column: position, value: currency });
  const isDebit = textAt(node, "CdtDbtInd") === "DBIT";
  if (textAt(node, "CdtDbtInd") === undefined) warnings.add("direction_missing", node.line, { column: "CdtDbtInd" });
  const amountMinor = isDebit ? -size : size;
  const isReversal = /^(true|1)$/i.test(textAt(node, "RvslInd") ?? "");
  const code = typeCodeOf(child(node, "BkTxCd"));
  const rows = detailRows(node);
  const details = withFee(
    detailsOf(rows, { amountMinor, isDebit, isReversal, currency, code: code ?? "", line: node.line }, warnings),
    feeOf(node, currency),
  );
  const status = (textAt(node, "Sts", "Cd") ?? textAt(node, "Sts") ?? "BOOK").toUpperCase();
  const first = details[0];
  const text = joined(textAt(node, "AddtlNtryInf")) || first?.remittance || first?.creditorReference || "";
  const entry: EntryDraft = {
    position,
    amountMinor,
    isReversal,
    status: status === "PDNG" || status === "FUTR" ? "pending" : status === "INFO" ? "information" : "booked",
    bookedOn: dayOf(child(node, "BookgDt"), warnings),
    valueOn: dayOf(child(node, "ValDt"), warnings),
    bankReference: reference(textAt(node, "AcctSvcrRef")),
    entryReference: reference(textAt(node, "NtryRef")),
    typeCode: code,
    kind: kindOf(code, details, `${textAt(node, "AddtlNtryInf") ?? ""}`),
    text,
    details,
  };
  return { entry, currency };
}

const reference = (text: string | undefined): string | null =>
  text && !/^(NOTPROVIDED|NONREF)$/i.test(text) ? text : null;

const dayOf = (node: XmlNode | undefined, warnings: Warnings) =>
  isoDay(textAt(node, "Dt") ?? textAt(node, "DtTm") ?? node?.text, warnings, node?.line ?? 0, node?.name ?? "");

/** "PMNT/RCDT/ESCT", else the bank's own code. */
function typeCodeOf(node: XmlNode | undefined): string | null {
  const domain = child(node, "Domn");
  const parts = [textAt(domain, "Cd"), textAt(domain, "Fmly", "Cd"), textAt(domain, "Fmly", "SubFmlyCd")];
  const standard = parts.filter((part) => part !== undefined).join("/");
  return standard || (textAt(node, "Prtry", "Cd") ?? null);
}

/** Version 1 has no NtryDtls around its details. */
const detailRows = (node: XmlNode): XmlNode[] => [
  ...childrenOf(node, "NtryDtls").flatMap((one) => childrenOf(one, "TxDtls")),
  ...childrenOf(node, "TxDtls"),
];

type Owner = {
  amountMinor: bigint;
  isDebit: boolean;
  isReversal: boolean;
  currency: Currency | null;
  code: string;
  line: number;
};

function detailsOf(rows: readonly XmlNode[], owner: Owner, warnings: Warnings): BankDetail[] {
  if (rows.length === 0) return [newDetail(owner.amountMinor)];
  const amounts = rows.map((row) => amountOf(row, owner, warnings));
  const missing = amounts.filter((amount) => amount === undefined).length;
  const known = amounts.reduce<bigint>((sum, amount) => sum + (amount ?? 0n), 0n);
  if (missing > 1) warnings.add("details_without_amount", owner.line, { value: String(missing) });
  const details = rows.map((row, index) =>
    detailOf(row, owner, amounts[index] ?? (missing === 1 ? owner.amountMinor - known : 0n)),
  );
  if (missing === 0 && known !== owner.amountMinor) {
    // The only detail of an entry is the entry, whatever another amount beside it means.
    const [only] = details;
    if (only && details.length === 1) return [{ ...only, amountMinor: owner.amountMinor }];
    warnings.add("details_do_not_add_up", owner.line, { value: String(known) });
  }
  return details;
}

/** Charges of the entry are those of its only detail, unless that names its own. */
function withFee(details: BankDetail[], feeMinor: bigint | null): BankDetail[] {
  const [only] = details;
  return only && details.length === 1 && only.feeMinor === null && feeMinor !== null
    ? [{ ...only, feeMinor }]
    : details;
}

/** The amount of a detail in the account's currency, signed; undefined where it has none. */
function amountOf(row: XmlNode, owner: Owner, warnings: Warnings): bigint | undefined {
  const candidates = [
    child(row, "Amt"),
    child(row, "AmtDtls", "TxAmt", "Amt"),
    child(row, "AmtDtls", "InstdAmt", "Amt"),
  ];
  for (const node of candidates) {
    if (!node) continue;
    if (parseCurrency(attributeOf(node, "Ccy") ?? "") !== (owner.currency ?? undefined) && owner.currency !== null)
      continue;
    const size = roundedMinor(node.text, owner.currency, warnings, { line: node.line, column: "TxDtls/Amt" });
    if (size === undefined) continue;
    const direction = textAt(row, "CdtDbtInd");
    const isDebit = direction ? direction === "DBIT" : owner.isDebit;
    return isDebit ? -size : size;
  }
  return undefined;
}

function originalOf(row: XmlNode, owner: Owner): BankDetail["original"] {
  const candidates = [
    child(row, "AmtDtls", "InstdAmt", "Amt"),
    child(row, "AmtDtls", "TxAmt", "Amt"),
    child(row, "Amt"),
  ];
  for (const node of candidates) {
    const currency = parseCurrency(attributeOf(node, "Ccy") ?? "");
    const minor = currency && minorOf(node?.text ?? "", currency);
    if (currency && minor && currency !== owner.currency) return { currency, minor: owner.isDebit ? -minor : minor };
  }
  return null;
}

const nameOf = (party: XmlNode | undefined): string | null =>
  orNull(textAt(party, "Nm") ?? textAt(party, "Pty", "Nm") ?? textAt(party, "Agt", "FinInstnId", "Nm"));

const ibanOf = (account: XmlNode | undefined): string | null =>
  accountText(
    textAt(account, "Id", "IBAN") ?? textAt(account, "Id", "Othr", "Id") ?? textAt(account, "Id", "PrtryAcct", "Id"),
  );

function detailOf(row: XmlNode, owner: Owner, amountMinor: bigint): BankDetail {
  const refs = child(row, "Refs");
  const parties = child(row, "RltdPties");
  const agents = child(row, "RltdAgts");
  // A credit is paid by its debtor. A debit concerns its creditor, unless it takes back a collection of ours: then its debtor again.
  const isOurs = owner.isDebit && (owner.isReversal || /IDDT|RCDT|RRTN/.test(owner.code));
  const sides = owner.isDebit && !isOurs ? ["Cdtr"] : owner.isDebit ? ["Dbtr", "Cdtr"] : ["Dbtr"];
  const side =
    sides.find((one) => nameOf(child(parties, one)) || ibanOf(child(parties, `${one}Acct`))) ?? sides[0] ?? "Dbtr";
  const agent = child(agents, `${side}Agt`, "FinInstnId");
  const remittance = remittanceOf(child(row, "RmtInf"));
  const reason = reasonOf(child(row, "RtrInf"));
  const endToEndId = textAt(refs, "EndToEndId");
  return newDetail(amountMinor, {
    endToEndId: endToEndId && !/^(NOTPROVIDED|NONREF|NOT PROVIDED)$/i.test(endToEndId) ? endToEndId : null,
    mandateId: textAt(refs, "MndtId") ?? null,
    payerName: nameOf(child(parties, side)),
    payerIban: ibanOf(child(parties, `${side}Acct`)),
    payerBic: textAt(agent, "BICFI") ?? textAt(agent, "BIC") ?? null,
    ultimatePayer: nameOf(child(parties, `Ultmt${side}`)),
    ...remittance,
    remittance: remittance.remittance || joined(textAt(row, "AddtlTxInf")),
    reason,
    original: originalOf(row, owner),
    feeMinor: feeOf(row, owner.currency),
  });
}

function remittanceOf(info: XmlNode | undefined): Pick<BankDetail, "creditorReference" | "documents" | "remittance"> {
  const structured = childrenOf(info, "Strd");
  const references = structured.flatMap(
    (one) => textAt(one, "CdtrRefInf", "Ref") ?? textAt(one, "CdtrRefInf", "CdtrRef") ?? [],
  );
  const documents = structured.flatMap((one) =>
    childrenOf(one, "RfrdDocInf").flatMap((document) => {
      const number = textAt(document, "Nb") ?? textAt(document, "RfrdDocNb");
      return number ? [{ number, amountMinor: documentAmount(one) }] : [];
    }),
  );
  const free = [
    ...childrenOf(info, "Ustrd").map((one) => one.text),
    ...references.slice(1),
    ...structured.flatMap((one) => childrenOf(one, "AddtlRmtInf").map((text) => text.text)),
  ];
  return { creditorReference: references[0] ?? null, documents, remittance: joined(...free) };
}

function documentAmount(structured: XmlNode): bigint | null {
  const amounts = child(structured, "RfrdDocAmt");
  const credit = child(amounts, "CdtNoteAmt");
  const node = child(amounts, "RmtdAmt") ?? credit ?? child(amounts, "DuePyblAmt");
  const currency = parseCurrency(attributeOf(node, "Ccy") ?? "") ?? null;
  const size = node && minorOf(node.text, currency);
  if (size === undefined) return null;
  return node === credit ? -size : size;
}

function reasonOf(info: XmlNode | undefined): BankDetail["reason"] {
  const code = textAt(info, "Rsn", "Cd") ?? textAt(info, "Rsn", "Prtry") ?? textAt(info, "RtrRsn", "Cd");
  const text = joined(...childrenOf(info, "AddtlInf").map((one) => one.text)) || null;
  return code || text ? { code: code ?? "", text } : null;
}

function feeOf(row: XmlNode, currency: Currency | null): bigint | null {
  let sum: bigint | null = null;
  for (const charges of childrenOf(row, "Chrgs")) {
    const records = childrenOf(charges, "Rcrd");
    for (const one of records.length > 0 ? records : [charges]) {
      const node = child(one, "Amt") ?? child(one, "TtlChrgsAndTaxAmt");
      if (!node || parseCurrency(attributeOf(node, "Ccy") ?? "") !== (currency ?? undefined)) continue;
      const size = minorOf(node.text, currency);
      if (size !== undefined) sum = (sum ?? 0n) + size;
    }
  }
  return sum;
}

const RETURN_FAMILIES = /\/(UPDD|PRDD|UPCQ|CQRV|RRTN|RPCR|RVSL|ARET|PRCT|DAJT\/RTRN|UPCC|RCDD)$/;

function kindOf(code: string | null, details: readonly BankDetail[], label: string): BankKind {
  if (details.some((one) => one.reason !== null)) return "return";
  if (code === null) return kindOfLabel(label);
  if (RETURN_FAMILIES.test(code)) return "return";
  if (/\/(CHRG|FEES|COMM|COMT)$/.test(code)) return "fee";
  if (/\/INTR$/.test(code)) return "interest";
  const family = code.split("/")[1] ?? "";
  const known: Readonly<Record<string, BankKind>> = {
    RCDT: "transfer",
    ICDT: "transfer",
    IRCT: "transfer",
    RRCT: "transfer",
    RDDT: "direct_debit",
    IDDT: "direct_debit",
    RCHQ: "cheque",
    ICHQ: "cheque",
    CCRD: "card",
    MCRD: "card",
    DRFT: "bill",
    LBOX: "cheque",
  };
  return (Object.hasOwn(known, family) ? known[family] : undefined) ?? (kindOfLabel(label) satisfies BankEntry["kind"]);
}
