import { useQuery } from "@tanstack/react-query";
import type { AgedBalance } from "#contracts/receivables.ts";
import { Choice, DayField } from "#ui/fields.tsx";
import { useFormats, useLocale } from "#ui/locale.tsx";
import { EmptyState } from "#ui/states.tsx";
import { Note, PageHead } from "#ui/surfaces.tsx";
import { Segments } from "#ui/tabs.tsx";
import { type AgedBy, agedBalanceQuery } from "../../api/receivables.ts";
import { useT } from "../../i18n/index.ts";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { MyPortfolio } from "../../parts/my-portfolio.tsx";
import { useSearchState } from "../../parts/search-state.ts";
import { useWorkplace } from "../../session.tsx";
import { usePageTitle } from "../../shell/page.tsx";
import { BalanceProof } from "./proof.tsx";
import { BalanceSums } from "./sums.tsx";
import { BalanceTable } from "./table.tsx";

const BY = ["customer", "company", "currency", "account"] as const;

/** Who owes what by age, on any day, as known then or now; every figure opens its rows. */
export function Balance() {
  const { t } = useT();
  const formats = useFormats();
  const { today } = useLocale();
  const { company } = useWorkplace();
  const [search, set] = useSearchState();
  const asOf = search.asOf || today;
  const by: AgedBy = BY.find((one) => one === search.by) ?? "customer";
  const layers = search.layers === "working" ? "working" : "ledger";
  const knownThen = search.known === "then";
  const query = {
    asOf,
    knownOn: knownThen ? (search.knownOn ?? asOf) : undefined,
    layers,
    by,
    companyId: company?.id,
    customerId: search.customer,
    ownerId: search.mine === "1" ? "me" : undefined,
    sort: search.sort,
    direction: search.dir,
    limit: 2000,
  };
  const balance = useQuery(agedBalanceQuery(query));
  usePageTitle(t("nav.balance"));
  return (
    <>
      <PageHead
        title={t("balance.title", { day: formats.dayLong(asOf) })}
        actions={<ExportMenu list="aged-balance" query={query} />}
      >
        {company ? company.name : t("shell.allCompanies")}, {t(`balance.by.${by}`)}.{" "}
        {asOf === today ? t("balance.today") : t(knownThen ? "balance.knownThen" : "balance.knownNow")}
      </PageHead>
      <search className="filters" aria-label={t("filter.label")}>
        <div className="inline-field">
          <DayField label={t("balance.asOf")} value={asOf} onChange={(day) => set({ asOf: day, open: undefined })} />
        </div>
        <Segments
          label={t("balance.known")}
          value={knownThen ? "then" : "now"}
          onChange={(known) => set({ known: known === "then" ? "then" : undefined, knownOn: undefined })}
          items={[
            { key: "now", label: t("balance.knownNowShort") },
            {
              key: "then",
              label: t("balance.knownThenShort", { day: formats.dayMargin(search.knownOn ?? asOf, today) }),
            },
          ]}
        />
        {knownThen ? (
          <div className="inline-field">
            <DayField
              label={t("balance.knownOn")}
              value={search.knownOn ?? asOf}
              onChange={(day) => set({ knownOn: day === asOf ? undefined : day })}
            />
          </div>
        ) : null}
        <Segments
          label={t("layer.label")}
          value={layers}
          onChange={(next) => set({ layers: next === "working" ? next : undefined })}
          items={[
            { key: "ledger", label: t("layer.ledger") },
            { key: "working", label: t("layer.working") },
          ]}
        />
        <MyPortfolio on={search.mine === "1"} onChange={(on) => set({ mine: on ? "1" : undefined, open: undefined })} />
        <span className="grow" />
        <div className="inline-field">
          <Choice
            label={t("balance.byField")}
            value={by}
            options={BY.map((value) => ({ value, label: t(`by.${value}`) }))}
            onChange={(next) => set({ by: next === "customer" ? undefined : next, open: undefined, sort: undefined })}
          />
        </div>
      </search>
      <section className="sheet" aria-busy={balance.isFetching}>
        <Loaded query={balance} rows={12} columns={7}>
          {(data) => <Body data={data} search={search} set={set} />}
        </Loaded>
      </section>
      <p className="small t3" style={{ marginTop: 10 }}>
        {t("balance.method")}
      </p>
    </>
  );
}

function Body(props: {
  data: AgedBalance;
  search: Readonly<Record<string, string>>;
  set: (patch: Readonly<Record<string, string | undefined>>) => void;
}) {
  const { data } = props;
  const { t } = useT();
  const formats = useFormats();
  if (data.rows.length === 0) return <EmptyState title={t("balance.none")}>{t("balance.noneText")}</EmptyState>;
  return (
    <>
      {data.totals.map((total) => (
        <BalanceSums key={total.currency} total={total} buckets={data.buckets} many={data.totals.length > 1} />
      ))}
      {data.assumedBefore && data.knownOn && data.knownOn < data.assumedBefore ? (
        <div className="pad">
          <Note tone="info">{t("balance.assumed", { day: formats.dayLong(data.assumedBefore) })}</Note>
        </div>
      ) : null}
      <BalanceTable {...props} />
      <BalanceProof asOf={data.asOf} layers={data.layers} knownThen={data.knownOn !== null} />
    </>
  );
}
