import { IconCheck, IconFileImport } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { BankFile, Statement } from "#contracts/cash.ts";
import { Amount } from "#ui/amount.tsx";
import { Button, buttonClass } from "#ui/button.tsx";
import { Choice, TextField } from "#ui/fields.tsx";
import { useFormats } from "#ui/locale.tsx";
import { Note, PageHead, Sheet } from "#ui/surfaces.tsx";
import { actions, bankAccountsQuery, bankFileQuery, CASH } from "../../api/cash.ts";
import { address } from "../../api/client.ts";
import { useT } from "../../i18n/index.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";
import { usePageTitle } from "../../shell/page.tsx";
import { AccountPanel } from "./account-panel.tsx";
import { Findings, StatementState } from "./findings.tsx";
import { formatAccount } from "./statements.tsx";

/** The verdict on a file before anything of it is used, and the decisions that it asks for. */
export function Verdict() {
  const { t } = useT();
  const { fileId = "" } = useParams({ strict: false });
  const query = useQuery(bankFileQuery(fileId));
  usePageTitle(query.data?.name ?? t("statements.verdict"), [{ label: t("nav.bank"), to: "/bank" }]);
  return (
    <Loaded query={query} rows={4} columns={3}>
      {(file) => <File file={file} />}
    </Loaded>
  );
}

function File({ file }: { file: BankFile }) {
  const { t } = useT();
  const { may } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const [result, setResult] = useState<string | undefined>();
  const ready = file.statements.filter((one) => one.state === "checked").length;
  const importAll = () =>
    void act(() => actions.importFile(file.id), {
      refresh: CASH,
      next: (done) =>
        setResult(
          done.isQueued
            ? t("statements.queued", { lines: done.lines })
            : t("statements.imported", { lines: done.lines, posted: done.posted }),
        ),
    });
  return (
    <>
      <PageHead
        title={file.name}
        actions={
          <>
            <a className={buttonClass({})} href={address(`/bank-files/${file.id}/file`)} download={file.name}>
              {t("statements.download")}
            </a>
            <Link className={buttonClass({})} to="/matching">
              {t("nav.matching")}
            </Link>
            {ready > 0 && may("cash.write") ? (
              <Button tone="primary" size="tall" icon={IconFileImport} waiting={waiting} onClick={importAll}>
                {t("statements.importReady", { count: ready })}
              </Button>
            ) : null}
          </>
        }
      >
        {t("statements.verdictLead", { format: file.format, count: file.statements.length })}
      </PageHead>
      <div className="stack gap-16">
        <Refusal>{problem}</Refusal>
        {result ? (
          <Note tone="success" role="status">
            {result}
          </Note>
        ) : null}
        {file.warnings.length > 0 ? (
          <Note tone="warning">{t("statements.warnings", { count: file.warnings.length })}</Note>
        ) : null}
        {file.format === "csv" && may("cash.write") && file.statements.every((one) => one.state !== "imported") ? (
          <div>
            <Link to="/bank/columns" search={{ file: file.id }}>
              {t("csv.describe")}
            </Link>
          </div>
        ) : null}
        {file.statements.map((statement) => (
          <One key={statement.id} statement={statement} />
        ))}
      </div>
    </>
  );
}

function One({ statement }: { statement: Statement }) {
  const { t } = useT();
  const formats = useFormats();
  const { may } = useWorkplace();
  const title =
    statement.scope === "returns"
      ? t("statements.returns")
      : (statement.accountName ?? formatAccount(statement.identifier));
  return (
    <Sheet
      title={statement.number ? t("statements.numbered", { title, number: statement.number }) : title}
      actions={<StatementState state={statement.state} />}
    >
      <div className="pad stack gap-16" style={{ paddingTop: 0 }}>
        <dl className="facts">
          <dt>{t("statements.account")}</dt>
          <dd>
            {formatAccount(statement.identifier)}
            {statement.companyCode ? ` · ${statement.companyCode}` : ""}
          </dd>
          <dt>{t("statements.period")}</dt>
          <dd>
            {[statement.from, statement.to]
              .filter((one) => one !== null)
              .map((one) => formats.day(one))
              .join(" – ") || "–"}
          </dd>
          <dt>{t("statements.balances")}</dt>
          <dd>
            <Amount value={statement.opening} quiet /> → <Amount value={statement.closing} />
          </dd>
          <dt>{t("statements.lines")}</dt>
          <dd>{t("statements.linesKnown", { lines: statement.lineCount, known: statement.knownCount })}</dd>
          <dt>{t("statements.movements")}</dt>
          <dd>
            + <Amount value={statement.credit} quiet /> · − <Amount value={statement.debit} quiet />
          </dd>
        </dl>
        <Findings statement={statement} />
        {statement.reason ? <p className="t2">{t("statements.reasonWas", { reason: statement.reason })}</p> : null}
        {statement.state === "quarantined" && may("cash.write") ? <Decision statement={statement} /> : null}
        {statement.state === "imported" && statement.waitingCount > 0 ? (
          <div>
            <Link to="/matching">{t("statements.toMatch", { count: statement.waitingCount })}</Link>
          </div>
        ) : null}
      </div>
    </Sheet>
  );
}

/** Take it although something stands against it, or turn it away: both with a reason that stays. */
function Decision({ statement }: { statement: Statement }) {
  const { t } = useT();
  const { act, waiting, problem } = useAct();
  const accounts = useQuery(bankAccountsQuery());
  const [reason, setReason] = useState("");
  const [accountId, setAccountId] = useState("");
  const [isAdding, setAdding] = useState(false);
  const isAccountMissing = statement.bankAccountId === null && statement.scope !== "returns";
  const refresh = { refresh: CASH };
  return (
    <div className="stack gap-12">
      <Refusal>{problem}</Refusal>
      {isAccountMissing ? (
        <>
          <div>
            <Button onClick={() => setAdding(true)}>{t("bankAccounts.addThis")}</Button>
          </div>
          <Choice
            label={t("statements.whichAccount")}
            value={accountId}
            options={[
              { value: "", label: t("ui.none") },
              ...(accounts.data?.rows ?? []).map((one) => ({
                value: one.id,
                label: `${one.companyCode} · ${one.name} · ${one.currency}`,
              })),
            ]}
            onChange={setAccountId}
          />
        </>
      ) : null}
      <TextField label={t("statements.reason")} hint={t("statements.reasonHint")} value={reason} onChange={setReason} />
      <div className="row row-wrap">
        <Button
          tone="primary"
          icon={IconCheck}
          waiting={waiting}
          disabled={reason.trim() === "" || (isAccountMissing && accountId === "")}
          onClick={() =>
            void act(() => actions.accept(statement, reason.trim(), accountId || null), {
              ...refresh,
              done: t("statements.accepted"),
            })
          }
        >
          {t("statements.accept")}
        </Button>
        <Button
          tone="danger"
          waiting={waiting}
          disabled={reason.trim() === ""}
          onClick={() =>
            void act(() => actions.refuse(statement, reason.trim()), { ...refresh, done: t("statements.refused") })
          }
        >
          {t("statements.refuse")}
        </Button>
      </div>
      {isAdding ? (
        <AccountPanel
          start={{ identifier: statement.identifier, currency: statement.currency ?? "EUR" }}
          onClose={() => setAdding(false)}
        />
      ) : null}
    </div>
  );
}
