import type { CalendarDate } from "#kernel/calendar-date.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "../actor.ts";
import { sql, type Tx } from "../database/index.ts";
import { type JsonValue, record } from "../journal/index.ts";

/** A setting with its versions: what figures and decisions rest on. `parse` refuses nothing: it is given what `check` accepted. */
export type Setting<T extends JsonValue> = { readonly key: string; readonly shipped: T };

export type SettingVersion<T> = { readonly version: number; readonly value: T };

/** The value in force on a day; version 0 is the shipped one. */
export async function settingOn<T extends JsonValue>(
  tx: Tx,
  setting: Setting<T>,
  asOf: CalendarDate,
): Promise<SettingVersion<T>> {
  const row = await tx.maybeOne<{ version: number; value: T }>(sql`
    select version, value from platform.setting_version
    where tenant_id = ${tx.tenant} and key = ${setting.key} and valid_from <= ${asOf}
    order by valid_from desc, version desc
    limit 1`);
  return row ?? { version: 0, value: setting.shipped };
}

/** The newest version, whatever its first day. */
export async function latestSetting<T extends JsonValue>(tx: Tx, setting: Setting<T>): Promise<SettingVersion<T>> {
  const row = await tx.maybeOne<{ version: number; value: T }>(sql`
    select version, value from platform.setting_version
    where tenant_id = ${tx.tenant} and key = ${setting.key}
    order by version desc
    limit 1`);
  return row ?? { version: 0, value: setting.shipped };
}

/** Adds a version valid from a day; refuses when `basedOn` is no longer the newest. */
export async function changeSetting<T extends JsonValue>(
  tx: Tx,
  actor: Actor,
  setting: Setting<T>,
  change: { value: T; validFrom: CalendarDate; basedOn: number },
): Promise<Result<SettingVersion<T>, "stale_version">> {
  const { version } = await latestSetting(tx, setting);
  if (version !== change.basedOn) return refuse("stale_version");
  const next = version + 1;
  await tx.run(sql`
    insert into platform.setting_version (tenant_id, key, version, value, valid_from, author)
    values (${tx.tenant}, ${setting.key}, ${next}, ${JSON.stringify(change.value)}::jsonb, ${change.validFrom}, ${actor.id})`);
  await record(tx, actor, {
    kind: "platform.setting.changed",
    version: 1,
    subject: { type: "setting", id: setting.key },
    payload: { version: next, value: change.value, validFrom: change.validFrom },
  });
  return done({ version: next, value: change.value });
}
