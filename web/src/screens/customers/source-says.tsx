import { IconArrowBackUp } from "@tabler/icons-react";
import type { Customer } from "#contracts/parties.ts";
import { Button } from "#ui/button.tsx";
import { actions } from "../../api/parties.ts";
import { type TextKey, useT } from "../../i18n/index.ts";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";

/** Where a field stands in words; the same words as its form. */
const LABELS: Readonly<Record<string, TextKey | undefined>> = {
  name: "field.name",
  language: "contacts.language",
  country: "field.country",
  phone: "field.phone",
  email: "signIn.email",
  address: "field.address",
  postalCode: "field.postalCode",
  city: "field.city",
  termDays: "companies.terms",
  termKind: "customer.termKind",
  paymentMethod: "items.method",
  salesPerson: "contactRole.sales",
};

/** Fields typed by hand where the source says something else: both values, and the way back. */
export function SourceSays({ customer, onDone }: { customer: Customer; onDone: () => void }) {
  const { t } = useT();
  const { act, waiting, problem } = useAct();
  const standing = customer as unknown as Readonly<Record<string, unknown>>;
  const differing = customer.typedFields.filter(
    (one) => one.isSourceKnown && one.sourceValue !== null && String(standing[one.field] ?? "") !== one.sourceValue,
  );
  if (differing.length === 0) return null;
  const take = (field: string) =>
    void act(() => actions.takeSource(customer.id, customer.version, field), {
      done: t("customer.sourceTaken"),
      refresh: [["customers"], ["items"]],
      next: onDone,
    });
  const label = (field: string) => {
    const key = LABELS[field];
    return key ? t(key) : field === "siren" ? "SIREN" : t("customer.vatNumber");
  };
  return (
    <section className="stack gap-8" aria-label={t("customer.sourceSays")}>
      <div className="field-label">{t("customer.sourceSays")}</div>
      <div className="t3 small">{t("customer.sourceSaysHint")}</div>
      <Refusal>{problem}</Refusal>
      {differing.map((one) => (
        <div className="row" key={one.field}>
          <span className="grow">
            {t("customer.sourceSaysField", { field: label(one.field), value: one.sourceValue ?? "" })}
          </span>
          <Button size="small" icon={IconArrowBackUp} disabled={waiting} onClick={() => take(one.field)}>
            {t("customer.takeSource")}
          </Button>
        </div>
      ))}
    </section>
  );
}
