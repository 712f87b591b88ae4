import type { ImportProfile } from "#contracts/imports.ts";
import { Amount } from "#ui/amount.tsx";
import { useFormats } from "#ui/locale.tsx";
import { Strip } from "#ui/surfaces.tsx";
import { useT } from "../../i18n/index.ts";

/** What an e-invoice says of itself, before anything is made of it. */
export function InvoiceFacts({ invoice }: { invoice: NonNullable<ImportProfile["invoice"]> }) {
  const { t } = useT();
  const formats = useFormats();
  const day = (on: string | null) => (on ? formats.day(on) : "–");
  return (
    <div style={{ marginBottom: 16 }}>
      <Strip
        figures={[
          {
            key: "number",
            label: t("einvoice.number"),
            value: invoice.number ?? "–",
            below: [t("einvoice.issued", { day: day(invoice.issuedOn) }), invoice.orderNumber]
              .filter(Boolean)
              .join(" · "),
          },
          {
            key: "parties",
            label: t("einvoice.buyer"),
            value: invoice.buyer ?? "–",
            below: t("einvoice.seller", { name: invoice.seller ?? "–" }),
          },
          {
            key: "total",
            label: t("einvoice.total"),
            value: invoice.total ? <Amount value={invoice.total} /> : "–",
            below: invoice.payable ? t("einvoice.payable", { amount: formats.amount(invoice.payable) }) : null,
          },
          { key: "due", label: t("field.dueOn"), value: day(invoice.dueOn) },
        ]}
      />
    </div>
  );
}
