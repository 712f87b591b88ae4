import { IconUpload } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { buttonClass } from "#ui/button.tsx";
import { useFormats } from "#ui/locale.tsx";
import { EmptyState } from "#ui/states.tsx";
import { PageHead } from "#ui/surfaces.tsx";
import { useT } from "../../i18n/index.ts";
import { MyPortfolio } from "../../parts/my-portfolio.tsx";
import { useSearchState } from "../../parts/search-state.ts";
import { useWorkplace } from "../../session.tsx";
import { usePageTitle } from "../../shell/page.tsx";
import { useWaiting } from "../../shell/waiting.ts";
import { DataSheet, DoubtLane, RunsLane, TasksLane, TopLane } from "./lanes.tsx";
import { Totals } from "./totals.tsx";
import { useTop } from "./use-top.ts";

/** What waits, most useful first; then who owes most. */
export function Day() {
  const { t } = useT();
  const formats = useFormats();
  const { session, may } = useWorkplace();
  const waiting = useWaiting();
  const [search, set] = useSearchState();
  usePageTitle(t("nav.day"));
  const balance = useTop();
  const first = session.user.name.split(" ")[0] ?? session.user.name;
  const count = waiting.runs + waiting.inDoubt + waiting.tasks;
  const isEmpty = balance.data !== undefined && balance.data.rowCount === 0 && session.companies.length === 0;
  return (
    <>
      <PageHead
        title={t("day.hello", { name: first })}
        actions={
          <>
            <MyPortfolio on={search.mine === "1"} onChange={(on) => set({ mine: on ? "1" : undefined })} />
            {may("imports.write") ? (
              <Link className={buttonClass({})} to="/data/import">
                <IconUpload className="icon" stroke={1.75} aria-hidden="true" />
                {t("imports.start")}
              </Link>
            ) : null}
          </>
        }
      >
        {capital(formats.dayInWeek(session.today))} · {count === 0 ? t("day.nothing") : t("day.waiting", { count })}
      </PageHead>
      {isEmpty ? (
        <section className="sheet">
          <EmptyState
            title={t("day.start")}
            actions={
              may("imports.write") ? (
                <Link className={buttonClass({ tone: "primary", size: "tall" })} to="/data/import">
                  {t("imports.start")}
                </Link>
              ) : null
            }
          >
            {t("day.startText")}
          </EmptyState>
        </section>
      ) : (
        <>
          {balance.data ? <Totals /> : null}
          <div className="with-aside" style={{ marginTop: 20 }}>
            <div className="stack gap-16">
              <RunsLane />
              <DoubtLane count={waiting.inDoubt} />
              <TasksLane />
              <TopLane />
            </div>
            <aside className="stack gap-16">
              <DataSheet />
            </aside>
          </div>
        </>
      )}
    </>
  );
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
