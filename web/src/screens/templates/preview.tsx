import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { z } from "zod";
import type { TemplateContent } from "#contracts/correspondence.ts";
import type { CustomerPage } from "#contracts/parties.ts";
import { Choice, TextField } from "#ui/fields.tsx";
import type { Language } from "#ui/format.ts";
import { Note } from "#ui/surfaces.tsx";
import { Segments } from "#ui/tabs.tsx";
import { api } from "../../api/client.ts";
import { actions } from "../../api/correspondence.ts";
import { useT } from "../../i18n/index.ts";
import { problemText } from "../../parts/loaded.tsx";
import { MailFrame } from "../../parts/mail-frame.tsx";
import { useSettled } from "../../parts/use-settled.ts";

/** The draft as a chosen real customer would read it. */
export function Preview({ content }: { content: TemplateContent }) {
  const { t } = useT();
  const [language, setLanguage] = useState<Language>("fr");
  const [typed, setTyped] = useState("");
  const [customerId, setCustomerId] = useState<string>("");
  const text = useSettled(typed, 250);
  const customers = useQuery({
    queryKey: ["customers", "pick", text],
    queryFn: ({ signal }) =>
      api.get<z.infer<typeof CustomerPage>>("/customers", { text: text || undefined, limit: 20 }, signal),
    placeholderData: keepPreviousData,
  });
  const found = customers.data?.rows ?? [];
  const draft = useSettled(content, 500);
  const preview = useQuery({
    queryKey: ["templates", "preview", draft, language, customerId],
    queryFn: () => actions.previewTemplate({ content: draft, language, ...(customerId ? { customerId } : {}) }),
    placeholderData: keepPreviousData,
    retry: false,
  });
  return (
    <section className="sheet">
      <div className="sheet-head">
        <h2 className="h3">{t("template.preview")}</h2>
        <p className="only-wide">{t("template.previewLead")}</p>
        <div className="sheet-actions">
          <Segments
            label={t("user.language")}
            value={language}
            onChange={setLanguage}
            items={[
              { key: "fr", label: t("language.fr") },
              { key: "en", label: t("language.en") },
            ]}
          />
        </div>
      </div>
      <div className="pad stack gap-12" style={{ paddingTop: 0 }}>
        <div className="fields fields-2">
          <TextField label={t("template.findCustomer")} type="search" value={typed} onChange={setTyped} />
          <Choice
            label={t("field.customer")}
            value={customerId}
            options={[
              { value: "", label: t("template.example") },
              ...found.map((one) => ({ value: one.id, label: `${one.name} · ${one.number}` })),
            ]}
            onChange={setCustomerId}
          />
        </div>
        {preview.isError ? <Note tone="danger">{problemText(preview.error, t)}</Note> : null}
        {preview.data ? (
          <MailFrame subject={preview.data.subject} html={preview.data.html} text={preview.data.text} height={520} />
        ) : null}
      </div>
    </section>
  );
}
