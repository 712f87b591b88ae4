import { IconCalendar, IconCheck, IconMinus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Amount } from "#ui/amount.tsx";
import { Badge } from "#ui/badge.tsx";
import { NearDay } from "#ui/days.tsx";
import { useFormats } from "#ui/locale.tsx";
import { Sheet } from "#ui/surfaces.tsx";
import { customerDunningQuery } from "../../api/dunning.ts";
import { useT } from "../../i18n/index.ts";
import { reasonText } from "../../parts/reasons.ts";
import { useWorkplace } from "../../session.tsx";
import { useStepName } from "../runs/decision-table.tsx";
import { StopList } from "./stops.tsx";

/** Where the reminders of a customer stand, what comes next, and what holds it back. */
export function NextStep({ customerId }: { customerId: string }) {
  const { t } = useT();
  const formats = useFormats();
  const stepName = useStepName();
  const { may, session } = useWorkplace();
  const query = useQuery({ ...customerDunningQuery(customerId), enabled: may("runs.read") });
  const dunning = query.data;
  if (!dunning) return null;
  const groups = dunning.groups.filter((group) => group.next || group.stepKey);
  const stops = dunning.stops.filter((stop) => stop.active);
  if (groups.length === 0 && stops.length === 0) return null;
  const company = (id: string) => session.companies.find((one) => one.id === id)?.name ?? "";
  return (
    <Sheet title={t("nextStep.title")}>
      <div className="pad stack gap-12" style={{ paddingTop: 0 }}>
        <StopList stops={stops} />
        {groups.map((group) => (
          <div key={`${group.companyId}${group.currency}`} className="stack gap-4">
            <div className="between small t3">
              <span>{company(group.companyId)}</span>
              {group.sentOn ? (
                <span>
                  {t("nextStep.last", {
                    step: group.level ? `R${group.level}` : (group.stepKey ?? ""),
                    day: formats.day(group.sentOn),
                  })}
                </span>
              ) : null}
            </div>
            {group.next ? (
              <div className="row" style={{ alignItems: "flex-start" }}>
                {group.next.bucket === "skipped" ? (
                  <IconMinus className="icon" stroke={1.75} aria-hidden="true" style={{ marginTop: 3 }} />
                ) : (
                  <IconCheck className="icon success" stroke={1.75} aria-hidden="true" style={{ marginTop: 3 }} />
                )}
                <div className="grow">
                  {group.next.bucket === "skipped" ? (
                    <span className="t2">
                      {reasonText(t, formats, "skip", group.next.code ?? "", group.next.values, group.currency)}
                    </span>
                  ) : (
                    <>
                      <b>{t("runs.stepByMail", { step: stepName(group.next) })}</b>{" "}
                      <span className="t2">
                        {t("mail.to")} {group.next.recipientName ?? group.next.recipient}
                      </span>
                      <div>
                        <Amount value={group.next.amount} />{" "}
                        <span className="t2">{t("runs.items", { count: group.next.itemCount })}</span>
                      </div>
                    </>
                  )}
                </div>
                {group.next.resumesOn ? (
                  <Badge tone="info" icon={IconCalendar}>
                    <NearDay day={group.next.resumesOn} />
                  </Badge>
                ) : null}
              </div>
            ) : null}
          </div>
        ))}
      </div>
    </Sheet>
  );
}
