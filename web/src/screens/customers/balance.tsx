import { useQuery } from "@tanstack/react-query";
import { AgeingBar, AgeingLegend } from "#ui/ageing-bar.tsx";
import { Amount } from "#ui/amount.tsx";
import { useFormats } from "#ui/locale.tsx";
import { Strip } from "#ui/surfaces.tsx";
import { agedBalanceQuery } from "../../api/receivables.ts";
import { useT } from "../../i18n/index.ts";
import { bucketLabel, bucketShade, overdueShare } from "../../parts/buckets.ts";
import { useWorkplace } from "../../session.tsx";

/** What a customer owes now, by age, one strip per book currency; working layer, as reminders use it. */
export function CustomerBalance({ customerId, onStatement }: { customerId: string; onStatement: () => void }) {
  const { t } = useT();
  const formats = useFormats();
  const { may, company } = useWorkplace();
  const query = useQuery({
    ...agedBalanceQuery({ by: "customer", customerId, companyId: company?.id, layers: "working" }),
    enabled: may("receivables.read"),
  });
  const data = query.data;
  if (!data) return null;
  if (data.rows.length === 0)
    return (
      <Strip
        figures={[{ key: "none", label: t("balance.outstanding"), value: "–", below: t("customer.nothingOpen") }]}
      />
    );
  return (
    <div className="stack gap-12">
      {data.rows.map((row) => {
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
                    <button type="button" className="link-button" onClick={onStatement}>
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
                key: "credits",
                label: t("balance.credits"),
                value: <Amount value={money(credits)} dash />,
                below: t("customer.creditsHint"),
              },
            ]}
          />
        );
      })}
    </div>
  );
}
