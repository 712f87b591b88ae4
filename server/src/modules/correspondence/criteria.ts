import { type Criterion, criterionOf } from "#platform/criteria/index.ts";
import { sql } from "#platform/database/index.ts";
import type { ListSource } from "#platform/lists/index.ts";

const messages = criterionOf("customer", { isDated: false, source: "messages" });

/** Criteria of customers over the messages that left for them. */
export const customerMessageCriteria: readonly Criterion[] = [
  messages("last_message_on", "messages.last_on", "day", { fr: "Dernier message", en: "Last message" }),
  messages("last_level", "messages.level", "integer", { fr: "Dernier niveau de relance", en: "Last reminder level" }),
  messages("messages_90d", "coalesce(messages.recent, 0)", "integer", {
    fr: "Messages sur 90 jours",
    en: "Messages over 90 days",
  }),
  messages("failed_messages_90d", "coalesce(messages.failed, 0)", "integer", {
    fr: "Messages refusés ou en doute sur 90 jours",
    en: "Messages refused or in doubt over 90 days",
  }),
];

/** The source of those criteria: alias `messages`, one row per customer. */
export const customerMessages: ListSource = ({ tx, asOf }) => sql`
  left join (
    select customer_id, max(sent_on) as last_on, (array_agg(level order by sent_on desc) filter (where sent_on is not null and level is not null))[1]::bigint as level,
           count(*) filter (where sent_on > ${asOf}::date - 90) as recent,
           count(*) filter (where state in ('refused', 'in_doubt', 'returned') and business_date > ${asOf}::date - 90) as failed
    from correspondence.message
    where tenant_id = ${tx.tenant} and customer_id is not null and business_date <= ${asOf}::date
    group by customer_id) messages on messages.customer_id = c.customer_id`;
