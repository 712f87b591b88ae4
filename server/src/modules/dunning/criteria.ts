import { type Criterion, criterionOf } from "#platform/criteria/index.ts";
import { sql } from "#platform/database/index.ts";
import type { ListSource } from "#platform/lists/index.ts";

const stops = criterionOf("customer", { isDated: false, source: "stops" });

/** Criteria of customers over the stops in force. */
export const customerStopCriteria: readonly Criterion[] = [
  stops("is_stopped", "(stops.until is not null)", "boolean", { fr: "Relances suspendues", en: "Reminders stopped" }),
  stops("stopped_until", "stops.until", "day", { fr: "Suspendu jusqu’au", en: "Stopped until" }),
  stops("stop_reason", "stops.reason", "text", { fr: "Motif de suspension", en: "Reason of the stop" }),
];

/** The source of those criteria: alias `stops`, one row per customer. */
export const customerStops: ListSource = ({ tx, asOf }) => sql`
  left join (
    select subject_id, max(valid_to) as until, min(reason) as reason
    from dunning.current_stop
    where tenant_id = ${tx.tenant} and subject = 'customer' and valid_from <= ${asOf}::date and valid_to >= ${asOf}::date
    group by subject_id) stops on stops.subject_id = c.customer_id`;
