import { Link } from "@tanstack/react-router";
import type { AgedBalance, AgedRow } from "#contracts/receivables.ts";
import { AgeingBar } from "#ui/ageing-bar.tsx";
import { Amount } from "#ui/amount.tsx";
import { useFormats } from "#ui/locale.tsx";
import { Strip } from "#ui/surfaces.tsx";
import { useT } from "../../i18n/index.ts";
import { bucketLabel, bucketShade, overdueShare } from "../../parts/buckets.ts";
import { useProof } from "../customers/use-proof.ts";
import { useTop } from "./use-top.ts";

/** One strip per book currency: outstanding by age, overdue, what is old, and whether it ties. */
export function Totals() {
  const data = useTop().data;
  if (!data) return null;
  return (
    <div className="stack gap-12">
      {data.totals.map((total) => (
        <Total key={total.currency} total={total} data={data} />
      ))}
    </div>
  );
}

function Total({ total, data }: { total: AgedRow; data: AgedBalance }) {
  const { t } = useT();
  const formats = useFormats();
  const proof = useProof({ currency: total.currency });
  const money = (minor: string) => ({ minor, currency: total.currency });
  const share = overdueShare(total);
  const late = data.buckets.reduce(
    (sum, bucket, index) =>
      bucket.from !== null && bucket.from > 60 ? sum + BigInt(total.buckets[index] ?? "0") : sum,
    0n,
  );
  return (
    <Strip
      figures={[
        {
          key: "total",
          wide: true,
          label: (
            <>
              {t("balance.outstanding")}
              {data.totals.length > 1 ? ` · ${total.currency}` : ""}
              <span className="grow" />
              <Link to="/aged-balance">{t("nav.balance")}</Link>
            </>
          ),
          value: <Amount value={money(total.total)} />,
          below: (
            <span style={{ display: "block", margin: "6px 0 2px" }}>
              <AgeingBar
                parts={data.buckets.map((bucket, index) => ({
                  label: bucketLabel(bucket, t),
                  amount: money(total.buckets[index] ?? "0"),
                  shade: bucketShade(bucket),
                }))}
              />
            </span>
          ),
        },
        {
          key: "overdue",
          label: t("balance.overdue"),
          value: <Amount value={money(total.overdue)} />,
          below: t("customer.share", { share: formats.percent(share) }),
        },
        {
          key: "late",
          label: t("day.over60"),
          value: <Amount value={money(String(late))} dash />,
          below: t("runs.items", { count: total.items }),
        },
        {
          key: "proof",
          label: t("layer.ledger"),
          value: proof ? (
            <span className={proof.ties ? "success" : "warning"}>{t(proof.ties ? "day.ties" : "day.gap")}</span>
          ) : (
            "–"
          ),
          below: proof ? t("proof.gapOnly", { gap: proof.gap }) : null,
        },
      ]}
    />
  );
}
