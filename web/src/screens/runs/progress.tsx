import { IconAlertTriangle, IconCheck, IconHourglass, IconSend, IconX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { RunSummary } from "#contracts/dunning.ts";
import { Button } from "#ui/button.tsx";
import { useFormats } from "#ui/locale.tsx";
import { actions } from "../../api/dunning.ts";
import { useT } from "../../i18n/index.ts";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";

const sum = (run: RunSummary, states: readonly string[]) =>
  states.reduce((total, state) => total + (run.messages[state] ?? 0), 0);

/** How a run leaves, by outcome; while it is held it can be undone whole. Survives the tab. */
export function Progress({ run, runId }: { run: RunSummary; runId: string }) {
  const { t } = useT();
  const formats = useFormats();
  const { may } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const left = useSecondsLeft(run.holdUntil);
  const sent = sum(run, ["accepted", "delivered"]);
  const waitingCount = sum(run, ["approved", "held", "claimed", "handing_over"]);
  const refused = sum(run, ["refused", "returned"]);
  const doubt = sum(run, ["in_doubt"]);
  const all = Math.max(1, sent + waitingCount + refused + doubt);
  const undo = () =>
    void act(() => actions.undoApproval(runId), { done: t("runs.undone"), refresh: [["runs"], ["messages"]] });
  const sendNow = () =>
    void act(() => actions.sendNow(runId), { done: t("runs.leavingNow"), refresh: [["runs"], ["messages"]] });
  const part = (count: number) => `${(count / all) * 100}%`;
  return (
    <section className="sheet pad" style={{ marginBottom: 16 }} aria-label={t("runs.progress")}>
      <div className="between" style={{ marginBottom: 10 }}>
        <div className="row row-wrap">
          <h2 className="h3">{t("runs.progress")}</h2>
          <span className="t2" aria-live="polite">
            {t("runs.progressCount", { sent: formats.number(sent), all: formats.number(all) })}
          </span>
        </div>
        {left > 0 && may("runs.approve") ? (
          <div className="row">
            <Button tone="quiet" icon={IconSend} waiting={waiting} onClick={sendNow}>
              {t("runs.sendNow")}
            </Button>
            <Button icon={IconX} waiting={waiting} onClick={undo}>
              {t("runs.undo", { time: clock(left) })}
            </Button>
          </div>
        ) : null}
      </div>
      <div className="progress progress-tall" aria-hidden="true">
        <span style={{ width: part(sent) }} />
        <span style={{ width: part(refused), background: "var(--danger-fill)" }} />
        <span style={{ width: part(doubt), background: "var(--age-d31-60)" }} />
      </div>
      <div className="outcomes">
        <span className="success">
          <IconCheck className="icon" stroke={1.75} aria-hidden="true" />
          <b>{formats.number(sent)}</b> {t("runs.sent", { count: sent })}
        </span>
        <span>
          <IconHourglass className="icon" stroke={1.75} aria-hidden="true" />
          <b>{formats.number(waitingCount)}</b> {t("runs.waiting")}
        </span>
        <span className={refused ? "danger" : "t3"}>
          <IconX className="icon" stroke={1.75} aria-hidden="true" />
          <b>{formats.number(refused)}</b> {t("runs.refused", { count: refused })}
          {refused ? (
            <Link to="/messages" search={{ run: runId, state: "refused" }}>
              {t("runs.repair")}
            </Link>
          ) : null}
        </span>
        <span className={doubt ? "warning" : "t3"}>
          <IconAlertTriangle className="icon" stroke={1.75} aria-hidden="true" />
          <b>{formats.number(doubt)}</b> {t("runs.inDoubt")}
          {doubt ? (
            <Link to="/messages" search={{ run: runId, state: "in_doubt" }}>
              {t("runs.resolve")}
            </Link>
          ) : null}
        </span>
        <span className="grow" />
        <Link to="/messages" search={{ run: runId }}>
          {t("runs.seeMessages")}
        </Link>
      </div>
      <Refusal>{problem}</Refusal>
    </section>
  );
}

const clock = (seconds: number) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

/** Whole seconds until an instant, counted down on screen; 0 when past. */
export function useSecondsLeft(until: string | null | undefined): number {
  const read = () => (until ? Math.max(0, Math.ceil((Date.parse(until) - Date.now()) / 1000)) : 0);
  const [left, setLeft] = useState(read);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the clock restarts only with another instant
  useEffect(() => {
    setLeft(read());
    if (!until) return;
    const timer = setInterval(() => setLeft(read()), 1000);
    return () => clearInterval(timer);
  }, [until]);
  return left;
}
