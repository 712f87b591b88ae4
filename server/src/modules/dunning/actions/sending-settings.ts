import type { z } from "zod";
import type { sendingSettings } from "#contracts/dunning.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import { type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import type { Services } from "#platform/services.ts";
import { changeSetting, latestSetting, type SettingVersion } from "#platform/settings/index.ts";

export type SendingSettings = z.infer<typeof sendingSettings>;

/** Shipped: a person approves each run, and a ledger older than a day stops automatic messages (FEATURES, decision 9). */
const SENDING = { key: "dunning.sending", shipped: { approveAutomatic: false, freshHours: 24 } };

export const sendingOf = (tx: Tx): Promise<SettingVersion<SendingSettings>> => latestSetting(tx, SENDING);

/** Saves a new version of the settings, in force at once. */
export async function changeSending(
  services: Pick<Services, "db">,
  actor: Actor,
  value: SendingSettings,
  today: CalendarDate,
  ifMatch: number | undefined,
): Promise<Result<SettingVersion<SendingSettings>, "stale_version" | "version_required">> {
  if (ifMatch === undefined) return refuse("version_required");
  return services.db.transaction(actor.tenant, (tx) =>
    changeSetting(tx, actor, SENDING, { value, validFrom: today, basedOn: ifMatch }),
  );
}
