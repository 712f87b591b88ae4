import { type Icon, IconArrowBackUp, IconCheck, IconClock, IconUpload, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Badge, type Tone } from "#ui/badge.tsx";
import { Button, buttonClass } from "#ui/button.tsx";
import { type Column, DataTable } from "#ui/data-table.tsx";
import { useFormats } from "#ui/locale.tsx";
import { EmptyState } from "#ui/states.tsx";
import { Note, PageHead, Sheet } from "#ui/surfaces.tsx";
import { actions, type ImportRow, importsQuery } from "../../api/imports.ts";
import { useT } from "../../i18n/index.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";
import { usePageTitle } from "../../shell/page.tsx";
import { BalanceProof } from "../balance/proof.tsx";
import { SourcesSheet } from "../sources/sources.tsx";

const STATES: Readonly<Record<ImportRow["state"], readonly [Tone, Icon]>> = {
  uploaded: ["neutral", IconClock],
  checking: ["info", IconClock],
  checked: ["info", IconCheck],
  applying: ["info", IconClock],
  applied: ["success", IconCheck],
  undone: ["neutral", IconArrowBackUp],
  failed: ["danger", IconX],
};

/** What came in: files, what each changed, and whether the ledger ties. */
export function Imports() {
  const { t } = useT();
  const formats = useFormats();
  const navigate = useNavigate();
  const { may, session } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const query = useQuery(importsQuery());
  usePageTitle(t("nav.data"));
  const undo = (row: ImportRow) =>
    void act(() => actions.undo(row.id), {
      done: t("imports.undone", { name: row.fileName }),
      refresh: [["imports"], ["items"], ["customers"]],
    });
  const company = (id: string | null) => session.companies.find((one) => one.id === id)?.name ?? "";
  const count = (row: ImportRow, name: string) => row.counts?.[name] ?? 0;
  const start = may("imports.write") ? (
    <Link className={buttonClass({ tone: "primary", size: "tall" })} to="/data/import">
      <IconUpload className="icon" stroke={1.75} aria-hidden="true" />
      {t("imports.start")}
    </Link>
  ) : null;
  const badge = (row: ImportRow) => {
    const [tone, icon] = STATES[row.state];
    return (
      <Badge tone={tone} icon={icon}>
        {t(`importState.${row.state}`)}
      </Badge>
    );
  };
  const link = (row: ImportRow) => (
    <Link className="link-quiet" to="/data/import/$importId" params={{ importId: row.id }}>
      {row.fileName}
    </Link>
  );
  const columns: Column<ImportRow>[] = [
    { key: "file", header: t("imports.file"), cell: link },
    {
      key: "kind",
      header: t("imports.kind"),
      cell: (row) => <span className="t2">{t(`importKind.${row.kind}`)}</span>,
    },
    { key: "company", header: t("field.company"), cell: (row) => <span className="t2">{company(row.companyId)}</span> },
    { key: "new", header: t("imports.new"), right: true, cell: (row) => formats.number(count(row, "new")) },
    { key: "changed", header: t("imports.changed"), right: true, cell: (row) => formats.number(count(row, "changed")) },
    {
      key: "when",
      header: t("field.when"),
      right: true,
      cell: (row) => (
        <span className="t2 nowrap">
          {formats.day(formats.dayOf(row.createdAt))} {formats.time(row.createdAt)}
        </span>
      ),
    },
    { key: "state", header: t("field.state"), cell: badge },
    {
      key: "do",
      header: <span className="visually-hidden">{t("ui.actions")}</span>,
      right: true,
      cell: (row) =>
        row.canUndo && may("receivables.undo_batch") ? (
          <Button size="small" tone="quiet" icon={IconArrowBackUp} disabled={waiting} onClick={() => undo(row)}>
            {t("imports.undo")}
          </Button>
        ) : null,
    },
  ];
  return (
    <>
      <PageHead title={t("nav.data")} actions={start}>
        {t("imports.lead")}
      </PageHead>
      {problem ? (
        <div style={{ marginBottom: 14 }}>
          <Note tone="danger" role="alert">
            {problem}
          </Note>
        </div>
      ) : null}
      <div className="stack gap-20">
        <SourcesSheet />
        <Sheet title={t("imports.history")}>
          <Loaded query={query} columns={5}>
            {(data) =>
              data.rows.length === 0 ? (
                <EmptyState title={t("imports.none")} actions={start}>
                  {t("imports.noneText")}
                </EmptyState>
              ) : (
                <DataTable
                  label={t("imports.history")}
                  rows={data.rows}
                  count={data.rows.length}
                  columns={columns}
                  rowKey={(row) => row.id}
                  compact={false}
                  onOpen={(row) => void navigate({ to: "/data/import/$importId", params: { importId: row.id } })}
                  phone={(row) => ({
                    title: link(row),
                    below: `${t(`importKind.${row.kind}`)} · ${formats.day(formats.dayOf(row.createdAt))}`,
                    amount: formats.number(count(row, "new")),
                    badge: badge(row),
                  })}
                />
              )
            }
          </Loaded>
        </Sheet>
        {may("receivables.read") ? (
          <section className="sheet">
            <BalanceProof asOf={session.today} layers="ledger" knownThen={false} />
          </section>
        ) : null}
      </div>
    </>
  );
}
