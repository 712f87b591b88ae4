import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type Column, DataTable } from "#ui/data-table.tsx";
import { DateCell } from "#ui/days.tsx";
import { EmptyState } from "#ui/states.tsx";
import { PageHead, Sheet } from "#ui/surfaces.tsx";
import { type ScenarioList, scenariosQuery } from "../../api/dunning.ts";
import { labelOf, useT } from "../../i18n/index.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { usePageTitle } from "../../shell/page.tsx";

type Row = ScenarioList["rows"][number];

export function Scenarios() {
  const { t, language } = useT();
  const navigate = useNavigate();
  const query = useQuery(scenariosQuery());
  usePageTitle(t("nav.scenarios"));
  const columns: Column<Row>[] = [
    {
      key: "name",
      header: t("field.name"),
      cell: (row) => (
        <Link className="link-quiet" to="/scenarios/$scenarioId" params={{ scenarioId: row.scenarioId }}>
          {labelOf(row.name, language)}
        </Link>
      ),
    },
    { key: "steps", header: t("scenario.steps"), right: true, cell: (row) => row.stepCount },
    { key: "version", header: t("field.version"), right: true, cell: (row) => `v${row.versionNo}` },
    { key: "since", header: t("scenario.inForceSince"), cell: (row) => <DateCell day={row.validFrom} quiet /> },
  ];
  return (
    <>
      <PageHead title={t("nav.scenarios")}>{t("scenario.lead")}</PageHead>
      <Sheet>
        <Loaded query={query} columns={3}>
          {(data) =>
            data.rows.length === 0 ? (
              <EmptyState title={t("scenario.none")}>{t("scenario.noneText")}</EmptyState>
            ) : (
              <DataTable
                label={t("nav.scenarios")}
                rows={data.rows}
                count={data.rows.length}
                columns={columns}
                compact={false}
                rowKey={(row) => row.scenarioId}
                onOpen={(row) =>
                  void navigate({ to: "/scenarios/$scenarioId", params: { scenarioId: row.scenarioId } })
                }
                phone={(row) => ({
                  title: (
                    <Link className="link-quiet" to="/scenarios/$scenarioId" params={{ scenarioId: row.scenarioId }}>
                      {labelOf(row.name, language)}
                    </Link>
                  ),
                  below: t("scenario.stepCount", { count: row.stepCount }),
                  amount: `v${row.versionNo}`,
                })}
              />
            )
          }
        </Loaded>
      </Sheet>
    </>
  );
}
