import { IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { DayField } from "#ui/fields.tsx";
import { useLocale } from "#ui/locale.tsx";
import { Segments } from "#ui/tabs.tsx";
import { customerQuery } from "../../api/parties.ts";
import { useT } from "../../i18n/index.ts";
import { readClauses, writeClauses } from "../../parts/criteria/codec.ts";
import { useCriteria } from "../../parts/criteria/criteria.ts";
import { FilterBar } from "../../parts/criteria/filter-bar.tsx";
import { MyPortfolioClause } from "../../parts/my-portfolio.tsx";

export type Patch = (patch: Readonly<Record<string, string | undefined>>) => void;

/** The day, then one chip per criterion of the catalogue; all of it stands in the address. */
export function ItemFilters({ search, set }: { search: Readonly<Record<string, string>>; set: Patch }) {
  const { t } = useT();
  const { today } = useLocale();
  const criteria = useCriteria("item");
  const layers = search.layers === "working" ? "working" : "ledger";
  return (
    <FilterBar
      criteria={criteria}
      clauses={readClauses(search.f)}
      onChange={(clauses) => set({ f: writeClauses(clauses) || undefined })}
      before={
        <>
          <div className="inline-field">
            <DayField
              label={t("items.asOf")}
              value={search.asOf ?? today}
              onChange={(day) => set({ asOf: day === today ? undefined : day })}
            />
          </div>
          <MyPortfolioClause criterion="item.customer_owner" written={search.f} onChange={(f) => set({ f })} />
          {search.customerId ? (
            <CustomerChip customerId={search.customerId} onRemove={() => set({ customerId: undefined })} />
          ) : null}
          {search.document ? (
            <Chip name={t("items.document")} onRemove={() => set({ document: undefined })}>
              {search.document}
            </Chip>
          ) : null}
        </>
      }
      after={
        <>
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
        </>
      }
    />
  );
}

function CustomerChip({ customerId, onRemove }: { customerId: string; onRemove: () => void }) {
  const { t } = useT();
  const customer = useQuery(customerQuery(customerId)).data;
  return (
    <Chip name={t("field.customer")} onRemove={onRemove}>
      {customer?.name ?? "…"}
    </Chip>
  );
}

function Chip(props: { name: string; children: ReactNode; onRemove: () => void }) {
  const { t } = useT();
  return (
    <span className="chip chip-on">
      <span className="chip-key">{props.name}</span>
      <b>{props.children}</b>
      <button
        type="button"
        className="chip-cross"
        aria-label={t("filter.removeNamed", { name: props.name })}
        onClick={props.onRemove}
      >
        <IconX className="icon-s" stroke={1.75} aria-hidden="true" />
      </button>
    </span>
  );
}
