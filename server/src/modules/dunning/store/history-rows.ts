import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { sql, type Tx } from "#platform/database/index.ts";

/** What the outbox remembers of one group. */
export type GroupHistoryRow = {
  readonly groupKey: string;
  readonly companyId: Uuid;
  readonly customerId: Uuid | null;
  /** "cycle|sentOn|level|stepKey|debits" of the last reminder sent; cycle in six digits, level in two, ids of debits with spaces between. */
  readonly lastReminder: string | null;
  readonly courtesyUpTo: CalendarDate | null;
  readonly thankedCycle: number | null;
  readonly lastSentOn: CalendarDate | null;
  readonly pendingId: Uuid | null;
  readonly inDoubtId: Uuid | null;
};

/** One row per group that was ever written to, or is about to be; from the outbox's published view. */
export async function groupHistories(
  tx: Tx,
  sandbox: boolean,
  groupKeys?: readonly string[],
): Promise<GroupHistoryRow[]> {
  const only = groupKeys ? sql`and group_key = any(${[...groupKeys]}::text[])` : sql``;
  return tx.rows<GroupHistoryRow>(sql`
    select group_key as "groupKey", max(company_id::text)::uuid as "companyId", max(customer_id::text)::uuid as "customerId",
      max(lpad(cycle, 6, '0') || '|' || sent_on || '|' || lpad(level::text, 2, '0') || '|' || step_key
          || '|' || array_to_string(debit_ids, ' '))
        filter (where track = 'reminder' and is_sent) as "lastReminder",
      (max(cycle) filter (where track = 'courtesy' and is_sent))::date as "courtesyUpTo",
      (max(cycle::int) filter (where track = 'thanks' and is_sent))::int as "thankedCycle",
      max(sent_on) filter (where is_sent) as "lastSentOn",
      (min(message_id::text) filter (where is_pending))::uuid as "pendingId",
      (min(message_id::text) filter (where state = 'in_doubt'))::uuid as "inDoubtId"
    from correspondence.group_message
    where tenant_id = ${tx.tenant} and sandbox = ${sandbox} ${only}
    group by group_key`);
}

/** Items that the reminders of a group's cycle listed, as sent, separated by spaces. */
export async function listedItems(
  tx: Tx,
  sandbox: boolean,
  cycles: readonly { groupKey: string; cycle: string }[],
): Promise<Map<string, Uuid[]>> {
  if (cycles.length === 0) return new Map();
  const rows = await tx.rows<{ group_key: string; items: string }>(sql`
    select m.group_key, string_agg(distinct i.item_id::text, ' ') as items
    from unnest(${cycles.map((one) => one.groupKey)}::text[], ${cycles.map((one) => one.cycle)}::text[]) as c (group_key, cycle)
    join correspondence.group_message m
      on m.tenant_id = ${tx.tenant} and m.group_key = c.group_key and m.cycle = c.cycle and m.sandbox = ${sandbox}
      and m.track = 'reminder' and m.is_sent
    join correspondence.listed_item i on i.tenant_id = ${tx.tenant} and i.message_id = m.message_id and i.rendition = m.rendition
    where i.open_minor > 0
    group by m.group_key`);
  return new Map(rows.map((row) => [row.group_key, row.items.split(" ")]));
}

/** Steps sent to one group, oldest first. */
export async function sentSteps(tx: Tx, sandbox: boolean, groupKey: string) {
  return tx.rows<{ stepKey: string; level: number; sentOn: CalendarDate; messageId: Uuid }>(sql`
    select step_key as "stepKey", level, sent_on as "sentOn", message_id as "messageId"
    from correspondence.group_message
    where tenant_id = ${tx.tenant} and sandbox = ${sandbox} and group_key = ${groupKey} and is_sent
    order by sent_on, message_id
    limit 200`);
}

/** The last reminder that each group of a customer got. */
export async function customerHistories(tx: Tx, sandbox: boolean, customerId: Uuid) {
  return tx.rows<{ groupKey: string; companyId: Uuid; level: number; stepKey: string; sentOn: CalendarDate }>(sql`
    select distinct on (group_key) group_key as "groupKey", company_id as "companyId", level, step_key as "stepKey", sent_on as "sentOn"
    from correspondence.group_message
    where tenant_id = ${tx.tenant} and sandbox = ${sandbox} and customer_id = ${customerId} and is_sent and track = 'reminder'
    order by group_key, sent_on desc, message_id desc`);
}
