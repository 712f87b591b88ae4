import type { AgedRow } from "#contracts/receivables.ts";
import { Amount } from "#ui/amount.tsx";
import type { Bucket } from "../../api/receivables.ts";
import { useT } from "../../i18n/index.ts";
import { bucketLabel, bucketShade } from "../../parts/buckets.ts";

/** The strip of the balance: the whole, then each bucket with a bar on the scale of the largest. */
export function BalanceSums(props: { total: AgedRow; buckets: readonly Bucket[]; many: boolean }) {
  const { total, buckets } = props;
  const { t } = useT();
  const amounts = total.buckets.map((minor) => Number(minor));
  const largest = Math.max(1, ...amounts);
  const money = (minor: string) => ({ minor, currency: total.currency });
  return (
    <dl className="sums">
      <div>
        <dt>
          {t("balance.outstanding")}
          {props.many ? ` · ${total.currency}` : ""}
        </dt>
        <dd>
          <Amount value={money(total.total)} whole />
        </dd>
      </div>
      {buckets.map((bucket, index) => (
        <div key={bucketLabel(bucket, t)}>
          <dt>
            <span className={`swatch age-${bucketShade(bucket)}`} />
            {bucketLabel(bucket, t)}
          </dt>
          <dd>
            <Amount value={money(total.buckets[index] ?? "0")} whole dash />
          </dd>
          <dd
            className={`sums-bar age-${bucketShade(bucket)}`}
            aria-hidden="true"
            style={{ width: `${Math.max(0, ((amounts[index] ?? 0) / largest) * 100)}%` }}
          />
        </div>
      ))}
    </dl>
  );
}
