import { IconFile, IconPaperclip, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { Button } from "#ui/button.tsx";
import { useFormats } from "#ui/locale.tsx";
import { address } from "../api/client.ts";
import { actions, type DocumentSubject, documentsQuery } from "../api/platform.ts";
import { useT } from "../i18n/index.ts";
import { useWorkplace } from "../session.tsx";
import { Refusal } from "./refusal.tsx";
import { useAct } from "./use-act.ts";

/** Files of a customer, an item or a message. */
export function Documents({ subjectType, subjectId }: { subjectType: DocumentSubject; subjectId: string }) {
  const { t } = useT();
  const formats = useFormats();
  const { may } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const input = useRef<HTMLInputElement>(null);
  const query = useQuery({ ...documentsQuery(subjectType, subjectId), enabled: may("documents.read") });
  if (!may("documents.read")) return null;
  const rows = query.data?.rows ?? [];
  const refresh = [
    ["documents", subjectType, subjectId],
    ["customers", subjectId, "timeline"],
  ];
  const attach = (file: File | undefined) =>
    file &&
    void act(() => actions.attach(subjectType, subjectId, file), {
      done: t("documents.attached", { name: file.name }),
      undo: (made) => actions.removeDocument(made.id),
      refresh,
    });
  const remove = (id: string, name: string) =>
    void act(() => actions.removeDocument(id), {
      done: t("documents.removed", { name }),
      undo: () => actions.bringBackDocument(id),
      refresh,
    });
  return (
    <section className="sheet">
      <div className="sheet-head">
        <h2 className="h3">{t("documents.title")}</h2>
        {may("documents.write") ? (
          <div className="sheet-actions">
            <input
              ref={input}
              type="file"
              className="visually-hidden"
              tabIndex={-1}
              aria-label={t("documents.attach")}
              onChange={(event) => {
                attach(event.currentTarget.files?.[0]);
                event.currentTarget.value = "";
              }}
            />
            <Button
              size="small"
              tone="quiet"
              icon={IconPaperclip}
              waiting={waiting}
              onClick={() => input.current?.click()}
            >
              {t("documents.attach")}
            </Button>
          </div>
        ) : null}
      </div>
      <Refusal isPadded>{problem}</Refusal>
      {rows.length === 0 ? (
        <p className="pad t2" style={{ paddingTop: 0 }}>
          {t("documents.none")}
        </p>
      ) : (
        <ul className="contacts">
          {rows.map((one) => (
            <li key={one.id}>
              <IconFile className="icon t3" stroke={1.75} aria-hidden="true" />
              <div className="grow">
                <a className="link-quiet" href={address(`/documents/${one.id}/content`)} download={one.name}>
                  {one.name}
                </a>
                <div className="small t3">
                  {formats.bytes(one.sizeBytes)} · {formats.day(formats.dayOf(one.addedAt))}
                </div>
              </div>
              {may("documents.write") ? (
                <Button
                  size="small"
                  tone="quiet"
                  icon={IconTrash}
                  aria-label={t("documents.remove", { name: one.name })}
                  onClick={() => remove(one.id, one.name)}
                />
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
