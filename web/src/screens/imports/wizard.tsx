import { IconAlertTriangle, IconArrowBackUp, IconCheck, IconDownload, IconSearch } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { Import, ImportChoices } from "#contracts/imports.ts";
import { Button, buttonClass } from "#ui/button.tsx";
import { CheckField } from "#ui/fields.tsx";
import { useFormats } from "#ui/locale.tsx";
import { EmptyState } from "#ui/states.tsx";
import { Note, PageHead } from "#ui/surfaces.tsx";
import { address } from "../../api/client.ts";
import { actions, importQuery, isWorking } from "../../api/imports.ts";
import { useT } from "../../i18n/index.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";
import { usePageTitle } from "../../shell/page.tsx";
import { CompanyChoice } from "./company-choice.tsx";
import { Coverage } from "./coverage.tsx";
import { Detected } from "./detected.tsx";
import { InvoiceFacts } from "./invoice-facts.tsx";
import { Mapping } from "./mapping.tsx";
import { Report } from "./report.tsx";
import { Steps } from "./steps.tsx";

/** One import from what was read to what it changed: check as often as wished, then all or nothing, then undo. */
export function Wizard() {
  const { t } = useT();
  const { importId = "" } = useParams({ strict: false }) as { importId?: string };
  const query = useQuery(importQuery(importId));
  usePageTitle(query.data?.fileName ?? t("imports.start"), [{ label: t("nav.data"), to: "/data" }]);
  return (
    <Loaded query={query} rows={8} columns={3}>
      {(one) => <Body key={one.id} one={one} />}
    </Loaded>
  );
}

const isComplete = (choices: ImportChoices, kind: Import["kind"]): boolean => {
  if (kind === "contacts" || kind === "customers") return true;
  if (!choices.companyId) return false;
  if (choices.coverage === "open_snapshot") return choices.asOf !== null;
  if (choices.coverage === "full") return choices.from !== null && choices.to !== null;
  return true;
};

function Body({ one }: { one: Import }) {
  const { t } = useT();
  const formats = useFormats();
  const queries = useQueryClient();
  const { may } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const [draft, setDraft] = useState<ImportChoices>(one.choices);
  const working = isWorking(one.state);
  const done = one.state === "applied" || one.state === "undone";
  const dirty = JSON.stringify(draft) !== JSON.stringify(one.choices);
  const ready = one.state === "checked" && !dirty;
  const refused = one.report?.refusedRows ?? 0;
  const canApply = ready && (refused === 0 || one.choices.skipRefused);
  const complete = isComplete(draft, one.kind);
  const writes = may("imports.write") && !done;
  const ledger = one.kind === "items" || one.kind === "fec" || one.kind === "einvoice";
  const isMapped = one.kind !== "fec" && one.kind !== "einvoice";
  const key = ["imports", "one", one.id];
  useEffect(() => {
    if (one.state === "applied" || one.state === "undone") {
      void queries.invalidateQueries({ queryKey: ["items"] });
      void queries.invalidateQueries({ queryKey: ["customers"] });
    }
  }, [one.state, queries]);

  const check = (choices = draft) =>
    void act(
      async () => {
        const saved =
          JSON.stringify(choices) === JSON.stringify(one.choices)
            ? one
            : await actions.choose(one.id, one.version, choices);
        setDraft(saved.choices);
        return actions.check(one.id);
      },
      { refresh: [key], next: (next) => queries.setQueryData(key, next) },
    );
  const skip = (skipRefused: boolean) => {
    const next = { ...draft, skipRefused };
    setDraft(next);
    check(next);
  };
  const apply = () =>
    void act(() => actions.apply(one.id), {
      refresh: [key, ["imports"]],
      next: (next) => queries.setQueryData(key, next),
    });
  const undo = () =>
    void act(() => actions.undo(one.id), {
      done: t("imports.undone", { name: one.fileName }),
      refresh: [["imports"], ["items"], ["customers"]],
    });

  return (
    <div className="with-bottom-bar">
      <PageHead title={t(`importTitle.${one.kind}`)} actions={<Steps at={done ? 4 : ready ? 3 : 2} />}>
        {one.fileName} · {t("imports.rows", { count: one.profile.rows })} · {formats.bytes(one.sizeBytes)}{" "}
        <a className="small" href={address(`/imports/${one.id}/file`)} download>
          <IconDownload className="icon-s" stroke={1.75} aria-hidden="true" /> {t("imports.original")}
        </a>
      </PageHead>
      {one.profile.invoice ? (
        <InvoiceFacts invoice={one.profile.invoice} />
      ) : (
        <Detected one={one} draft={draft} onChange={setDraft} writes={writes} />
      )}
      {problem ? (
        <div style={{ marginBottom: 14 }}>
          <Note tone="danger" role="alert">
            {problem}
          </Note>
        </div>
      ) : null}
      {one.failure ? (
        <div style={{ marginBottom: 14 }}>
          <Note tone="danger" role="alert">
            <b>{t("imports.failed")}</b> {one.failure.text}
            {one.failure.line > 0 ? (
              <span className="t2">
                {" "}
                {t("imports.atLine", { line: one.failure.line, column: one.failure.column ?? "" })}
              </span>
            ) : null}
          </Note>
        </div>
      ) : null}
      <div className={!isMapped || done ? "stack gap-16" : "with-aside with-aside-left"}>
        {!isMapped || done ? null : <Mapping one={one} draft={draft} onChange={setDraft} writes={writes} />}
        <div className="stack gap-16">
          {ledger && !done ? (
            <>
              <CompanyChoice draft={draft} onChange={setDraft} writes={writes} />
              {one.profile.invoice ? null : <Coverage one={one} draft={draft} onChange={setDraft} writes={writes} />}
            </>
          ) : null}
          {working ? (
            <section className="sheet">
              <div className="state" role="status">
                <div className="progress" style={{ width: 220 }}>
                  <span className="progress-moving" />
                </div>
                <p>{t(one.state === "checking" ? "imports.checking" : "imports.applying")}</p>
              </div>
            </section>
          ) : one.report ? (
            <Report one={one} stale={dirty} />
          ) : (
            <section className="sheet">
              <EmptyState title={t("imports.notChecked")}>{t("imports.notCheckedText")}</EmptyState>
            </section>
          )}
        </div>
      </div>
      <footer className="action-bar">
        {done ? (
          <>
            <span className={one.state === "applied" ? "success row" : "t2 row"}>
              <IconCheck className="icon" stroke={1.75} aria-hidden="true" />
              {t(one.state === "applied" ? "imports.appliedText" : "imports.undoneText")}
            </span>
            <span className="grow" />
            {one.state === "applied" && one.batchId && may("receivables.undo_batch") ? (
              <Button icon={IconArrowBackUp} waiting={waiting} onClick={undo}>
                {t("imports.undo")}
              </Button>
            ) : null}
            <Link className={buttonClass({ tone: "primary" })} to={ledger ? "/aged-balance" : "/customers"}>
              {t(ledger ? "imports.seeBalance" : "imports.seeCustomers")}
            </Link>
          </>
        ) : (
          <>
            <span className="t2 row">
              {refused > 0 || !complete ? (
                <IconAlertTriangle className="icon warning" stroke={1.75} aria-hidden="true" />
              ) : null}
              {!complete
                ? t("imports.incomplete")
                : refused > 0 && ready
                  ? t("imports.refusedLeft", { count: refused })
                  : t("imports.allOrNothing")}
            </span>
            <span className="grow" />
            {writes && refused > 0 && !working && !dirty ? (
              <CheckField checked={draft.skipRefused} onChange={skip}>
                {t("imports.skipRefused", { count: refused })}
              </CheckField>
            ) : null}
            {writes ? (
              <Button
                tone={canApply ? "default" : "primary"}
                icon={IconSearch}
                disabled={!complete || working}
                waiting={waiting}
                onClick={() => check()}
              >
                {t(one.report && !dirty ? "imports.checkAgain" : "imports.check")}
              </Button>
            ) : null}
            {writes ? (
              <Button tone="primary" disabled={!canApply || working} waiting={waiting && canApply} onClick={apply}>
                {t("imports.apply")}
              </Button>
            ) : null}
          </>
        )}
      </footer>
    </div>
  );
}
