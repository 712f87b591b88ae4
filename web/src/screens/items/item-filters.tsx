import { Popover } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Button } from "#ui/button.tsx";
import { CheckField, Choice, DayField, TextField } from "#ui/fields.tsx";
import { Key } from "#ui/key.tsx";
import { useFormats } from "#ui/locale.tsx";
import { Segments } from "#ui/tabs.tsx";
import { customerQuery } from "../../api/parties.ts";
import type { ItemKind } from "../../api/receivables.ts";
import { type TextKey, useT } from "../../i18n/index.ts";
import { useHotkeys } from "../../shell/hotkeys.ts";

export type Patch = (patch: Readonly<Record<string, string | undefined>>) => void;

const KINDS: readonly ItemKind[] = [
  "invoice",
  "credit_note",
  "payment",
  "rejection",
  "opening",
  "exchange_difference",
  "adjustment",
  "other",
];
const CRITERIA = ["kinds", "dueFrom", "dueTo", "document", "currency", "asOf"] as const;
type Criterion = (typeof CRITERIA)[number];
const NAMES: Readonly<Record<Criterion, TextKey>> = {
  kinds: "field.kind",
  dueFrom: "items.dueFrom",
  dueTo: "items.dueTo",
  document: "items.document",
  currency: "field.currency",
  asOf: "items.asOf",
};

/** One chip per criterion, kept in the address. */
export function ItemFilters({ search, set }: { search: Readonly<Record<string, string>>; set: Patch }) {
  const { t } = useT();
  const formats = useFormats();
  const [editing, setEditing] = useState<Criterion | "new" | undefined>();
  const [adding, setAdding] = useState<Criterion | "">("");
  useHotkeys({ f: () => setEditing("new") });
  const words = (name: Criterion, value: string): ReactNode =>
    name === "kinds"
      ? value
          .split(",")
          .map((kind) => t(`kind.${KINDS.find((one) => one === kind) ?? "other"}`))
          .join(", ")
      : name === "dueFrom" || name === "dueTo" || name === "asOf"
        ? formats.day(value)
        : value;
  const close = () => {
    setEditing(undefined);
    setAdding("");
  };
  const free = CRITERIA.filter((name) => !search[name]);
  const layers = search.layers === "working" ? "working" : "ledger";
  return (
    <search className="filters" aria-label={t("filter.label")}>
      {search.customerId ? (
        <CustomerChip customerId={search.customerId} onRemove={() => set({ customerId: undefined })} />
      ) : null}
      {CRITERIA.filter((name) => search[name]).map((name) => (
        <Popover
          key={name}
          opened={editing === name}
          onChange={(opened) => !opened && close()}
          position="bottom-start"
          trapFocus
        >
          <Popover.Target>
            <span className="chip chip-on">
              <button type="button" className="chip-body" onClick={() => setEditing(name)}>
                <span className="chip-key">{t(NAMES[name])}</span>
                <b>{words(name, search[name] ?? "")}</b>
              </button>
              <button
                type="button"
                className="chip-cross"
                aria-label={t("filter.removeNamed", { name: t(NAMES[name]) })}
                onClick={() => set({ [name]: undefined })}
              >
                <IconX className="icon-s" stroke={1.75} aria-hidden="true" />
              </button>
            </span>
          </Popover.Target>
          <Popover.Dropdown>
            <ValueForm name={name} value={search[name] ?? ""} set={set} onDone={close} />
          </Popover.Dropdown>
        </Popover>
      ))}
      {free.length > 0 ? (
        <Popover opened={editing === "new"} onChange={(opened) => !opened && close()} position="bottom-start" trapFocus>
          <Popover.Target>
            <button type="button" className="chip chip-add" onClick={() => setEditing("new")}>
              <IconPlus className="icon-s" stroke={1.75} aria-hidden="true" />
              {t("filter.add")}
              <Key>F</Key>
            </button>
          </Popover.Target>
          <Popover.Dropdown>
            <div className="stack gap-12" style={{ minWidth: 260 }}>
              <Choice
                label={t("filter.criterion")}
                value={adding}
                placeholder={t("filter.choose")}
                options={free.map((name) => ({ value: name, label: t(NAMES[name]) }))}
                onChange={setAdding}
              />
              {adding ? <ValueForm key={adding} name={adding} value="" set={set} onDone={close} /> : null}
            </div>
          </Popover.Dropdown>
        </Popover>
      ) : null}
      <span className="grow" />
      <Segments
        label={t("layer.label")}
        value={layers}
        onChange={(next) => set({ layers: next === "working" ? next : undefined })}
        items={[
          { key: "ledger", label: t("layer.ledger") },
          { key: "working", label: t("layer.working") },
        ]}
      />
    </search>
  );
}

function CustomerChip({ customerId, onRemove }: { customerId: string; onRemove: () => void }) {
  const { t } = useT();
  const customer = useQuery(customerQuery(customerId)).data;
  return (
    <span className="chip chip-on">
      <span className="chip-key">{t("field.customer")}</span>
      <b>{customer?.name ?? "…"}</b>
      <button
        type="button"
        className="chip-cross"
        aria-label={t("filter.removeNamed", { name: t("field.customer") })}
        onClick={onRemove}
      >
        <IconX className="icon-s" stroke={1.75} aria-hidden="true" />
      </button>
    </span>
  );
}

function ValueForm(props: { name: Criterion; value: string; set: Patch; onDone: () => void }) {
  const { name, set, onDone } = props;
  const { t } = useT();
  const [value, setValue] = useState(props.value);
  const apply = (next: string) => {
    set({ [name]: next.trim() || undefined });
    onDone();
  };
  if (name === "dueFrom" || name === "dueTo" || name === "asOf")
    return <DayField label={t(NAMES[name])} value={value} onChange={apply} hint={t("stops.untilHint")} />;
  return (
    <form
      className="stack gap-12"
      onSubmit={(event) => {
        event.preventDefault();
        apply(value);
      }}
    >
      {name === "kinds" ? (
        <fieldset className="stack" style={{ gap: 2 }}>
          <legend className="field-label">{t(NAMES[name])}</legend>
          {KINDS.map((kind) => {
            const chosen = value.split(",").filter(Boolean);
            return (
              <CheckField
                key={kind}
                checked={chosen.includes(kind)}
                onChange={(on) => setValue((on ? [...chosen, kind] : chosen.filter((one) => one !== kind)).join(","))}
              >
                {t(`kind.${kind}`)}
              </CheckField>
            );
          })}
        </fieldset>
      ) : (
        <TextField
          label={t(NAMES[name])}
          value={value}
          onChange={(next) => setValue(name === "currency" ? next.toUpperCase() : next)}
        />
      )}
      <div>
        <Button type="submit" tone="primary" size="small">
          {t("filter.apply")}
        </Button>
      </div>
    </form>
  );
}
