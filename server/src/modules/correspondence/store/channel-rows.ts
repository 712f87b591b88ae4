import { sql, type Tx } from "#platform/database/index.ts";

export type ChannelSettings = {
  readonly host: string;
  readonly port: number;
  readonly security: "tls" | "starttls" | "none";
  readonly user: string | null;
  readonly senderAddress: string;
  readonly senderName: string;
  readonly replyTo: string | null;
  readonly connections: number;
  readonly perMinute: number;
  readonly perDomainPerMinute: number;
};

export type ChannelRow = {
  readonly armedAt: string | null;
  readonly armedBy: string | null;
  readonly disarmedReason: "never_armed" | "by_person" | "restored" | null;
  readonly settings: ChannelSettings | null;
  readonly sealedPassword: string | null;
  readonly holdMinutes: number;
  readonly lastTest: { at: string; ok: boolean; message: string } | null;
  readonly pausedUntil: string | null;
  readonly pausedFor: string | null;
  readonly failures: number;
  readonly version: number;
};

/** What a tenant starts with: nothing leaves. */
export const UNSET_CHANNEL: ChannelRow = {
  armedAt: null,
  armedBy: null,
  disarmedReason: "never_armed",
  settings: null,
  sealedPassword: null,
  holdMinutes: 10,
  lastTest: null,
  pausedUntil: null,
  pausedFor: null,
  failures: 0,
  version: 0,
};

export async function loadChannel(tx: Tx): Promise<ChannelRow> {
  const row = await tx.maybeOne<ChannelRow>(sql`
    select armed_at as "armedAt", armed_by as "armedBy", disarmed_reason as "disarmedReason", settings, sealed_password as "sealedPassword",
      hold_minutes as "holdMinutes", last_test as "lastTest", paused_until as "pausedUntil", paused_for as "pausedFor", failures, version
    from correspondence.channel
    where tenant_id = ${tx.tenant} and channel = 'email'`);
  return row ?? UNSET_CHANNEL;
}

/** Writes settings; false when `basedOn` is not the stored version (0: none stored yet). Another server disarms the channel. */
export async function saveChannel(
  tx: Tx,
  change: {
    settings: ChannelSettings;
    sealedPassword: string | null;
    holdMinutes: number;
    disarm: boolean;
    basedOn: number;
  },
): Promise<boolean> {
  const settings = JSON.stringify(change.settings);
  if (change.basedOn === 0) {
    const added = await tx.run(sql`
      insert into correspondence.channel (tenant_id, channel, settings, sealed_password, hold_minutes)
      values (${tx.tenant}, 'email', ${settings}::jsonb, ${change.sealedPassword}, ${change.holdMinutes})
      on conflict do nothing`);
    return added > 0;
  }
  const changed = await tx.run(sql`
    update correspondence.channel
    set settings = ${settings}::jsonb, sealed_password = ${change.sealedPassword}, hold_minutes = ${change.holdMinutes},
      armed_at = case when ${change.disarm} then null else armed_at end,
      armed_by = case when ${change.disarm} then null else armed_by end,
      disarmed_reason = case when ${change.disarm} and armed_at is not null then 'by_person' else disarmed_reason end,
      paused_until = null, paused_for = null, failures = 0, version = version + 1
    where tenant_id = ${tx.tenant} and channel = 'email' and version = ${change.basedOn}`);
  return changed > 0;
}

export async function armChannel(tx: Tx, by: string, now: string): Promise<boolean> {
  const changed = await tx.run(sql`
    update correspondence.channel
    set armed_at = ${now}, armed_by = ${by}, disarmed_reason = null, paused_until = null, paused_for = null, failures = 0, version = version + 1
    where tenant_id = ${tx.tenant} and channel = 'email' and settings is not null and armed_at is null`);
  return changed > 0;
}

export async function disarmChannel(tx: Tx): Promise<boolean> {
  const changed = await tx.run(sql`
    update correspondence.channel set armed_at = null, armed_by = null, disarmed_reason = 'by_person', version = version + 1
    where tenant_id = ${tx.tenant} and channel = 'email' and armed_at is not null`);
  return changed > 0;
}

export async function recordTest(tx: Tx, test: { at: string; ok: boolean; message: string }): Promise<void> {
  await tx.run(sql`
    update correspondence.channel set last_test = ${JSON.stringify(test)}::jsonb
    where tenant_id = ${tx.tenant} and channel = 'email'`);
}

/** The channel rests after a failure of its own; `seconds` grows with failures in a row. */
export async function pauseChannel(tx: Tx, seconds: number, reason: string): Promise<void> {
  await tx.run(sql`
    update correspondence.channel
    set paused_until = now() + make_interval(secs => ${seconds}), paused_for = ${reason}, failures = failures + 1
    where tenant_id = ${tx.tenant} and channel = 'email'`);
}

export async function resumeChannel(tx: Tx): Promise<void> {
  await tx.run(sql`
    update correspondence.channel set paused_until = null, paused_for = null, failures = 0
    where tenant_id = ${tx.tenant} and channel = 'email' and failures > 0`);
}

export async function countWaiting(tx: Tx): Promise<{ held: number; inDoubt: number }> {
  return tx.one<{ held: number; inDoubt: number }>(sql`
    select count(*) filter (where state in ('held', 'claimed', 'handing_over'))::int as held,
      count(*) filter (where state = 'in_doubt')::int as "inDoubt"
    from correspondence.message
    where tenant_id = ${tx.tenant} and state in ('held', 'claimed', 'handing_over', 'in_doubt') and not sandbox`);
}
