import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { PageHead, Sheet } from "#ui/surfaces.tsx";
import { accountLedgerQuery } from "../../api/receivables.ts";
import { useT } from "../../i18n/index.ts";
import { usePageTitle } from "../../shell/page.tsx";
import { AccountLedger } from "./account-ledger.tsx";

/** One account in the books of one company: whose it is, and its ledger. */
export function AccountPage() {
  const { t } = useT();
  const { accountId = "" } = useParams({ strict: false }) as { accountId?: string };
  const account = useInfiniteQuery(accountLedgerQuery(accountId, { layers: "ledger" })).data?.pages[0]?.account;
  usePageTitle(account ? `${account.controlAccount} ${account.auxiliary}` : t("ledger.title"), [
    { label: t("nav.customers"), to: "/customers" },
  ]);
  return (
    <>
      <PageHead title={account ? account.name : t("ledger.title")}>
        {account ? (
          <>
            {account.companyCode} · {account.controlAccount} {account.auxiliary} ·{" "}
            <Link to="/customers/$customerId" params={{ customerId: account.customerId }}>
              {account.customerName}
            </Link>
          </>
        ) : null}
      </PageHead>
      <Sheet>
        <AccountLedger key={accountId} accountId={accountId} />
      </Sheet>
    </>
  );
}
