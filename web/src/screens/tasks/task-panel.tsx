import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Task } from "#contracts/tasks.ts";
import { Button } from "#ui/button.tsx";
import { Choice, DayField, TextArea, TextField } from "#ui/fields.tsx";
import { actions } from "../../api/platform.ts";
import { colleaguesQuery } from "../../api/portfolios.ts";
import { useT } from "../../i18n/index.ts";
import { Panel } from "../../parts/panel.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";

/** One task, new or changed: what, who, until when. */
export function TaskPanel(props: { task?: Task; customerId?: string; onClose: () => void }) {
  const { task } = props;
  const { t } = useT();
  const { session, may } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const [title, setTitle] = useState(task?.title ?? "");
  const [details, setDetails] = useState(task?.details ?? "");
  const [dueOn, setDueOn] = useState(task?.dueOn ?? "");
  const [assigneeId, setAssigneeId] = useState(task ? (task.assigneeId ?? "") : session.user.id);
  const people = useQuery(colleaguesQuery).data?.rows.filter((user) => user.isActive) ?? [
    { id: session.user.id, name: session.user.name },
  ];
  const body = {
    title: title.trim(),
    details: details.trim() || null,
    customerId: task?.customerId ?? props.customerId ?? null,
    dueOn: dueOn || null,
    assigneeId: assigneeId || null,
  };
  const save = () =>
    void act(() => (task ? actions.changeTask(task, body) : actions.addTask(body)), {
      done: t("tasks.saved"),
      refresh: [["tasks"]],
      next: props.onClose,
    });
  const withdraw = () =>
    task &&
    void act(() => actions.setTaskState(task.id, task.version, "withdrawn"), {
      done: t("tasks.withdrawn"),
      undo: (after) => actions.setTaskState(task.id, after.version, "open"),
      refresh: [["tasks"]],
      next: props.onClose,
    });
  return (
    <Panel title={task ? task.title : t("tasks.add")} onClose={props.onClose}>
      <form
        className="stack gap-16"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <Refusal>{problem}</Refusal>
        <TextField label={t("tasks.title")} value={title} onChange={setTitle} required />
        <TextArea label={t("tasks.details")} value={details} onChange={setDetails} />
        <DayField label={t("tasks.dueOn")} value={dueOn} onChange={setDueOn} optional hint={t("stops.untilHint")} />
        <Choice
          label={t("tasks.assignee")}
          value={assigneeId}
          options={[
            {
              value: "",
              label: task?.ownerName ? t("tasks.ofOwner", { name: task.ownerName }) : t("tasks.nobody"),
            },
            ...people.map((one) => ({ value: one.id, label: one.name })),
          ]}
          onChange={setAssigneeId}
        />
        {may("tasks.write") ? (
          <div className="row">
            <Button type="submit" tone="primary" waiting={waiting} disabled={body.title === ""}>
              {t("ui.save")}
            </Button>
            <span className="grow" />
            {task?.state === "open" ? (
              <Button tone="danger" waiting={waiting} onClick={withdraw}>
                {t("tasks.withdraw")}
              </Button>
            ) : null}
          </div>
        ) : null}
      </form>
    </Panel>
  );
}
