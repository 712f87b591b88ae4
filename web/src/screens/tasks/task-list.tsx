import { IconCircle, IconCircleCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Task } from "#contracts/tasks.ts";
import { Button } from "#ui/button.tsx";
import { NearDay } from "#ui/days.tsx";
import { useLocale } from "#ui/locale.tsx";
import { EmptyState } from "#ui/states.tsx";
import { actions } from "../../api/platform.ts";
import { useT } from "../../i18n/index.ts";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";
import { TaskPanel } from "./task-panel.tsx";

/** Tasks as lines: done with one click, undone with one more. */
export function TaskList({ tasks, bare = false }: { tasks: readonly Task[]; bare?: boolean }) {
  const { t } = useT();
  const { today } = useLocale();
  const { may } = useWorkplace();
  const { act, problem } = useAct();
  const [editing, setEditing] = useState<Task | undefined>();
  const writes = may("tasks.write");
  const toggle = (task: Task) =>
    void act(() => actions.setTaskState(task.id, task.version, task.state === "open" ? "done" : "open"), {
      done: t(task.state === "open" ? "tasks.done" : "tasks.reopened"),
      undo: (after) => actions.setTaskState(task.id, after.version, task.state),
      refresh: [["tasks"]],
    });
  if (tasks.length === 0)
    return bare ? (
      <p className="pad t2">{t("tasks.noneHere")}</p>
    ) : (
      <EmptyState title={t("tasks.none")}>{t("tasks.noneText")}</EmptyState>
    );
  return (
    <>
      <Refusal isPadded>{problem}</Refusal>
      <ul className="lines">
        {tasks.map((task) => (
          <li key={task.id}>
            <Button
              size="small"
              tone="quiet"
              disabled={!writes}
              icon={task.state === "open" ? IconCircle : IconCircleCheck}
              aria-label={t(task.state === "open" ? "tasks.finish" : "tasks.reopen", { title: task.title })}
              onClick={() => toggle(task)}
            />
            <div className="grow">
              <button type="button" className="link-button link-quiet" onClick={() => setEditing(task)}>
                {task.title}
              </button>
              <div className="small t2">
                {task.customerId && task.customerName ? (
                  <Link
                    to="/customers/$customerId"
                    params={{ customerId: task.customerId }}
                    search={task.subjectType === "note" ? { tab: "notes", note: task.subjectId ?? "" } : {}}
                    style={task.details ? { textDecoration: "underline" } : undefined}
                  >
                    {task.customerName}
                  </Link>
                ) : null}
                {task.customerName && task.details ? " · " : ""}
                {task.details}
              </div>
            </div>
            <span className="small t3 nowrap only-wide">
              {task.assigneeName ?? task.ownerName ?? t("tasks.nobody")}
            </span>
            {task.dueOn ? (
              <span className={task.dueOn < today && task.state === "open" ? "danger nowrap" : "t2 nowrap"}>
                <NearDay day={task.dueOn} />
              </span>
            ) : null}
          </li>
        ))}
      </ul>
      {editing ? <TaskPanel task={editing} onClose={() => setEditing(undefined)} /> : null}
    </>
  );
}
