import { addDays, type CalendarDate } from "#kernel/calendar-date.ts";
import { newId, type Uuid } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import { subjectNames } from "../store/party-reads.ts";
import { findStop, insertStopVersion, type StopRow } from "../store/stop-rows.ts";

type Refusals = "not_found" | "stop_ends_before_it_begins" | "stale_version" | "version_required";

/** Stops reminders for a customer or one item, with a reason and a last day. */
export async function createStop(
  services: Pick<Services, "db" | "clock">,
  actor: Actor,
  stop: {
    readonly subject: "customer" | "item";
    readonly subjectId: Uuid;
    readonly reason: string;
    readonly validFrom?: CalendarDate | undefined;
    readonly validTo: CalendarDate;
    readonly today: CalendarDate;
  },
): Promise<Result<StopRow, Refusals>> {
  const validFrom = stop.validFrom ?? stop.today;
  if (stop.validTo < validFrom) return refuse("stop_ends_before_it_begins");
  return services.db.transaction(actor.tenant, async (tx) => {
    const names = await subjectNames(tx, [stop.subjectId]);
    if (!names.has(stop.subjectId)) return refuse("not_found");
    const { subject, subjectId, reason, validTo } = stop;
    const row: StopRow = {
      stopId: newId(),
      versionNo: 1,
      subject,
      subjectId,
      reason,
      validFrom,
      validTo,
      createdBy: actor.id,
      createdAt: services.clock.now().toISOString(),
    };
    await insertStopVersion(tx, row, stop.today);
    await noted(tx, actor, row, "created");
    return done(row);
  });
}

/** Ends a stop: its last day becomes `validTo`, yesterday unless said, so that today's run takes the subject up again. */
export async function liftStop(
  services: Pick<Services, "db" | "clock">,
  actor: Actor,
  stopId: Uuid,
  change: { readonly validTo?: CalendarDate | undefined; readonly today: CalendarDate },
  ifMatch: number | undefined,
): Promise<Result<StopRow, Refusals>> {
  if (ifMatch === undefined) return refuse("version_required");
  return services.db.transaction(actor.tenant, async (tx) => {
    const before = await findStop(tx, stopId);
    if (!before) return refuse("not_found");
    if (before.versionNo !== ifMatch) return refuse("stale_version");
    const row: StopRow = {
      ...before,
      versionNo: before.versionNo + 1,
      validTo: change.validTo ?? addDays(change.today, -1),
      createdBy: actor.id,
      createdAt: services.clock.now().toISOString(),
    };
    if (!(await insertStopVersion(tx, row, change.today))) return refuse("stale_version");
    await noted(tx, actor, row, "lifted");
    return done(row);
  });
}

async function noted(tx: Tx, actor: Actor, stop: StopRow, what: "created" | "lifted"): Promise<void> {
  await record(tx, actor, {
    kind: `dunning.stop.${what}`,
    version: 1,
    subject: { type: stop.subject, id: stop.subjectId },
    payload: { stopId: stop.stopId, reason: stop.reason, validFrom: stop.validFrom, validTo: stop.validTo },
  });
}
