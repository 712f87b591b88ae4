import type { CalendarDate } from "#kernel/calendar-date.ts";
import { todayIn } from "#kernel/clock.ts";
import type { TenantId } from "#kernel/ids.ts";
import type { Actor } from "#platform/actor.ts";
import type { Services } from "#platform/services.ts";
import { proposeAll } from "./actions/propose-lines.ts";
import { postSureReturns } from "./actions/reject-payment.ts";
import { reviewBookings } from "./actions/review-bookings.ts";

/** The job that matches what waits: after lines came, and after the ledger moved. */
export const CASH_JOB = "cash.match";

type Tenant = { readonly id: TenantId; readonly zone: string };

/**
 * Cash first: proposes and posts what waits, then what the bank took back, then lists what a load of the ledger left unclear. Running it twice changes
 * nothing: what is applied no longer waits.
 */
export async function matchCash(
  services: Pick<Services, "db" | "clock">,
  tenant: Tenant,
  today: CalendarDate = todayIn(services.clock, tenant.zone),
): Promise<{ proposed: number; posted: number; returns: number }> {
  const actor: Actor = {
    tenant: tenant.id,
    kind: "system",
    id: CASH_JOB,
    permissions: new Set(),
    language: "fr",
    zone: tenant.zone,
  };
  const { proposed, posted } = await proposeAll(services, actor, today);
  const returns = await postSureReturns(services, actor, today);
  await reviewBookings(services, actor, today);
  return { proposed, posted, returns };
}
