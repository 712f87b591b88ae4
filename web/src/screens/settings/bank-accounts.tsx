import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { BankAccount } from "#contracts/cash.ts";
import { Amount } from "#ui/amount.tsx";
import { Badge } from "#ui/badge.tsx";
import { Button } from "#ui/button.tsx";
import { useFormats } from "#ui/locale.tsx";
import { EmptyState } from "#ui/states.tsx";
import { Sheet } from "#ui/surfaces.tsx";
import { bankAccountsQuery } from "../../api/cash.ts";
import { useT } from "../../i18n/index.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { useWorkplace } from "../../session.tsx";
import { AccountPanel } from "../bank/account-panel.tsx";
import { formatAccount } from "../bank/statements.tsx";

/** Which bank accounts belong to which company. */
export function BankAccounts() {
  const { t } = useT();
  const formats = useFormats();
  const { may } = useWorkplace();
  const [editing, setEditing] = useState<BankAccount | "new" | undefined>();
  const query = useQuery(bankAccountsQuery());
  const writes = may("cash.write");
  return (
    <Sheet
      title={t("settings.bankAccounts")}
      actions={
        writes ? (
          <Button size="small" icon={IconPlus} onClick={() => setEditing("new")}>
            {t("ui.add")}
          </Button>
        ) : null
      }
    >
      <Loaded query={query} columns={3}>
        {(data) =>
          data.rows.length === 0 ? (
            <EmptyState title={t("bankAccounts.none")}>{t("bankAccounts.noneText")}</EmptyState>
          ) : (
            <ul className="lines">
              {data.rows.map((account) => (
                <li key={account.id} className="row row-wrap">
                  <div className="grow">
                    <button
                      type="button"
                      className="link-button link-quiet medium"
                      disabled={!writes}
                      onClick={() => setEditing(account)}
                    >
                      {account.name}
                    </button>
                    <div className="small t2">
                      {account.companyCode} · {formatAccount(account.identifier)} · {account.currency}
                    </div>
                  </div>
                  {account.isActive ? null : <Badge>{t("bankAccounts.closed")}</Badge>}
                  <span className="small t2 nowrap">
                    {account.lastTo
                      ? t("bankAccounts.until", { day: formats.day(account.lastTo) })
                      : t("bankAccounts.nothingYet")}
                  </span>
                  {account.lastClosing ? <Amount value={account.lastClosing} /> : null}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {editing ? (
        <AccountPanel {...(editing === "new" ? {} : { account: editing })} onClose={() => setEditing(undefined)} />
      ) : null}
    </Sheet>
  );
}
