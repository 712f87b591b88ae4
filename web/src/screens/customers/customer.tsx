import {
  IconBellOff,
  IconFileInvoice,
  IconMail,
  IconNote,
  IconPencil,
  IconPlayerPause,
  IconPlus,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { Customer } from "#contracts/parties.ts";
import { Badge } from "#ui/badge.tsx";
import { Button } from "#ui/button.tsx";
import { Choice } from "#ui/fields.tsx";
import { grouped } from "#ui/format.ts";
import { EmptyState } from "#ui/states.tsx";
import { Tabs } from "#ui/tabs.tsx";
import { customerQuery } from "../../api/parties.ts";
import { tasksQuery } from "../../api/platform.ts";
import { useT } from "../../i18n/index.ts";
import { Documents } from "../../parts/documents.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { Panel } from "../../parts/panel.tsx";
import { useSearchState } from "../../parts/search-state.ts";
import { useWorkplace } from "../../session.tsx";
import { useHotkeys } from "../../shell/hotkeys.ts";
import { usePageTitle } from "../../shell/page.tsx";
import { MessageTable } from "../messages/messages.tsx";
import { TaskList } from "../tasks/task-list.tsx";
import { TaskPanel } from "../tasks/task-panel.tsx";
import { AccountLedger } from "./account-ledger.tsx";
import { CustomerBalance } from "./balance.tsx";
import { Contacts } from "./contacts.tsx";
import { CustomerForm } from "./customer-form.tsx";
import { CustomerItems } from "./customer-items.tsx";
import { Flags } from "./flags.tsx";
import { History } from "./history.tsx";
import { NextStep } from "./next-step.tsx";
import { Notes, PinnedNotes } from "./notes.tsx";
import { Offsets } from "./offsets.tsx";
import { Orders } from "./orders.tsx";
import { Owner } from "./owner.tsx";
import { PaymentBehaviour } from "./payment-behaviour.tsx";
import { Profile } from "./profile.tsx";
import { SendStatement } from "./send-statement.tsx";
import { StatementView } from "./statement.tsx";
import { StopPanel } from "./stops.tsx";
import { WritePanel } from "./write-panel.tsx";

const TABS = ["open", "settled", "statement", "ledger", "behaviour", "orders", "messages", "tasks", "notes"] as const;
type Tab = (typeof TABS)[number];
const LABELS = {
  open: "customer.open",
  settled: "customer.settled",
  statement: "customer.statement",
  ledger: "ledger.title",
  behaviour: "behaviour.tab",
  orders: "orders.tab",
  messages: "nav.messages",
  tasks: "nav.tasks",
  notes: "notes.title",
} as const;

/** Everything about one customer: what they owe, what was said, what comes next. */
export function CustomerPage() {
  const { t } = useT();
  const { customerId = "" } = useParams({ strict: false }) as { customerId?: string };
  const query = useQuery(customerQuery(customerId));
  usePageTitle(query.data?.name ?? t("field.customer"), [{ label: t("nav.customers"), to: "/customers" }]);
  return (
    <Loaded query={query} rows={8} columns={4}>
      {(customer) => <Body key={customer.id} customer={customer} />}
    </Loaded>
  );
}

type Open = "write" | "stop" | "edit" | "note" | "statement";

function Body({ customer }: { customer: Customer }) {
  const { t } = useT();
  const { may } = useWorkplace();
  const [search, set] = useSearchState();
  const [open, setOpen] = useState<Open | undefined>();
  const close = () => setOpen(undefined);
  const shown = TABS.filter((tab) => tab !== "messages" || may("messages.read"));
  const tab: Tab = shown.find((one) => one === search.tab) ?? "open";
  useHotkeys({
    ...(may("messages.send") ? { r: () => setOpen("write"), c: () => setOpen("statement") } : {}),
    ...(may("stops.write") ? { s: () => setOpen("stop") } : {}),
    ...(may("notes.write") ? { n: () => setOpen("note") } : {}),
  });
  const meta = [
    t("customer.number", { number: customer.number }),
    customer.siren ? `SIREN ${grouped(customer.siren, 3)}` : undefined,
    [customer.city, customer.country === "FR" ? undefined : customer.country].filter(Boolean).join(" ") || undefined,
    customer.salesPerson ? t("customer.sales", { name: customer.salesPerson }) : undefined,
    customer.language === "fr" ? undefined : t("customer.language", { language: customer.language }),
  ].filter((one) => one !== undefined);
  return (
    <>
      <div className="page-head">
        <div>
          <div className="row row-wrap">
            <h1>{customer.name}</h1>
            {customer.isChased ? null : (
              <Badge tone="warning" icon={IconBellOff}>
                {t("customers.notChased")}
              </Badge>
            )}
            <Flags customerId={customer.id} />
          </div>
          <p>{meta.join(" · ")}</p>
        </div>
        <div className="page-actions">
          {may("messages.send") ? (
            <Button tone="primary" icon={IconMail} hotkey="R" onClick={() => setOpen("write")}>
              {t("customer.write")}
            </Button>
          ) : null}
          {may("messages.send") ? (
            <Button icon={IconFileInvoice} hotkey="C" onClick={() => setOpen("statement")}>
              {t("statement.sendShort")}
            </Button>
          ) : null}
          {may("stops.write") ? (
            <Button icon={IconPlayerPause} hotkey="S" onClick={() => setOpen("stop")}>
              {t("stops.save")}
            </Button>
          ) : null}
          {may("notes.write") ? (
            <Button icon={IconNote} hotkey="N" onClick={() => setOpen("note")}>
              {t("customer.note")}
            </Button>
          ) : null}
          {may("customers.write") ? (
            <Button icon={IconPencil} aria-label={t("ui.edit")} onClick={() => setOpen("edit")} />
          ) : null}
        </div>
      </div>
      <CustomerBalance customerId={customer.id} onTab={(next) => set({ tab: next })} />
      <div className="with-aside" style={{ marginTop: 20 }}>
        <div className="stack gap-20">
          <section className="sheet">
            <div className="sheet-tabs">
              <Tabs
                label={customer.name}
                value={tab}
                onChange={(next) => set({ tab: next === "open" ? undefined : next, message: undefined })}
                items={shown.map((key) => ({ key, label: t(LABELS[key]) }))}
              />
            </div>
            {tab === "open" || tab === "settled" ? <CustomerItems customerId={customer.id} status={tab} /> : null}
            {tab === "statement" ? <StatementView customerId={customer.id} /> : null}
            {tab === "ledger" ? (
              <CustomerLedger customer={customer} chosen={search.account} onChoose={(account) => set({ account })} />
            ) : null}
            {tab === "behaviour" ? <PaymentBehaviour customerId={customer.id} /> : null}
            {tab === "orders" ? <Orders customerId={customer.id} /> : null}
            {tab === "messages" ? (
              <MessageTable
                filter={{ customerId: customer.id }}
                chosen={search.message}
                onChoose={(message) => set({ message })}
                maxHeight="640px"
              />
            ) : null}
            {tab === "tasks" ? <CustomerTasks customerId={customer.id} /> : null}
            {tab === "notes" ? (
              <div className="pad">
                <Notes subjectType="customer" subjectId={customer.id} noteId={search.note} />
              </div>
            ) : null}
          </section>
          <section className="sheet">
            <div className="sheet-head">
              <h2 className="h3">{t("history.title")}</h2>
            </div>
            <History customerId={customer.id} />
          </section>
        </div>
        <aside className="stack gap-16">
          <PinnedNotes subjectType="customer" subjectId={customer.id} />
          <NextStep customerId={customer.id} />
          <Contacts customerId={customer.id} />
          <Owner customerId={customer.id} />
          <Profile customer={customer} />
          <Offsets customerId={customer.id} />
          <Documents subjectType="customer" subjectId={customer.id} />
          <section className="sheet">
            <div className="sheet-head">
              <h2 className="h3">{t("customer.terms")}</h2>
            </div>
            <dl className="facts pad" style={{ paddingTop: 0 }}>
              <dt>{t("customer.termDays")}</dt>
              <dd>
                {customer.termDays === null
                  ? t("customer.termUnknown")
                  : t(`term.${customer.termKind ?? "net"}`, { days: customer.termDays })}
              </dd>
              {customer.paymentMethod ? (
                <>
                  <dt>{t("items.method")}</dt>
                  <dd>{customer.paymentMethod}</dd>
                </>
              ) : null}
              {customer.accounts.map((account) => (
                <AccountLine key={account.id} account={account} />
              ))}
              {customer.address ? (
                <>
                  <dt>{t("field.address")}</dt>
                  <dd style={{ whiteSpace: "pre-line" }}>
                    {customer.address}
                    {"\n"}
                    {[customer.postalCode, customer.city].filter(Boolean).join(" ")}
                  </dd>
                </>
              ) : null}
            </dl>
          </section>
        </aside>
      </div>
      {open === "write" ? <WritePanel customer={customer} onClose={close} /> : null}
      {open === "statement" ? <SendStatement customer={customer} onClose={close} /> : null}
      {open === "stop" ? (
        <StopPanel subject="customer" subjectId={customer.id} name={customer.name} onClose={close} />
      ) : null}
      {open === "note" ? (
        <Panel title={t("notes.title")} onClose={close}>
          <Notes subjectType="customer" subjectId={customer.id} />
        </Panel>
      ) : null}
      {open === "edit" ? (
        <Panel title={customer.name} onClose={close}>
          <CustomerForm customer={customer} onDone={close} />
        </Panel>
      ) : null}
    </>
  );
}

/** The ledger of one of the customer's accounts; the choice stands in the address. */
function CustomerLedger(props: {
  customer: Customer;
  chosen: string | undefined;
  onChoose: (accountId: string) => void;
}) {
  const { t } = useT();
  const { accounts } = props.customer;
  const account = accounts.find((one) => one.id === props.chosen) ?? accounts[0];
  if (!account) return <EmptyState title={t("ledger.none")}>{t("ledger.noneText")}</EmptyState>;
  return (
    <>
      {accounts.length > 1 ? (
        <div className="pad" style={{ paddingBottom: 0, maxWidth: 420 }}>
          <Choice
            label={t("ledger.account")}
            small
            value={account.id}
            onChange={props.onChoose}
            options={accounts.map((one) => ({
              value: one.id,
              label: `${one.companyCode} · ${one.controlAccount} ${one.auxiliary}`,
            }))}
          />
        </div>
      ) : null}
      <AccountLedger key={account.id} accountId={account.id} isNarrow />
    </>
  );
}

function CustomerTasks({ customerId }: { customerId: string }) {
  const { t } = useT();
  const { may } = useWorkplace();
  const [adding, setAdding] = useState(false);
  const query = useQuery(tasksQuery({ customerId }));
  return (
    <>
      {may("tasks.write") ? (
        <div className="pad" style={{ paddingBottom: 0 }}>
          <Button size="small" icon={IconPlus} onClick={() => setAdding(true)}>
            {t("tasks.add")}
          </Button>
        </div>
      ) : null}
      <Loaded query={query} rows={3} columns={2}>
        {(data) => <TaskList tasks={data.rows} bare />}
      </Loaded>
      {adding ? <TaskPanel customerId={customerId} onClose={() => setAdding(false)} /> : null}
    </>
  );
}

const AccountLine = ({ account }: { account: Customer["accounts"][number] }) => (
  <>
    <dt>{account.companyCode}</dt>
    <dd>
      {account.controlAccount} {account.auxiliary}
    </dd>
  </>
);
