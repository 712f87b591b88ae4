import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { TemplateRow } from "#contracts/correspondence.ts";
import { Button } from "#ui/button.tsx";
import { type Column, DataTable } from "#ui/data-table.tsx";
import { useFormats } from "#ui/locale.tsx";
import { EmptyState } from "#ui/states.tsx";
import { PageHead, Sheet } from "#ui/surfaces.tsx";
import { templatesQuery } from "../../api/correspondence.ts";
import { labelOf, useT } from "../../i18n/index.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { useWorkplace } from "../../session.tsx";
import { usePageTitle } from "../../shell/page.tsx";
import { NewTemplate } from "./new-template.tsx";

export function Templates() {
  const { t, language } = useT();
  const formats = useFormats();
  const navigate = useNavigate();
  const { may } = useWorkplace();
  const [making, setMaking] = useState(false);
  const query = useQuery(templatesQuery());
  usePageTitle(t("nav.templates"));
  const columns: Column<TemplateRow>[] = [
    {
      key: "name",
      header: t("field.name"),
      cell: (row) => (
        <Link className="link-quiet" to="/templates/$templateId" params={{ templateId: row.templateId }}>
          {labelOf(row.name, language)}
        </Link>
      ),
    },
    { key: "level", header: t("field.level"), cell: (row) => (row.level ? `R${row.level}` : "") },
    {
      key: "languages",
      header: t("field.languages"),
      cell: (row) => <span className="t2">{row.languages.map((one) => t(`language.${one}`)).join(", ")}</span>,
    },
    { key: "version", header: t("field.version"), right: true, cell: (row) => `v${row.versionNo}` },
    {
      key: "changed",
      header: t("field.changed"),
      right: true,
      cell: (row) => <span className="t2">{formats.day(formats.dayOf(row.changedAt))}</span>,
    },
  ];
  return (
    <>
      <PageHead
        title={t("nav.templates")}
        actions={
          may("templates.write") ? (
            <Button icon={IconPlus} onClick={() => setMaking(true)}>
              {t("template.new")}
            </Button>
          ) : null
        }
      >
        {t("template.lead")}
      </PageHead>
      {making ? <NewTemplate onClose={() => setMaking(false)} /> : null}
      <Sheet>
        <Loaded query={query} columns={4}>
          {(data) =>
            data.rows.length === 0 ? (
              <EmptyState title={t("template.none")}>{t("template.noneText")}</EmptyState>
            ) : (
              <DataTable
                label={t("nav.templates")}
                rows={data.rows}
                count={data.rows.length}
                columns={columns}
                compact={false}
                rowKey={(row) => row.templateId}
                onOpen={(row) =>
                  void navigate({ to: "/templates/$templateId", params: { templateId: row.templateId } })
                }
                phone={(row) => ({
                  title: (
                    <Link className="link-quiet" to="/templates/$templateId" params={{ templateId: row.templateId }}>
                      {labelOf(row.name, language)}
                    </Link>
                  ),
                  below: row.languages.map((one) => t(`language.${one}`)).join(", "),
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
