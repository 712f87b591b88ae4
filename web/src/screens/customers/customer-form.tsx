import { useState } from "react";
import type { Customer, CustomerWrite } from "#contracts/parties.ts";
import { Button } from "#ui/button.tsx";
import { CheckField, Choice, TextArea, TextField } from "#ui/fields.tsx";
import { actions } from "../../api/parties.ts";
import { useT } from "../../i18n/index.ts";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { SourceSays } from "./source-says.tsx";

const TERMS = ["net", "days_then_end_of_month", "end_of_month", "on_the"] as const;

export function CustomerForm({ customer, onDone }: { customer: Customer; onDone: () => void }) {
  const { t } = useT();
  const { act, waiting, problem } = useAct();
  const [draft, setDraft] = useState<CustomerWrite>(() => {
    const {
      id: _id,
      version: _version,
      accounts: _accounts,
      createdAt: _createdAt,
      typedFields: _typed,
      ...write
    } = customer;
    return write;
  });
  const set = (patch: Partial<CustomerWrite>) => setDraft({ ...draft, ...patch });
  const text = (value: string) => (value.trim() === "" ? null : value);
  const save = () =>
    void act(() => actions.changeCustomer(customer.id, customer.version, draft), {
      done: t("ui.saved"),
      refresh: [["customers"], ["items"]],
      next: onDone,
    });
  return (
    <form
      className="stack gap-16"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Refusal>{problem}</Refusal>
      <SourceSays customer={customer} onDone={onDone} />
      <TextField label={t("field.name")} value={draft.name} onChange={(name) => set({ name })} required />
      <div className="fields fields-2">
        <TextField label={t("field.number")} value={draft.number} onChange={(number) => set({ number })} required />
        <TextField label="SIREN" value={draft.siren ?? ""} onChange={(value) => set({ siren: text(value) })} />
        <Choice
          label={t("contacts.language")}
          value={draft.language === "en" ? "en" : "fr"}
          options={[
            { value: "fr", label: t("language.fr") },
            { value: "en", label: t("language.en") },
          ]}
          onChange={(language) => set({ language })}
        />
        <TextField
          label={t("field.country")}
          value={draft.country}
          onChange={(value) => set({ country: value.toUpperCase().slice(0, 2) })}
        />
        <TextField
          label={t("companies.terms")}
          type="number"
          value={draft.termDays === null ? "" : String(draft.termDays)}
          onChange={(value) => set({ termDays: value === "" ? null : Number(value) })}
        />
        <Choice
          label={t("customer.termKind")}
          value={draft.termKind ?? "net"}
          options={TERMS.map((value) => ({ value, label: t(`termKind.${value}`) }))}
          onChange={(termKind) => set({ termKind })}
        />
        <TextField
          label={t("contactRole.sales")}
          value={draft.salesPerson ?? ""}
          onChange={(value) => set({ salesPerson: text(value) })}
        />
        <TextField
          label={t("items.method")}
          value={draft.paymentMethod ?? ""}
          onChange={(value) => set({ paymentMethod: text(value) })}
        />
      </div>
      <TextArea
        label={t("field.address")}
        value={draft.address ?? ""}
        onChange={(value) => set({ address: text(value) })}
      />
      <div className="fields fields-2">
        <TextField
          label={t("field.postalCode")}
          value={draft.postalCode ?? ""}
          onChange={(value) => set({ postalCode: text(value) })}
        />
        <TextField label={t("field.city")} value={draft.city ?? ""} onChange={(value) => set({ city: text(value) })} />
      </div>
      <CheckField checked={draft.isChased} onChange={(isChased) => set({ isChased })}>
        {t("customer.isChased")}
      </CheckField>
      <div>
        <Button type="submit" tone="primary" waiting={waiting}>
          {t("ui.save")}
        </Button>
      </div>
    </form>
  );
}
