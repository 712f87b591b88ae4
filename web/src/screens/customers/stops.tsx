import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";
import type { StopRow } from "#contracts/dunning.ts";
import { Badge } from "#ui/badge.tsx";
import { Button } from "#ui/button.tsx";
import { DayField, TextField } from "#ui/fields.tsx";
import { addDays } from "#ui/format.ts";
import { useFormats, useLocale } from "#ui/locale.tsx";
import { actions } from "../../api/dunning.ts";
import { useT } from "../../i18n/index.ts";
import { useActorName } from "../../parts/actors.ts";
import { Panel } from "../../parts/panel.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";

/** Holds in force, each with its reason and its end; they resume by themselves. */
export function StopList({ stops }: { stops: readonly StopRow[] }) {
  const { t } = useT();
  const formats = useFormats();
  const actorName = useActorName();
  const { may } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const lift = (stop: StopRow) =>
    void act(() => actions.liftStop(stop), { done: t("stops.lifted"), refresh: [["customers"], ["runs"], ["stops"]] });
  return (
    <>
      {stops
        .filter((stop) => stop.active)
        .map((stop) => (
          <div className="between stop-line" key={stop.stopId}>
            <div className="grow">
              <Badge tone="warning" icon={IconPlayerPause}>
                {t("stops.until", { day: formats.day(stop.validTo) })}
              </Badge>
              <div className="small t2">
                {stop.subject === "item" ? `${stop.subjectName} · ` : ""}
                {stop.reason} · {actorName(stop.createdBy)}
              </div>
            </div>
            {may("stops.write") ? (
              <Button size="small" tone="quiet" icon={IconPlayerPlay} waiting={waiting} onClick={() => lift(stop)}>
                {t("stops.lift")}
              </Button>
            ) : null}
          </div>
        ))}
      <Refusal>{problem}</Refusal>
    </>
  );
}

/** Pauses reminders of a customer or of one item, with a reason and always with an end. */
export function StopPanel(props: {
  subject: "customer" | "item";
  subjectId: string;
  name: string;
  onClose: () => void;
}) {
  const { t } = useT();
  const formats = useFormats();
  const { today } = useLocale();
  const { act, waiting, problem } = useAct();
  const [reason, setReason] = useState("");
  const [until, setUntil] = useState(addDays(today, 15));
  const save = () =>
    void act(
      () =>
        actions.createStop({
          subject: props.subject,
          subjectId: props.subjectId,
          reason: reason.trim(),
          validTo: until,
        }),
      {
        done: t("stops.made", { day: formats.day(until) }),
        undo: (stop) => actions.liftStop(stop, addDays(today, -1)),
        refresh: [["customers"], ["runs"], ["stops"]],
        next: props.onClose,
      },
    );
  return (
    <Panel title={t("stops.title", { name: props.name })} onClose={props.onClose}>
      <form
        className="stack gap-16"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <p className="t2">{t("stops.meaning")}</p>
        <Refusal>{problem}</Refusal>
        <DayField label={t("stops.untilField")} value={until} onChange={setUntil} hint={t("stops.untilHint")} />
        <TextField label={t("stops.reason")} value={reason} onChange={setReason} required />
        <div>
          <Button type="submit" tone="primary" icon={IconPlayerPause} waiting={waiting} disabled={reason.trim() === ""}>
            {t("stops.save")}
          </Button>
        </div>
      </form>
    </Panel>
  );
}
