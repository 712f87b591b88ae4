import type { Clock } from "#kernel/clock.ts";
import { todayIn } from "#kernel/clock.ts";
import type { TenantId } from "#kernel/ids.ts";
import type { Db } from "#platform/database/index.ts";
import { endJobRun, startJobRun } from "#platform/jobs/index.ts";
import { settingOn } from "#platform/settings/index.ts";
import { AGEING_BUCKETS } from "./core/ageing.ts";
import { keepAgedBalance } from "./store/account-state.ts";

export const TURN_JOB = "receivables.turn_day";

/** Turns the tenant's day: the kept ageing of every account is written for today, once a day whatever how often it is called. */
export function turnDay(
  services: { readonly db: Db; readonly clock: Clock },
  tenant: { readonly id: TenantId; readonly zone: string },
): Promise<boolean> {
  const today = todayIn(services.clock, tenant.zone);
  return services.db.transaction(tenant.id, async (tx) => {
    if (!(await startJobRun(tx, TURN_JOB, today))) return false;
    const { value: ends } = await settingOn(tx, AGEING_BUCKETS, today);
    await keepAgedBalance(tx, today, ends, "all");
    await endJobRun(tx, TURN_JOB, today, { state: "done", outcome: {} });
    return true;
  });
}
