import type { ListSubject } from "#contracts/lists.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import { currency, EUR, parseCurrency } from "#kernel/money.ts";
import { colleagues, findTenant } from "#modules/access/index.ts";
import { customerMessageCriteria, customerMessages } from "#modules/correspondence/index.ts";
import {
  customerOffsetCriteria,
  customerOffsets,
  customerOrderCriteria,
  customerOrders,
} from "#modules/credit/index.ts";
import { customerStopCriteria, customerStops } from "#modules/dunning/index.ts";
import {
  accountCriteria,
  accountRows,
  customerCriteria,
  customerRows,
  freeFieldCriteria,
  listCompanies,
} from "#modules/parties/index.ts";
import { figureCriteria, figureSources, itemCriteria } from "#modules/receivables/index.ts";
import { customerTaskCriteria, customerTasks } from "#modules/tasks/index.ts";
import { type Criterion, catalogueOf, criterionOf } from "#platform/criteria/index.ts";
import type { Tx } from "#platform/database/index.ts";
import type { ListKind } from "#platform/lists/index.ts";

/** What a customer owes less what we owe them: two rooms know a half of it each. */
const NET_OF_OFFSETS: Criterion = criterionOf("customer", { isDated: false, source: ["balance", "offsets"] })(
  "net_of_offsets",
  "(coalesce(balance.outstanding, 0) - coalesce(offsets.owed, 0))",
  "money",
  { fr: "Encours net de ce que nous devons", en: "Outstanding net of what we owe" },
  { unit: "reporting_currency" },
);

/** The lists that criteria describe whole: what each room knows of a customer or an account, side by side. */
export const LISTS: Readonly<Record<ListSubject, ListKind>> = {
  customer: {
    ...customerRows,
    criteria: [
      ...customerCriteria,
      ...figureCriteria("customer"),
      ...customerTaskCriteria,
      ...customerMessageCriteria,
      ...customerStopCriteria,
      ...customerOrderCriteria,
      ...customerOffsetCriteria,
      NET_OF_OFFSETS,
    ],
    sources: {
      ...customerRows.sources,
      ...figureSources("customer"),
      tasks: customerTasks,
      messages: customerMessages,
      stops: customerStops,
      orders: customerOrders,
      offsets: customerOffsets,
    },
    ownCriteria: freeFieldCriteria,
    shippedColumns: [
      "customer.name",
      "customer.number",
      "customer.city",
      "customer.open_items",
      "customer.overdue",
      "customer.outstanding",
    ],
    shippedSort: "customer.name",
  },
  account: {
    ...accountRows,
    criteria: [...accountCriteria, ...figureCriteria("account")],
    sources: { ...accountRows.sources, ...figureSources("account") },
    ownCriteria: async () => [],
    shippedColumns: [
      "account.customer_name",
      "account.company",
      "account.control_account",
      "account.auxiliary",
      "account.overdue",
      "account.outstanding",
    ],
    shippedSort: "account.customer_name",
  },
};

/** Every criterion of every room: what lists filter by, scenarios test and templates print. */
export const CATALOGUE = catalogueOf(LISTS.customer.criteria, LISTS.account.criteria, itemCriteria);

/** What lists need to know of a day and a tenant; `userId` is who asks, "me" in filters. */
export async function listGiven(tx: Tx, today: CalendarDate, userId?: string) {
  const tenant = await findTenant(tx, tx.tenant);
  const companies = await listCompanies(tx);
  return {
    today,
    reportingCurrency: parseCurrency(tenant?.reportingCurrency ?? "") ?? EUR,
    bookCurrencies: [...new Set(companies.map((company) => currency(company.bookCurrency)))],
    users: await colleagues(tx, tx.tenant),
    userId,
  };
}
