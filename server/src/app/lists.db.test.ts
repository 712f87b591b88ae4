import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { CriterionType } from "#contracts/criteria.ts";
import { ItemSumsQuery } from "#contracts/item-sums.ts";
import { type ListPage, ListQuery, type ListSubject } from "#contracts/lists.ts";
import { PERMISSIONS } from "#contracts/permissions.ts";
import { AgedBalanceQuery, ItemQuery } from "#contracts/receivables.ts";
import { day } from "#kernel/calendar-date.ts";
import type { TenantId } from "#kernel/ids.ts";
import { currency, EUR } from "#kernel/money.ts";
import { orderSums } from "#modules/credit/store/order-store.ts";
import { listCompanies } from "#modules/parties/index.ts";
import { codeItems } from "#modules/receivables/actions/code-items.ts";
import { readItemSums } from "#modules/receivables/actions/read-item-sums.ts";
import {
  figureCriteria,
  itemCriteria,
  readAgedBalance,
  readItems,
  readPaymentHistory,
} from "#modules/receivables/index.ts";
import { sql, type Tx } from "#platform/database/index.ts";
import { readCursor } from "#platform/http/index.ts";
import { prepareList, readList, streamList } from "#platform/lists/index.ts";
import { aTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { testServices } from "../../testing/services.ts";
import { CATALOGUE, LISTS } from "./catalogue.ts";
import { seedOrders } from "./demo/orders.ts";
import { seedWorld } from "./demo/seed.ts";
import { demoSize, makeWorld } from "./demo/world.ts";

const TODAY = day("2026-11-21");
const SUBJECTS: readonly ListSubject[] = ["customer", "account"];

let t: TestDatabase;
let tenant: TenantId;
beforeAll(async () => {
  t = await aTestDatabase();
  tenant = await t.anotherTenant();
  const world = makeWorld({ ...demoSize(TODAY), customers: 30, companies: 3 });
  await seedWorld(testServices(t), t.actor(PERMISSIONS, tenant), world, TODAY);
});
afterAll(() => t.close());

const inside = <T>(work: (tx: Tx) => Promise<T>) => t.db.transaction(tenant, work);

async function prepared(tx: Tx, subject: ListSubject, given: Record<string, unknown>) {
  const companies = await listCompanies(tx);
  const list = await prepareList(tx, LISTS[subject], ListQuery.parse(given), {
    today: TODAY,
    reportingCurrency: EUR,
    bookCurrencies: [...new Set(companies.map((company) => currency(company.bookCurrency)))],
  });
  if (!list.ok) throw new Error(`${list.code} ${JSON.stringify(list.details)}`);
  return list.value;
}

const read = (subject: ListSubject, given: Record<string, unknown> = {}): Promise<ListPage> =>
  inside(async (tx) => readList(await prepared(tx, subject, given), 500, undefined));

/** A value that operators of the type accept. */
const VALUES: Readonly<Record<CriterionType, unknown>> = {
  text: "a",
  choice: "net",
  money: "100",
  integer: "1",
  day: "2026-01-01",
  boolean: true,
};

test("the catalogue holds at least 70 criteria over customers, accounts and items, all with names in both languages", () => {
  expect(CATALOGUE.size).toBeGreaterThanOrEqual(70);
  for (const one of CATALOGUE.values()) {
    expect(one.label.fr, one.key).not.toBe("");
    expect(one.label.en, one.key).not.toBe("");
    expect(one.column, one.key).toBeDefined();
  }
});

test.each(SUBJECTS)("every criterion of a %s filters, shows, sorts and groups", async (subject) => {
  const everything = (await read(subject)).total?.count ?? 0;
  expect(everything).toBeGreaterThan(20);
  for (const one of LISTS[subject].criteria) {
    const where = (operator: string, value?: unknown) =>
      JSON.stringify({ criterion: one.key, operator, ...(value === undefined ? {} : { value }) });
    const counted = async (filter: string) => (await read(subject, { filter })).total?.count ?? 0;
    const equal = await counted(where("is", VALUES[one.type]));
    if (one.type === "boolean") expect(equal + (await counted(where("is_not", true))), one.key).toBe(everything);
    else {
      const absent = await counted(where("is_empty"));
      expect(absent + (await counted(where("is_not_empty"))), one.key).toBe(everything);
    }
    const shown = await read(subject, { columns: one.key, sort: one.key, direction: "desc", group: one.key });
    expect(shown.rows.length, one.key).toBe(everything);
    expect(
      shown.groups.reduce((sum, group) => sum + group.count, 0),
      one.key,
    ).toBe(everything);
  }
});

test("every criterion of items filters the list of items, and an answer and its opposite make the whole", async () => {
  const count = (filter?: string) =>
    inside((tx) =>
      readItems(tx, ItemQuery.parse({ status: "all", limit: 1, ...(filter ? { filter } : {}) }), TODAY, undefined),
    );
  const everything = (await count()).count;
  expect(everything).toBeGreaterThan(200);
  for (const one of itemCriteria) {
    const value = one.type === "choice" ? "invoice" : VALUES[one.type];
    const equal = { criterion: one.key, operator: "is", value };
    const yes = (await count(JSON.stringify(equal))).count;
    const no = (await count(JSON.stringify({ not: equal }))).count;
    expect(yes + no, one.key).toBe(everything);
  }
});

test("figures of customers and accounts add up to the aged balance, to the cent", async () => {
  const columns =
    "account.outstanding,account.overdue,account.not_due,account.unapplied,account.credit_notes,account.overdue_30";
  const accounts = await read("account", { columns });
  const aged = await inside((tx) =>
    readAgedBalance(tx, AgedBalanceQuery.parse({ by: "company", layers: "working" }), TODAY),
  );
  for (const total of aged.totals) {
    const sum = accounts.sums.find((one) => one.currency === total.currency)?.values ?? {};
    expect(sum["account.outstanding"]).toBe(total.total);
    expect(sum["account.overdue"]).toBe(total.overdue);
    expect(sum["account.unapplied"]).toBe(total.unapplied);
    expect(sum["account.credit_notes"]).toBe(total.creditNotes);
    expect(sum["account.not_due"]).toBe(total.buckets[0]);
    const over30 = total.buckets.slice(2).reduce((all, minor) => all + BigInt(minor), 0n);
    expect(sum["account.overdue_30"]).toBe(String(over30));
  }
  const [company] = await inside(listCompanies);
  const own = await read("customer", { companyId: company?.id, columns: "customer.outstanding,customer.ledger_open" });
  const ofCompany = await inside((tx) =>
    readAgedBalance(tx, AgedBalanceQuery.parse({ by: "company", companyId: company?.id }), TODAY),
  );
  expect(own.sums).toHaveLength(1);
  expect(own.sums[0]?.values["customer.ledger_open"]).toBe(ofCompany.totals[0]?.total);
});

test.each(SUBJECTS)("figures of a %s kept for today are those that the items give", async (subject) => {
  const keys = figureCriteria(subject).map((one) => one.key);
  const { kept, computed } = await inside(async (tx) => {
    const some = async (columns: string[]) =>
      (await readList(await prepared(tx, subject, { columns: columns.join(",") }), 500, undefined)).rows;
    const rows = async () => [...(await some(keys.slice(0, 20))), ...(await some(keys.slice(20)))];
    const isKept = await tx.one<{ found: boolean }>(sql`
      select exists (select from receivables.kept_day where as_of = ${TODAY}::date) as found`);
    expect(isKept.found).toBe(true);
    const before = await rows();
    await tx.run(sql`update receivables.kept_day set as_of = '-infinity'`);
    const after = await rows();
    await tx.run(sql`update receivables.kept_day set as_of = ${TODAY}::date`);
    return { kept: before, computed: after };
  });
  expect(kept.some((row) => Number(row.values[`${subject}.invoiced_12m`]) > 0)).toBe(true);
  expect(kept.some((row) => row.values[`${subject}.days_late_12m`] !== null)).toBe(true);
  expect(kept).toEqual(computed);
});

test("the first rows of an aged balance are those of the whole one, whatever it is sorted by", async () => {
  const aged = (given: object) =>
    inside((tx) => readAgedBalance(tx, AgedBalanceQuery.parse({ layers: "working", ...given }), TODAY));
  for (const asOf of [TODAY, "2026-06-30"])
    for (const sort of ["total", "overdue", "credits", "0", "3", "6"])
      for (const direction of ["asc", "desc"]) {
        const whole = await aged({ asOf, sort, direction, limit: 5_000 });
        expect(whole.rows.length).toBeGreaterThan(20);
        for (const limit of [1, 7, 900]) {
          const first = await aged({ asOf, sort, direction, limit });
          expect(first.rows, `${asOf} ${sort} ${direction} ${limit}`).toEqual(whole.rows.slice(0, limit));
          expect(first.totals).toEqual(whole.totals);
          expect(first.rowCount).toBe(whole.rowCount);
        }
      }
});

test("figures on a past day and as known then are those of the aged balance of that day", async () => {
  for (const at of [{ asOf: "2026-06-30" }, { asOf: "2026-06-30", knownOn: "2026-07-15" }]) {
    const accounts = await read("account", { ...at, columns: "account.ledger_open,account.ledger_overdue" });
    const aged = await inside((tx) => readAgedBalance(tx, AgedBalanceQuery.parse({ by: "company", ...at }), TODAY));
    expect(accounts.sums.map((one) => [one.currency, one.values["account.ledger_open"]]).sort()).toEqual(
      aged.totals.map((one) => [one.currency, one.total]).sort(),
    );
  }
});

test.each([
  "customer.name",
  "customer.outstanding",
  "customer.sales_person",
  "customer.last_payment_on",
  "customer.is_chased",
])("pages of three by %s give every row once, those without a value last", async (sort) => {
  for (const direction of ["asc", "desc"]) {
    const all = (await read("customer", { sort, direction, columns: sort })).rows.map((row) => row.id);
    const seen: string[] = [];
    let after: { value: string | null; id: string } | undefined;
    do {
      const page = await inside(async (tx) => readList(await prepared(tx, "customer", { sort, direction }), 3, after));
      seen.push(...page.rows.map((row) => row.id));
      const cursor = page.next === null ? undefined : readCursor(page.next, [z.string(), z.string()]);
      after = undefined;
      if (Array.isArray(cursor)) after = { value: cursor[0] === "-" ? null : cursor[0].slice(1), id: cursor[1] };
    } while (after);
    expect(seen).toEqual(all);
    const streamed: string[] = [];
    await inside(async (tx) => {
      for await (const batch of streamList(await prepared(tx, "customer", { sort, direction })))
        streamed.push(...batch.map((row) => row.id));
    });
    expect(streamed).toEqual(all);
  }
});

test("the trend of each customer is that of its own page, and a plain sum over its settlements gives the same averages", async () => {
  const columns = "customer.days_late_3m,customer.days_late_before,customer.payment_trend";
  const rows = (await read("customer", { columns })).rows;
  let told = 0;
  for (const row of rows) {
    const page = await inside((tx) => readPaymentHistory(tx, row.id, {}, TODAY));
    const trend = page?.trend;
    const last3 = page?.last3;
    const before9 = page?.before9;
    expect(row.values["customer.payment_trend"], row.id).toBe(trend);
    if (typeof last3?.daysLate === "number")
      expect(Math.abs(Number(row.values["customer.days_late_3m"]) - last3.daysLate)).toBeLessThanOrEqual(0.56);
    else expect(row.values["customer.days_late_3m"]).toBeNull();
    if (trend) told += 1;
    // what the months hold is what the two parts hold, but for the year before
    const year = (page?.months ?? []).reduce((sum, month) => sum + BigInt(month.paidMinor), 0n);
    expect(year >= BigInt(last3?.paidMinor ?? 0) + BigInt(before9?.paidMinor ?? 0)).toBe(true);
  }
  expect(told).toBeGreaterThan(3);
  const [one] = rows.filter((row) => row.values["customer.payment_trend"] !== null);
  const lines = await t.ownerQuery<{
    settlement: string;
    item: string;
    kind: string;
    minor: string;
    on: string;
    due: string;
    currency: string;
  }>(
    `select l.settlement_id as settlement, l.item_id as item, s.kind, l.book_minor as minor, l.effective_on::text as on, s.due_on::text as due, s.book_currency as currency
     from receivables.settlement_line l
     join receivables.item_state s on s.tenant_id = l.tenant_id and s.item_id = l.item_id
     join parties.account_current a on a.tenant_id = s.tenant_id and a.account_id = s.account_id
     where l.tenant_id = $1 and a.customer_id = $2 and l.effective_on > '2026-08-21' and l.effective_on <= '2026-11-21'`,
    [tenant, one?.id],
  );
  if (new Set(lines.map((line) => line.currency)).size > 1) return;
  let weight = 0;
  let late = 0;
  for (const of of Map.groupBy(lines, (line) => line.settlement).values()) {
    const credits = of.filter((line) => Number(line.minor) < 0);
    const share = sumOf(credits.filter((line) => line.kind === "payment")) / sumOf(credits);
    for (const line of of.filter((other) => other.kind === "invoice" && Number(other.minor) > 0)) {
      weight += Number(line.minor) * share;
      late += Number(line.minor) * share * ((Date.parse(line.on) - Date.parse(line.due)) / 86_400_000);
    }
  }
  const page = await inside((tx) => readPaymentHistory(tx, one?.id ?? "", {}, TODAY));
  expect(page?.last3.daysLate).toBeCloseTo(late / weight, 0);
});

const sumOf = (lines: readonly { minor: string }[]) => lines.reduce((sum, line) => sum + Number(line.minor), 0);

test("totals of items are the sums of all their rows, by every criterion, and tie to the aged balance", async () => {
  const rowsOf = async (given: Record<string, unknown>) => {
    const rows: Awaited<ReturnType<typeof readItems>>["rows"] = [];
    let after: Awaited<ReturnType<typeof readItems>>["next"];
    do {
      const page = await inside((tx) => readItems(tx, ItemQuery.parse({ limit: 500, ...given }), TODAY, after));
      rows.push(...page.rows);
      after = page.next;
    } while (after);
    return rows;
  };
  const sumsOf = async (given: Record<string, unknown>) => {
    const read = await inside((tx) => readItemSums(tx, ItemSumsQuery.parse(given), TODAY, ""));
    if (!read.ok) throw new Error(read.code);
    return read.value;
  };
  for (const given of [
    { status: "open", layers: "working" },
    { status: "overdue" },
    { status: "all" },
    { status: "open", asOf: "2026-05-31" },
    { status: "settled", asOf: "2026-05-31" },
  ]) {
    const rows = await rowsOf(given);
    const sums = await sumsOf(given);
    expect(sums.items, JSON.stringify(given)).toBe(rows.length);
    for (const sum of sums.sums) {
      const own = rows.filter((row) => row.open.currency === sum.currency);
      expect(sum.items).toBe(own.length);
      expect(sum.openMinor).toBe(String(own.reduce((all, row) => all + BigInt(row.open.minor), 0n)));
      expect(sum.originalMinor).toBe(String(own.reduce((all, row) => all + BigInt(row.original.minor), 0n)));
    }
  }
  const whole = await sumsOf({ status: "open", layers: "working" });
  const aged = await inside((tx) =>
    readAgedBalance(tx, AgedBalanceQuery.parse({ by: "company", layers: "working" }), TODAY),
  );
  expect(whole.reporting?.openMinor).toBe(aged.consolidated?.total ?? aged.totals[0]?.total);
  for (const one of itemCriteria.filter((other) => other.type !== "money")) {
    const grouped = await sumsOf({ status: "open", layers: "working", group: one.key });
    if (grouped.groups.length >= 500) continue;
    expect(
      grouped.groups.reduce((all, group) => all + group.items, 0),
      one.key,
    ).toBe(whole.items);
    for (const sum of whole.sums) {
      const own = grouped.groups.filter((group) => group.currency === sum.currency);
      expect(String(own.reduce((all, group) => all + BigInt(group.openMinor), 0n)), one.key).toBe(sum.openMinor);
    }
  }
  const refused = await inside((tx) => readItemSums(tx, ItemSumsQuery.parse({ group: "item.open" }), TODAY, ""));
  expect(refused).toMatchObject({ code: "filter_invalid" });
});

test("all items that a list shows are coded at once", async () => {
  const services = testServices(t);
  const actor = t.actor(PERMISSIONS, tenant);
  const list = ItemQuery.parse({ status: "overdue", layers: "working" });
  const before = (await inside((tx) => readItems(tx, list, TODAY, undefined))).count;
  const coded = await codeItems(services, actor, { list, status: "chased", note: null }, TODAY);
  expect(coded).toEqual({ ok: true, value: { changed: before } });
  const filter = JSON.stringify({ criterion: "item.status", operator: "is", value: "chased" });
  const now = await inside((tx) => readItems(tx, ItemQuery.parse({ ...list, filter }), TODAY, undefined));
  expect(now.count).toBe(before);
  expect(await codeItems(services, actor, { status: "chased", note: null }, TODAY)).toMatchObject({
    code: "invalid_request",
  });
});

test("orders in progress stand beside the balance, add up to those of each customer, and are in no balance", async () => {
  const before = await read("customer", { columns: "customer.outstanding,customer.orders_open" });
  expect(before.sums[0]?.values["customer.orders_open"]).toBe("0");
  const world = makeWorld({ ...demoSize(TODAY), customers: 30, companies: 3 });
  await seedOrders(testServices(t), t.actor(PERMISSIONS, tenant), world, TODAY);
  const after = await read("customer", {
    columns: "customer.outstanding,customer.orders_open,customer.orders,customer.orders_unrated",
  });
  expect(after.sums[0]?.values["customer.outstanding"]).toBe(before.sums[0]?.values["customer.outstanding"]);
  const ordering = after.rows.filter((row) => Number(row.values["customer.orders"]) > 0);
  expect(ordering.length).toBeGreaterThan(3);
  for (const row of ordering) {
    const sums = await inside((tx) => orderSums(tx, row.id));
    expect(sums.reduce((sum, one) => sum + Number(one.orders), 0)).toBe(Number(row.values["customer.orders"]));
    if (sums.length === 1 && sums[0]?.currency === "EUR" && row.values["customer.orders_unrated"] === 0)
      expect(row.values["customer.orders_open"]).toBe(String(sums[0].openMinor));
  }
});

test("what the catalogue does not know is refused by name", async () => {
  const refused = (given: Record<string, unknown>) =>
    inside(async (tx) =>
      prepareList(tx, LISTS.customer, ListQuery.parse(given), {
        today: TODAY,
        reportingCurrency: EUR,
        bookCurrencies: [],
      }),
    );
  const one = { criterion: "item.open", operator: "is", value: "1" };
  expect(await refused({ filter: JSON.stringify(one) })).toMatchObject({ code: "filter_invalid" });
  expect(await refused({ columns: "customer.wealth" })).toMatchObject({
    code: "filter_invalid",
    details: { detail: "customer.wealth" },
  });
  expect(await refused({ sort: "account.overdue" })).toMatchObject({ code: "filter_invalid" });
  expect(await refused({ filter: "{" })).toMatchObject({ code: "filter_invalid" });
});
