import { useState } from "react";
import type { BankAccount } from "#contracts/cash.ts";
import { Button } from "#ui/button.tsx";
import { CheckField, Choice, TextField } from "#ui/fields.tsx";
import { actions, CASH } from "../../api/cash.ts";
import { useT } from "../../i18n/index.ts";
import { Panel } from "../../parts/panel.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";
import { formatAccount } from "./statements.tsx";

/** One bank account, new or changed; number, currency and company stay as they were made. */
export function AccountPanel(props: {
  account?: BankAccount;
  start?: { identifier: string; currency: string };
  onClose: () => void;
}) {
  const { account, start } = props;
  const { t } = useT();
  const { session, company } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const [companyId, setCompanyId] = useState(account?.companyId ?? company?.id ?? session.companies[0]?.id ?? "");
  const [identifier, setIdentifier] = useState(formatAccount(account?.identifier ?? start?.identifier ?? ""));
  const [currency, setCurrency] = useState(account?.currency ?? start?.currency ?? "EUR");
  const [name, setName] = useState(account?.name ?? "");
  const [isActive, setActive] = useState(account?.isActive ?? true);
  const body = {
    companyId,
    identifier: identifier.replace(/\s/g, ""),
    currency: currency.toUpperCase(),
    name: name.trim(),
    isActive,
  };
  const isWhole =
    body.name !== "" && body.identifier.length >= 3 && /^[A-Z]{3}$/.test(body.currency) && companyId !== "";
  const save = () =>
    void act(
      () => (account ? actions.changeAccount(account, { name: body.name, isActive }) : actions.addAccount(body)),
      { done: t("ui.saved"), refresh: CASH, next: props.onClose },
    );
  return (
    <Panel title={account?.name ?? t("bankAccounts.add")} onClose={props.onClose}>
      <form
        className="stack gap-16"
        onSubmit={(event) => {
          event.preventDefault();
          if (isWhole) save();
        }}
      >
        <Refusal>{problem}</Refusal>
        <TextField label={t("field.name")} value={name} onChange={setName} required />
        {account ? (
          <p className="t2">
            {formatAccount(account.identifier)} · {account.currency} · {account.companyCode}
          </p>
        ) : (
          <>
            <Choice
              label={t("field.company")}
              value={companyId}
              options={session.companies.map((one) => ({ value: one.id, label: one.name }))}
              onChange={setCompanyId}
            />
            <TextField label={t("bankAccounts.identifier")} value={identifier} onChange={setIdentifier} required />
            <TextField label={t("field.currency")} value={currency} onChange={setCurrency} required />
          </>
        )}
        <CheckField checked={isActive} onChange={setActive}>
          {t("bankAccounts.active")}
        </CheckField>
        <div>
          <Button type="submit" tone="primary" waiting={waiting} disabled={!isWhole}>
            {t("ui.save")}
          </Button>
        </div>
      </form>
    </Panel>
  );
}
