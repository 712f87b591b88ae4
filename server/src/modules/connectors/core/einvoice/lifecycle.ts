import type { Warnings } from "../bank/build.ts";
import { child, childrenOf, textAt, type XmlNode } from "../xml.ts";
import type { Lifecycle } from "./invoice.ts";
import { dayOf } from "./values.ts";

export const isLifecycle = (root: XmlNode): boolean => root.name === "CrossDomainAcknowledgementAndResponse";

/** A life-cycle message (XP Z12-012): status of one invoice with its reasons. Unknown codes are kept as they are. */
export function readLifecycle(root: XmlNode, warnings: Warnings): Lifecycle {
  const document = child(root, "AcknowledgementDocument");
  const invoice = child(document, "ReferenceReferencedDocument");
  const statuses = childrenOf(invoice, "SpecifiedDocumentStatus");
  const instant = (node: XmlNode | undefined) => dayOf(child(node, "DateTimeString"), warnings);
  return {
    code: textAt(invoice, "ProcessConditionCode") ?? null,
    label: textAt(invoice, "ProcessCondition")?.replaceAll("_", " ") ?? null,
    invoiceNumber: textAt(invoice, "IssuerAssignedID") ?? null,
    invoiceType: textAt(invoice, "TypeCode") ?? null,
    invoiceOn: instant(child(invoice, "FormattedIssueDateTime")),
    at: instant(child(document, "IssueDateTime")) ?? instant(child(root, "ExchangedDocument", "IssueDateTime")),
    seller: textAt(invoice, "IssuerTradeParty", "GlobalID") ?? null,
    reasons: statuses.flatMap((one) => {
      const found = {
        code: textAt(one, "ReasonCode") ?? null,
        text: textAt(one, "Reason") ?? null,
        action: textAt(one, "RequestedActionCode") ?? null,
      };
      return found.code || found.text || found.action ? [found] : [];
    }),
    amounts: statuses.flatMap((one) =>
      childrenOf(one, "SpecifiedDocumentCharacteristic").flatMap((detail) => {
        const value = textAt(detail, "ValueAmount");
        return value ? [{ code: textAt(detail, "TypeCode") ?? "", value }] : [];
      }),
    ),
  };
}
