import { IconDeviceFloppy } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { JSONContent } from "@tiptap/react";
import { useState } from "react";
import type { TemplateContent, TemplateDetail } from "#contracts/correspondence.ts";
import { Badge } from "#ui/badge.tsx";
import { Button } from "#ui/button.tsx";
import type { Language } from "#ui/format.ts";
import { useFormats } from "#ui/locale.tsx";
import { Note } from "#ui/surfaces.tsx";
import { Problem } from "../../api/client.ts";
import { actions, mergeFieldsQuery, templateQuery } from "../../api/correspondence.ts";
import { labelOf, useT } from "../../i18n/index.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";
import { usePageTitle } from "../../shell/page.tsx";
import { Preview } from "./preview.tsx";
import { BodyEditor, SubjectEditor } from "./text-editor.tsx";

const EMPTY = {
  subject: { type: "doc", content: [{ type: "paragraph" }] },
  body: { type: "doc", content: [{ type: "paragraph" }] },
};
const LANGUAGES: readonly Language[] = ["fr", "en"];

/** French and English side by side, and what a real customer would read. */
export function Template() {
  const { t, language } = useT();
  const { templateId = "" } = useParams({ strict: false }) as { templateId?: string };
  const query = useQuery(templateQuery(templateId));
  usePageTitle(query.data ? labelOf(query.data.name, language) : t("nav.templates"), [
    { label: t("nav.templates"), to: "/templates" },
  ]);
  return (
    <Loaded query={query} rows={8} columns={2}>
      {(template) => <Editor key={template.version} template={template} />}
    </Loaded>
  );
}

function Editor({ template }: { template: TemplateDetail }) {
  const { t, language } = useT();
  const formats = useFormats();
  const { may } = useWorkplace();
  const { act, waiting, problem, failure } = useAct();
  const fields = useQuery(mergeFieldsQuery()).data?.rows ?? [];
  const [content, setContent] = useState<TemplateContent>(template.content);
  const [round, setRound] = useState(0);
  const writes = may("templates.write");
  const changed = JSON.stringify(content) !== JSON.stringify(template.content);
  const write = (of: Language, part: "subject" | "body", value: JSONContent) =>
    setContent((before) => {
      const text = { ...(before[of] ?? EMPTY), [part]: value };
      // the editor's document is the contract's subset: its extensions admit nothing else
      return { ...before, [of]: text } as TemplateContent;
    });
  const save = () =>
    void act(() => actions.saveTemplate(template.templateId, template.version, { content }), {
      done: t("template.saved"),
      refresh: [["templates"]],
    });
  const errors = failure instanceof Problem ? failure.errors : [];

  return (
    <>
      <div className="page-head">
        <div>
          <div className="row row-wrap">
            <h1>{labelOf(template.name, language)}</h1>
            {changed ? <Badge tone="warning">{t("template.draft")}</Badge> : <Badge>v{template.versionNo}</Badge>}
          </div>
          <p>{t("template.since", { day: formats.dayLong(formats.dayOf(template.changedAt)) })}</p>
        </div>
        {writes ? (
          <div className="page-actions">
            {changed ? (
              <Button
                tone="quiet"
                onClick={() => {
                  setContent(template.content);
                  setRound(round + 1);
                }}
              >
                {t("ui.cancel")}
              </Button>
            ) : null}
            <Button tone="primary" icon={IconDeviceFloppy} disabled={!changed} waiting={waiting} onClick={save}>
              {t("ui.save")}
            </Button>
          </div>
        ) : null}
      </div>
      {problem ? (
        <div style={{ marginBottom: 14 }}>
          <Note tone="danger" role="alert">
            {problem}
            {errors.length > 0 ? (
              <ul>
                {errors.map((error) => (
                  <li key={error.path}>
                    <span className="t3">{error.path}</span> {error.detail}
                  </li>
                ))}
              </ul>
            ) : null}
          </Note>
        </div>
      ) : null}
      <div className="stack gap-20">
        <div className="fields fields-2" key={round}>
          {LANGUAGES.map((of) => (
            <section key={of} className="sheet" lang={of}>
              <div className="sheet-head">
                <h2 className="h3">{t(`language.${of}`)}</h2>
                {content[of] ? null : <Badge tone="warning">{t("template.missing")}</Badge>}
              </div>
              {fields.length > 0 ? (
                <>
                  <SubjectEditor
                    label={t("mail.subject")}
                    language={of}
                    fields={fields}
                    value={(content[of] ?? EMPTY).subject}
                    onChange={(value) => write(of, "subject", value)}
                    editable={writes}
                  />
                  <BodyEditor
                    label={t("template.body")}
                    language={of}
                    fields={fields}
                    value={(content[of] ?? EMPTY).body}
                    onChange={(value) => write(of, "body", value)}
                    editable={writes}
                  />
                </>
              ) : null}
            </section>
          ))}
        </div>
        <Preview content={content} />
      </div>
    </>
  );
}
