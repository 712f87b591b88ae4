import type { MatchingSettings } from "#contracts/cash.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import { type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import type { Services } from "#platform/services.ts";
import { changeSetting, latestSetting, type SettingVersion } from "#platform/settings/index.ts";
import { type MatchOptions, SHIPPED_OPTIONS } from "../core/facts.ts";

/** Shipped: posts by itself from 99 % on, lets go of up to one unit of the currency. */
const MATCHING: { key: string; shipped: MatchingSettings } = {
  key: "cash.matching",
  shipped: {
    postsAutomatically: true,
    thresholdBp: SHIPPED_OPTIONS.thresholdBp,
    toleranceMinor: String(SHIPPED_OPTIONS.toleranceMinor),
    discountRatesBp: [...SHIPPED_OPTIONS.discountRatesBp],
    postsReturns: true,
  },
};

export const matchingOf = (tx: Tx): Promise<SettingVersion<MatchingSettings>> => latestSetting(tx, MATCHING);

/** What the pure functions take; a threshold beyond certainty where nothing may be posted without a person. */
export const optionsOf = (value: MatchingSettings): MatchOptions => ({
  ...SHIPPED_OPTIONS,
  thresholdBp: value.postsAutomatically ? value.thresholdBp : 10_001,
  toleranceMinor: BigInt(value.toleranceMinor),
  discountRatesBp: value.discountRatesBp,
});

/** Saves a new version, in force for what is proposed from now on. */
export async function changeMatching(
  services: Pick<Services, "db">,
  actor: Actor,
  value: MatchingSettings,
  today: CalendarDate,
  ifMatch: number | undefined,
): Promise<Result<SettingVersion<MatchingSettings>, "stale_version" | "version_required">> {
  if (ifMatch === undefined) return refuse("version_required");
  return services.db.transaction(actor.tenant, (tx) =>
    changeSetting(tx, actor, MATCHING, { value, validFrom: today, basedOn: ifMatch }),
  );
}
