import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "#ui/button.tsx";
import { PageHead, Sheet } from "#ui/surfaces.tsx";
import { Segments, Tabs } from "#ui/tabs.tsx";
import { tasksQuery } from "../../api/platform.ts";
import { useT } from "../../i18n/index.ts";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { useSearchState } from "../../parts/search-state.ts";
import { useWorkplace } from "../../session.tsx";
import { useHotkeys } from "../../shell/hotkeys.ts";
import { usePageTitle } from "../../shell/page.tsx";
import { TaskList } from "./task-list.tsx";
import { TaskPanel } from "./task-panel.tsx";

const WHO = ["anybody", "me", "nobody"] as const;
const STATES = ["open", "done", "withdrawn"] as const;

/** What people have to do, by whom and until when. */
export function Tasks() {
  const { t } = useT();
  const { may } = useWorkplace();
  const [search, set] = useSearchState();
  const [adding, setAdding] = useState(false);
  const state = STATES.find((one) => one === search.state) ?? "open";
  const assignee = WHO.find((one) => one === search.who) ?? "anybody";
  const query = useQuery(tasksQuery({ state, assignee }));
  usePageTitle(t("nav.tasks"));
  const writes = may("tasks.write");
  useHotkeys(writes ? { a: () => setAdding(true) } : {});
  return (
    <>
      <PageHead
        title={t("nav.tasks")}
        actions={
          <>
            <ExportMenu list="tasks" query={{ state, assignee }} />
            {writes ? (
              <Button tone="primary" icon={IconPlus} hotkey="A" onClick={() => setAdding(true)}>
                {t("tasks.add")}
              </Button>
            ) : null}
          </>
        }
      />
      <div className="filters">
        <Segments
          label={t("tasks.who")}
          value={assignee}
          onChange={(who) => set({ who: who === "anybody" ? undefined : who })}
          items={WHO.map((key) => ({ key, label: t(`tasks.${key}`) }))}
        />
      </div>
      <Sheet>
        <div className="sheet-tabs">
          <Tabs
            label={t("nav.tasks")}
            value={state}
            onChange={(next) => set({ state: next === "open" ? undefined : next })}
            items={STATES.map((key) => ({ key, label: t(`taskState.${key}`) }))}
          />
        </div>
        <Loaded query={query} columns={3}>
          {(data) => <TaskList tasks={data.rows} />}
        </Loaded>
      </Sheet>
      {adding ? <TaskPanel onClose={() => setAdding(false)} /> : null}
    </>
  );
}
