import { type Warnings, warningList } from "../bank/build.ts";
import { decodeWhole } from "../decode.ts";
import { FileRefused } from "../fault.ts";
import { natureOf } from "../read-text.ts";
import { child, parseXml, type XmlNode } from "../xml.ts";
import { isCii, readCii } from "./cii.ts";
import type { EInvoiceFile } from "./invoice.ts";
import { isLifecycle, readLifecycle } from "./lifecycle.ts";
import { type Attachment, attachmentsOf } from "./pdf-attachments.ts";
import { isUbl, readUbl } from "./ubl.ts";

/** Names under which standards put the invoice into a PDF, the newest first; others are looked at after them. */
const NAMES = ["factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml", "order-x.xml"];

/** Whether an XML text has a root that this reader knows. */
export const looksLikeInvoice = (text: string): boolean =>
  /<(?:[\w.-]{1,40}:)?(CrossIndustryInvoice|CrossIndustryDocument|CrossDomainAcknowledgementAndResponse|Invoice|CreditNote)[\s>]/.test(
    text,
  );

/**
 * An e-invoice of any known syntax: UBL 2.1, CII, ZUGFeRD 1, or a PDF that carries one among its attachments; or a life-cycle message.
 * Throws FileRefused when it is none.
 */
export function readEInvoice(content: Buffer): EInvoiceFile {
  const warnings = warningList();
  if (natureOf(content.subarray(0, 65_536)) === "pdf") return fromPdf(content, warnings);
  return fromXml(content, null, warnings);
}

function fromPdf(content: Buffer, warnings: Warnings): EInvoiceFile {
  const attachments = attachmentsOf(content);
  const candidates = attachments.filter(isXml).sort((a, b) => rank(a) - rank(b));
  let damage: FileRefused | undefined;
  for (const one of candidates) {
    try {
      return fromXml(one.content, one.name, warnings);
    } catch (error) {
      if (!(error instanceof FileRefused)) throw error;
      // Data of another kind is passed over; a damaged invoice is the answer when no other is found.
      if (error.fault.code !== "not_an_einvoice") damage ??= error;
    }
  }
  if (damage) throw damage;
  const value = attachments.map((one) => one.name).join(", ");
  throw new FileRefused("pdf_without_invoice", 0, value ? { value } : {});
}

const isXml = ({ content, name }: Attachment): boolean =>
  /\.xml$/i.test(name) || /^[^<]{0,8}<[?!\w]/.test(content.subarray(0, 64).toString("latin1"));

const rank = ({ name }: Attachment): number => {
  const at = NAMES.indexOf(name.toLowerCase());
  return at < 0 ? NAMES.length : at;
};

function fromXml(content: Buffer, attachment: string | null, warnings: Warnings): EInvoiceFile {
  const { text, isAsDeclared, encoding } = decodeWhole(content);
  if (!/^\s*</.test(text)) throw new FileRefused("not_an_einvoice", 1);
  const root = unwrapped(parseXml(text));
  if (!isAsDeclared) warnings.add("encoding_not_as_declared", 1, { value: encoding });
  if (isUbl(root)) return { kind: "invoice", invoice: readUbl(root, warnings), attachment, warnings: warnings.all() };
  if (isCii(root)) return { kind: "invoice", invoice: readCii(root, warnings), attachment, warnings: warnings.all() };
  if (isLifecycle(root))
    return { kind: "lifecycle", lifecycle: readLifecycle(root, warnings), attachment, warnings: warnings.all() };
  throw new FileRefused("not_an_einvoice", root.line, { value: root.name });
}

const isInvoice = (node: XmlNode): boolean =>
  isCii(node) || (isUbl(node) && child(node, "AccountingSupplierParty") !== undefined);

/** How deep an envelope may wrap the document: transport, its body, a business document, the invoice. */
const ENVELOPES = 4;

/** An envelope (Peppol's, a transport's) holds one document beside its headers. One that holds several is not taken for any of them. */
function unwrapped(root: XmlNode): XmlNode {
  let level = [root];
  for (let depth = 0; depth < ENVELOPES && !isUbl(root) && !isCii(root); depth++) {
    level = level.flatMap((one) => one.children);
    const [only, ...others] = level.filter(isInvoice);
    if (only) return others.length === 0 ? only : root;
  }
  return root;
}
