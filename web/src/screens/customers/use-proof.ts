import { useQuery } from "@tanstack/react-query";
import { useFormats } from "#ui/locale.tsx";
import { ledgerProofQuery } from "../../api/receivables.ts";
import { useT } from "../../i18n/index.ts";
import { useWorkplace } from "../../session.tsx";

/**
 * Whether the ledger ties today, in one sentence; undefined while unknown or without any ledger. Of the companies of `of`: those in a book currency, or
 * those named, else of all that the reader looks at.
 */
export function useProof(
  of: { currency?: string; companyIds?: readonly string[] } = {},
): { ties: boolean; text: string; gap: string } | undefined {
  const { t } = useT();
  const formats = useFormats();
  const { may, company } = useWorkplace();
  const query = useQuery({ ...ledgerProofQuery(), enabled: may("receivables.read") });
  const shown =
    query.data?.companies.filter(
      (one) =>
        (!company || one.companyId === company.id) &&
        (!of.currency || one.currency === of.currency) &&
        (!of.companyIds || of.companyIds.includes(one.companyId)),
    ) ?? [];
  if (shown.length === 0) return undefined;
  const ties = shown.every((one) => one.isTied);
  const gaps = shown
    .filter((one) => !one.isTied)
    .map((one) =>
      formats.amount({
        minor: String(BigInt(one.ownDifference) + BigInt(one.sourceDifference ?? "0")),
        currency: one.currency,
      }),
    );
  const zero = formats.amount({ minor: "0", currency: shown[0]?.currency ?? "EUR" });
  const gap = ties ? zero : gaps.join(" + ");
  return { ties, gap, text: t(ties ? "proof.line" : "proof.lineGap", { gap }) };
}
