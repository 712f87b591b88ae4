import { IconFileUpload } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { type DragEvent, useRef, useState } from "react";
import { Button } from "#ui/button.tsx";
import { Choice } from "#ui/fields.tsx";
import { PageHead } from "#ui/surfaces.tsx";
import { actions } from "../../api/imports.ts";
import { useT } from "../../i18n/index.ts";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";
import { usePageTitle } from "../../shell/page.tsx";
import { Steps } from "./steps.tsx";

const KINDS = ["auto", "items", "customers", "contacts", "fec", "einvoice"] as const;

/** Drop a file; what it holds is found out and said on the next page. */
export function Upload() {
  const { t } = useT();
  const navigate = useNavigate();
  const { session, company } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const [kind, setKind] = useState<(typeof KINDS)[number]>("auto");
  const [companyId, setCompanyId] = useState(
    company?.id ?? (session.companies.length === 1 ? (session.companies[0]?.id ?? "") : ""),
  );
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  usePageTitle(t("imports.start"), [{ label: t("nav.data"), to: "/data" }]);
  const take = (file: File | undefined) => {
    if (!file) return;
    void act(() => actions.upload(file, kind, companyId || undefined), {
      refresh: [["imports"]],
      next: (made) => void navigate({ to: "/data/import/$importId", params: { importId: made.id } }),
    });
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  return (
    <>
      <PageHead title={t("imports.start")} actions={<Steps at={1} />}>
        {t("imports.uploadLead")}
      </PageHead>
      <div className="stack gap-16">
        <Refusal>{problem}</Refusal>
        <div className="fields fields-3">
          <Choice
            label={t("field.company")}
            value={companyId}
            options={[
              { value: "", label: t("imports.companyLater") },
              ...session.companies.map((one) => ({ value: one.id, label: one.name })),
            ]}
            onChange={setCompanyId}
          />
          <Choice
            label={t("imports.kind")}
            value={kind}
            options={KINDS.map((value) => ({ value, label: t(`importKind.${value}`) }))}
            onChange={setKind}
          />
        </div>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button inside does the same */}
        <div
          className={over ? "drop drop-over" : "drop"}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={drop}
        >
          <IconFileUpload size={30} stroke={1.5} aria-hidden="true" />
          <h2>{t("imports.dropHere")}</h2>
          <p className="t2">{t("imports.formats")}</p>
          <input
            ref={input}
            type="file"
            className="visually-hidden"
            aria-label={t("imports.choose")}
            accept=".csv,.txt,.tsv,.tra,.pnm,.xlsx,.xml,.pdf,text/csv,text/plain"
            onChange={(event) => take(event.currentTarget.files?.[0])}
          />
          <Button tone="primary" waiting={waiting} onClick={() => input.current?.click()}>
            {t("imports.choose")}
          </Button>
          <p className="small t3">{t("imports.safe")}</p>
        </div>
      </div>
    </>
  );
}
