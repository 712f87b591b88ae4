import { IconFileUpload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import type { BankCsvLayout, BankCsvPreview } from "#contracts/bank-csv.ts";
import { Button } from "#ui/button.tsx";
import { Loading } from "#ui/states.tsx";
import { Note, PageHead } from "#ui/surfaces.tsx";
import { csvActions, csvPreviewQuery, storedFile } from "../../api/bank-csv.ts";
import { bankAccountsQuery, CASH } from "../../api/cash.ts";
import { useT } from "../../i18n/index.ts";
import { problemText } from "../../parts/loaded.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useSearchState } from "../../parts/search-state.ts";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";
import { usePageTitle } from "../../shell/page.tsx";
import { CsvFields } from "./csv-fields.tsx";
import { CsvFormat } from "./csv-format.tsx";
import { CsvResult } from "./csv-result.tsx";
import { KeptLayouts } from "./kept-layouts.tsx";
import { takeOver } from "./pending-file.ts";

/** Says once how a bank's CSV is to be read, sees what that gives, and keeps it for the account. */
export function CsvColumns() {
  const { t } = useT();
  const [search] = useSearchState();
  const [file, setFile] = useState<File | undefined>(takeOver);
  const [problem, setProblem] = useState<string | undefined>();
  const stored = typeof search.file === "string" ? search.file : undefined;
  usePageTitle(t("csv.title"), [{ label: t("nav.bank"), to: "/bank" }]);
  useEffect(() => {
    if (stored && !file)
      storedFile(stored)
        .then(setFile)
        .catch((error: unknown) => setProblem(problemText(error, t)));
  }, [stored, file, t]);
  return (
    <>
      <PageHead title={t("csv.title")} actions={<ChooseFile isFirst={!file} onFile={setFile} />}>
        {file ? t("csv.leadFile", { name: file.name }) : t("csv.lead")}
      </PageHead>
      <div className="stack gap-16">
        <Refusal>{problem}</Refusal>
        {file ? <Reading key={`${file.name} ${file.size} ${file.lastModified}`} file={file} /> : null}
        <KeptLayouts />
      </div>
    </>
  );
}

function ChooseFile({ isFirst, onFile }: { isFirst: boolean; onFile: (file: File) => void }) {
  const { t } = useT();
  const { may } = useWorkplace();
  const input = useRef<HTMLInputElement>(null);
  if (!may("cash.write")) return null;
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".csv,.txt,.tsv,text/csv,text/plain"
        className="visually-hidden"
        aria-label={t("csv.choose")}
        onChange={(event) => {
          const chosen = event.currentTarget.files?.[0];
          if (chosen) onFile(chosen);
          event.currentTarget.value = "";
        }}
      />
      <Button
        {...(isFirst ? { tone: "primary" as const, size: "tall" as const } : {})}
        icon={IconFileUpload}
        onClick={() => input.current?.click()}
      >
        {t(isFirst ? "csv.choose" : "csv.chooseOther")}
      </Button>
    </>
  );
}

function Reading({ file }: { file: File }) {
  const { t } = useT();
  const { company } = useWorkplace();
  const accounts = useQuery(bankAccountsQuery());
  const active = (accounts.data?.rows ?? []).filter(
    (one) => one.isActive && (!company || one.companyId === company.id),
  );
  const [chosen, setAccountId] = useState("");
  const accountId = chosen || (active.length === 1 ? (active[0]?.id ?? "") : "");
  const [layout, setLayout] = useState<BankCsvLayout | undefined>();
  const [separator, setSeparator] = useState<BankCsvLayout["separator"] | undefined>();
  const query = useQuery(csvPreviewQuery(file, { layout, separator, bankAccountId: accountId }));
  const preview = query.data;
  if (query.isError && !preview) return <Refusal>{problemText(query.error, t)}</Refusal>;
  if (!preview) return <Loading rows={6} columns={4} />;
  const current = layout ?? preview.layout;
  const cut = (next: BankCsvLayout["separator"]) => {
    // other cells, other columns: the guess starts again
    setSeparator(next);
    setLayout(undefined);
  };
  return (
    <>
      {query.isError ? <Refusal>{problemText(query.error, t)}</Refusal> : null}
      <CsvFormat
        layout={current}
        preview={preview}
        accounts={active}
        accountId={accountId}
        onAccount={setAccountId}
        onSeparator={cut}
        onChange={setLayout}
      />
      <CsvFields layout={current} preview={preview} onChange={setLayout} />
      <CsvResult preview={preview} />
      <Keep file={file} layout={current} accountId={accountId} preview={preview} />
    </>
  );
}

function Keep(props: { file: File; layout: BankCsvLayout; accountId: string; preview: BankCsvPreview }) {
  const { file, layout, accountId, preview } = props;
  const { t } = useT();
  const navigate = useNavigate();
  const { may } = useWorkplace();
  const { act, waiting, problem } = useAct();
  if (!may("cash.write")) return null;
  const keep = () =>
    void act(() => csvActions.take(file, layout, accountId), {
      refresh: CASH,
      next: (made) => void navigate({ to: "/bank/files/$fileId", params: { fileId: made.id } }),
    });
  return (
    <div className="stack gap-12">
      <Refusal>{problem}</Refusal>
      {accountId === "" ? <Note tone="info">{t("csv.accountFirst")}</Note> : null}
      <div className="row row-wrap">
        <Button
          tone="primary"
          size="tall"
          waiting={waiting}
          disabled={accountId === "" || preview.count === 0}
          onClick={keep}
        >
          {t("csv.keep")}
        </Button>
        <span className="t2">{t("csv.keepText")}</span>
      </div>
    </div>
  );
}
