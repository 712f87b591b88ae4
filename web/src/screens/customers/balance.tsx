import { useQuery } from "@tanstack/react-query";
import type { z } from "zod";
import type { Money } from "#contracts/common.ts";
import type { OrderList } from "#contracts/credit.ts";
import type { StatusSums } from "#contracts/receivables.ts";
import { AgeingBar, AgeingLegend } from "#ui/ageing-bar.tsx";
import { Amount } from "#ui/amount.tsx";
import type { Formats } from "#ui/format.ts";
import { useFormats } from "#ui/locale.tsx";
import { type Figure, Strip } from "#ui/surfaces.tsx";
import { offsetsQuery } from "../../api/credit.ts";
import { agedBalanceQuery, ordersQuery, statusSumsQuery } from "../../api/receivables.ts";
import { type Translate, useT } from "../../i18n/index.ts";
import { bucketLabel, bucketShade, overdueShare } from "../../parts/buckets.ts";
import { Clocks } from "../../parts/clocks.tsx";
import { type Search, useSearchState } from "../../parts/search-state.ts";
import { useWorkplace } from "../../session.tsx";

type StatusSum = z.infer<typeof StatusSums>["rows"][number];

/** What a customer owes, by age, one strip per book currency; working layer, as reminders use it. */
export function CustomerBalance({
  customerId,
  onTab,
}: {
  customerId: string;
  onTab: (tab: "statement" | "orders") => void;
}) {
  const { t } = useT();
  const formats = useFormats();
  const { may, company } = useWorkplace();
  const [search, set] = useSearchState();
  const statuses = useQuery({ ...statusSumsQuery(customerId), enabled: may("receivables.read") }).data?.rows ?? [];
  const orders =
    useQuery({ ...ordersQuery(customerId, company?.id), enabled: may("receivables.read") }).data?.sums ?? [];
  const clocked = { asOf: search.asOf, knownOn: search.knownOn };
  const offsets = useQuery({ ...offsetsQuery(customerId, clocked), enabled: may("receivables.read") }).data;
  const owed = offsets?.owed ?? [];
  const isThen = Boolean(search.asOf ?? search.knownOn);
  const query = useQuery({
    ...agedBalanceQuery({
      by: "customer",
      customerId,
      companyId: company?.id,
      layers: "working",
      asOf: search.asOf,
      knownOn: search.knownOn,
    }),
    enabled: may("receivables.read"),
  });
  const data = query.data;
  const booked = useBooked(customerId);
  if (!data) return null;
  const clocks = <BalanceClocks search={search} set={set} assumedBefore={data.assumedBefore} />;
  // one figure for all currencies beside the last balance: orders are few and belong to none of them
  const ordered = isThen ? [] : orderFigure(orders, t, () => onTab("orders"));
  if (data.rows.length === 0)
    return (
      <div className="stack gap-12">
        {clocks}
        <Strip
          figures={[
            { key: "none", label: t("balance.outstanding"), value: "–", below: t("customer.nothingOpen") },
            ...ordered,
            ...owed.flatMap((one) => owedFigure(one, "0", t, formats)),
          ]}
        />
      </div>
    );
  return (
    <div className="stack gap-12">
      {clocks}
      {data.rows.map((row, index) => {
        const money = (minor: string) => ({ minor, currency: row.currency });
        const parts = data.buckets.map((bucket, index) => ({
          label: bucketLabel(bucket, t),
          amount: money(row.buckets[index] ?? "0"),
          shade: bucketShade(bucket),
        }));
        const credits = String(BigInt(row.unapplied) + BigInt(row.creditNotes));
        const share = overdueShare(row);
        return (
          <Strip
            key={row.currency}
            figures={[
              {
                key: "total",
                wide: true,
                label: (
                  <>
                    {t("customer.outstanding", { count: row.items })}
                    <span className="grow" />
                    <button type="button" className="link-button" onClick={() => onTab("statement")}>
                      {t("customer.statement")}
                    </button>
                  </>
                ),
                value: <Amount value={money(row.total)} />,
                below: (
                  <>
                    <span style={{ display: "block", marginTop: 6 }}>
                      <AgeingBar parts={parts} />
                    </span>
                    <AgeingLegend parts={parts} />
                    <Booked total={row.total} booked={booked.get(row.currency)} currency={row.currency} />
                  </>
                ),
              },
              {
                key: "overdue",
                label: t("balance.overdue"),
                value: <Amount value={money(row.overdue)} dash />,
                below: t("customer.share", { share: formats.percent(share) }),
              },
              {
                key: "notDue",
                label: t("customer.notDue"),
                value: <Amount value={money(row.buckets[0] ?? "0")} dash />,
                below: isThen ? null : <Disputed rows={statuses} currency={row.currency} />,
              },
              {
                key: "credits",
                label: t("balance.credits"),
                value: <Amount value={money(credits)} dash />,
                below: t("customer.creditsHint"),
              },
              ...(index === data.rows.length - 1 ? ordered : []),
              ...owed
                .filter(
                  (one) =>
                    one.currency === row.currency ||
                    // owed in a currency of which nothing is due: with the last balance, on its own
                    (index === data.rows.length - 1 && data.rows.every((other) => other.currency !== one.currency)),
                )
                .flatMap((one) => owedFigure(one, one.currency === row.currency ? row.total : "0", t, formats)),
            ]}
          />
        );
      })}
    </div>
  );
}

/** What the books alone say of the customer, by currency, on the days of the address. */
function useBooked(customerId: string): ReadonlyMap<string, string> {
  const { may, company } = useWorkplace();
  const [{ asOf, knownOn }] = useSearchState();
  const query = useQuery({
    ...agedBalanceQuery({ by: "customer", customerId, companyId: company?.id, layers: "ledger", asOf, knownOn }),
    enabled: may("receivables.read"),
  });
  return new Map(query.data?.rows.map((row) => [row.currency, row.total]));
}

/** Where what Encours knows already parts the balance from the books: the figure that the aged balance ties to. */
function Booked(props: { total: string; booked: string | undefined; currency: string }) {
  const { t } = useT();
  const formats = useFormats();
  if (props.booked === undefined || props.booked === props.total) return null;
  const money = (minor: string) => formats.amount({ minor, currency: props.currency });
  const known = String(BigInt(props.total) - BigInt(props.booked));
  return (
    <span className="small t2" style={{ display: "block", marginTop: 6, whiteSpace: "normal" }}>
      {t("customer.booked", { booked: money(props.booked), known: money(known) })}
    </span>
  );
}

/** What we owe a customer who also sells to us, and what they owe net of it: beside the balance, never in it. */
function owedFigure(owed: Money, total: string, t: Translate, formats: Formats): Figure[] {
  const net = { minor: String(BigInt(total) - BigInt(owed.minor)), currency: owed.currency };
  return [
    {
      key: "owed",
      label: t("offset.weOwe"),
      value: <Amount value={owed} dash />,
      below: t("offset.net", { amount: formats.amount(net) }),
    },
  ];
}

/** What is ordered and not invoiced yet: beside the balance, never in it. */
function orderFigure(sums: OrderList["sums"], t: Translate, onOpen: () => void): Figure[] {
  const count = sums.reduce((sum, one) => sum + one.orders, 0);
  if (count === 0) return [];
  return [
    {
      key: "orders",
      label: (
        <button type="button" className="link-button" onClick={onOpen}>
          {t("orders.title")}
        </button>
      ),
      value: sums.map((sum) => (
        <div key={sum.open.currency}>
          <Amount value={sum.open} />
        </div>
      )),
      below: t("orders.toInvoice", { count }),
    },
  ];
}

/** As it stood on a day, and as it was known on another: both stand in the address. */
function BalanceClocks(props: {
  search: Search;
  set: (patch: Readonly<Record<string, string | undefined>>) => void;
  assumedBefore: string | null;
}) {
  const { t } = useT();
  const formats = useFormats();
  const { search, set } = props;
  return (
    <div className="filters" style={{ marginBottom: 0 }}>
      <Clocks search={search} set={set} />
      {props.assumedBefore && search.knownOn ? (
        <span className="small t3">{t("balance.assumed", { day: formats.day(props.assumedBefore) })}</span>
      ) : null}
    </div>
  );
}

/** What of it the team codes as disputed or promised, apart. */
function Disputed(props: { rows: readonly StatusSum[]; currency: string }) {
  const { t } = useT();
  const formats = useFormats();
  const of = (status: "disputed" | "promised") =>
    props.rows.find((row) => row.status === status && row.open.currency === props.currency);
  const parts = (["disputed", "promised"] as const).flatMap((status) => {
    const row = of(status);
    return row ? [t(`customer.${status}`, { amount: formats.amount(row.open) })] : [];
  });
  return <>{parts.join(" · ")}</>;
}
