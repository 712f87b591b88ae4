import { type CalendarDate, day } from "#kernel/calendar-date.ts";
import { newId, type Uuid } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import { fold } from "#kernel/text.ts";
import { findCompany, findCustomer } from "#modules/parties/index.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import { record } from "#platform/journal/index.ts";
import { maySupply } from "../core/supplier-name.ts";
import * as store from "../store/offset-store.ts";

const SUGGESTED = 5;
const LISTED = 50;

/** What we owe a customer, by supplier account and by book currency, and the suppliers that may be the customer. */
export async function readOffsets(
  tx: Tx,
  customerId: Uuid,
  clocks: { readonly asOf: CalendarDate; readonly knownOn: CalendarDate | undefined },
) {
  const customer = await findCustomer(tx, customerId);
  if (!customer) return refuse("not_found");
  const rows = await store.offsetsOf(tx, customer.id, clocks.asOf, clocks.knownOn);
  const own = { number: customer.number, foldedName: fold(customer.name) };
  const free = await store.freeSuppliers(tx, clocks.asOf);
  const suggestions = free.filter((one) =>
    maySupply(own, { number: one.supplierNo, foldedName: fold(one.supplierName) }),
  );
  return done({ rows, suggestions: suggestions.slice(0, SUGGESTED), supplierCount: free.length + rows.length });
}

/** Supplier accounts of nobody whose number or name holds the text. */
export async function findSuppliers(tx: Tx, text: string, asOf: CalendarDate) {
  const wanted = fold(text);
  const all = await store.freeSuppliers(tx, asOf);
  return all.filter((one) => fold(`${one.supplierNo} ${one.supplierName}`).includes(wanted)).slice(0, LISTED);
}

type Write = {
  readonly companyId: Uuid;
  readonly supplierNo: string;
  readonly isAgreed: boolean;
  readonly note: string | null;
};

/** Says that a supplier account is a customer's. Refuses an account that is another customer's. */
export async function linkOffset(
  tx: Tx,
  actor: Actor,
  customerId: Uuid,
  write: Write,
  today: CalendarDate,
): Promise<Result<{ readonly id: Uuid }, "not_found" | "supplier_taken">> {
  const customer = await findCustomer(tx, customerId);
  const company = await findCompany(tx, write.companyId);
  if (!customer || !company) return refuse("not_found");
  const link = { id: newId(), customerId: customer.id, ...write };
  if (!(await store.insertOffset(tx, link, today, actor.id)))
    return refuse("supplier_taken", { supplier: write.supplierNo });
  await say(tx, actor, "credit.offset.linked", link);
  return done({ id: link.id });
}

/** Whether set-off is agreed, from today on: the link of before ends, so that a past day shows what held then. */
export async function changeOffset(
  tx: Tx,
  actor: Actor,
  offsetId: Uuid,
  change: Pick<Write, "isAgreed" | "note">,
  today: CalendarDate,
): Promise<Result<{ readonly id: Uuid }, "not_found" | "supplier_taken">> {
  const before = await store.lockOffset(tx, offsetId);
  if (!before) return refuse("not_found");
  const link = { ...before, ...change, id: newId() };
  await store.endOffset(tx, offsetId, today);
  await store.insertOffset(tx, link, today, actor.id);
  await say(tx, actor, "credit.offset.changed", link);
  return done({ id: link.id });
}

export async function endOffset(
  tx: Tx,
  actor: Actor,
  offsetId: Uuid,
  today: CalendarDate,
): Promise<Result<Record<string, never>, "not_found">> {
  const link = await store.lockOffset(tx, offsetId);
  if (!link) return refuse("not_found");
  await store.endOffset(tx, offsetId, today);
  await say(tx, actor, "credit.offset.ended", link);
  return done({});
}

const say = (tx: Tx, actor: Actor, kind: string, link: store.OffsetLink) =>
  record(tx, actor, {
    kind,
    version: 1,
    subject: { type: "customer", id: link.customerId },
    payload: { companyId: link.companyId, supplierNo: link.supplierNo, isAgreed: link.isAgreed },
  });

/** Balances of suppliers that a program or a person states. */
export async function stateSupplierBalances(
  tx: Tx,
  actor: Actor,
  companyId: Uuid,
  stated: { readonly statedOn: string; readonly isWhole: boolean; readonly rows: readonly store.SupplierBalance[] },
  today: CalendarDate,
): Promise<
  Result<{ readonly read: number; readonly changed: number }, "not_found" | "balance_in_future" | "supplier_twice">
> {
  const company = await findCompany(tx, companyId);
  if (!company) return refuse("not_found");
  const statedOn = day(stated.statedOn);
  if (statedOn > today) return refuse("balance_in_future", { day: statedOn });
  const seen = new Set<string>();
  for (const { supplierNo } of stated.rows) {
    if (seen.has(supplierNo)) return refuse("supplier_twice", { supplier: supplierNo });
    seen.add(supplierNo);
  }
  const statement = { companyId: company.id, statedOn, knownOn: today, batchId: null };
  const changed = await store.keepBalances(tx, statement, stated.rows, stated.isWhole);
  await record(tx, actor, {
    kind: "credit.supplier_balances.stated",
    version: 1,
    subject: { type: "company", id: company.id },
    payload: { statedOn, read: stated.rows.length, changed },
  });
  return done({ read: stated.rows.length, changed });
}
