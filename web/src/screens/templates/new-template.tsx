import { Modal } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "#ui/button.tsx";
import { TextField } from "#ui/fields.tsx";
import { actions } from "../../api/correspondence.ts";
import { useT } from "../../i18n/index.ts";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";

/** "Relance ferme, export" → "relance-ferme-export": the key that steps name a template by. */
const keyOf = (name: string): string =>
  name
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
    .slice(0, 40)
    .replace(/-+$/, "");

const field = (key: string) => ({ type: "mergeField" as const, attrs: { key } });

/** A first text that already says who and which items; it is changed on the next page. */
const FIRST = {
  subject: {
    type: "doc" as const,
    content: [{ type: "paragraph" as const, content: [field("company.name")] }],
  },
  body: {
    type: "doc" as const,
    content: [
      { type: "paragraph" as const, content: [field("greeting"), { type: "text" as const, text: "," }] },
      { type: "openItemsTable" as const },
      { type: "signature" as const },
    ],
  },
};

/** Names a new template and opens it. */
export function NewTemplate({ onClose }: { onClose: () => void }) {
  const { t } = useT();
  const navigate = useNavigate();
  const { act, waiting, problem } = useAct();
  const [fr, setFr] = useState("");
  const [en, setEn] = useState("");
  const key = keyOf(fr);
  const make = () =>
    void act(
      () =>
        actions.createTemplate({
          key,
          name: { fr: fr.trim(), ...(en.trim() ? { en: en.trim() } : {}) },
          content: { fr: FIRST },
        }),
      {
        refresh: [["templates"]],
        next: (made) => void navigate({ to: "/templates/$templateId", params: { templateId: made.templateId } }),
      },
    );
  return (
    <Modal opened onClose={onClose} title={t("template.new")} closeButtonProps={{ "aria-label": t("ui.close") }}>
      <form
        className="stack gap-16"
        onSubmit={(event) => {
          event.preventDefault();
          make();
        }}
      >
        <Refusal>{problem}</Refusal>
        <TextField
          label={t("scenario.nameFr")}
          value={fr}
          onChange={setFr}
          required
          hint={key ? t("template.key", { key }) : undefined}
        />
        <TextField label={t("scenario.nameEn")} value={en} onChange={setEn} />
        <div>
          <Button type="submit" tone="primary" waiting={waiting} disabled={key === ""}>
            {t("template.make")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
