import type { CustomerGroup, RelationKind } from "#contracts/customer-profile.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Tx } from "#platform/database/index.ts";
import { findCustomer } from "../store/customer-store.ts";
import { accountsOfCustomers, groupOf } from "../store/group-store.ts";

/** The group of a customer with the accounts of its members. Undefined when there is no such customer. */
export async function readGroup(
  tx: Tx,
  customerId: string,
  kind: RelationKind,
  today: CalendarDate,
): Promise<CustomerGroup | undefined> {
  const customer = await findCustomer(tx, customerId);
  if (!customer) return undefined;
  const members = await groupOf(tx, customer.id, kind, today);
  const [head] = members;
  if (!head) return undefined;
  const accounts = Map.groupBy(
    await accountsOfCustomers(
      tx,
      members.map((one) => one.id),
    ),
    (account) => account.customerId,
  );
  return {
    kind,
    head: { id: head.id, number: head.number, name: head.name },
    members: members.map((one) => ({
      ...one,
      accounts: (accounts.get(one.id) ?? []).map(({ customerId: _, ...account }) => account),
    })),
  };
}

/** Ids of all that belong to the group of a customer; none where there is no such customer. */
export async function idsOfGroup(
  tx: Tx,
  customerId: string,
  kind: RelationKind,
  today: CalendarDate,
): Promise<string[]> {
  const customer = await findCustomer(tx, customerId);
  return customer ? (await groupOf(tx, customer.id, kind, today)).map((one) => one.id) : [];
}
