import { newId } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import { SmtpSession } from "../channels/smtp-session.ts";
import { parseEmailAddress } from "../core/address.ts";
import { mimeMessage } from "../core/mime.ts";
import {
  armChannel,
  type ChannelRow,
  type ChannelSettings,
  countWaiting,
  disarmChannel,
  loadChannel,
  recordTest,
  saveChannel,
} from "../store/channel-rows.ts";

type ChannelServices = Pick<Services, "db" | "clock" | "secrets">;
export type ChannelView = {
  readonly channel: ChannelRow;
  readonly waiting: { readonly held: number; readonly inDoubt: number };
};
type Refusals =
  | "version_required"
  | "stale_version"
  | "invalid_email"
  | "channel_not_set"
  | "channel_already_armed"
  | "count_changed";

export async function viewChannel(tx: Tx): Promise<ChannelView> {
  return { channel: await loadChannel(tx), waiting: await countWaiting(tx) };
}

/** Saves the mail server. `password` undefined keeps the stored one, null removes it. Another server disarms the channel. */
export async function saveSmtp(
  services: ChannelServices,
  actor: Actor,
  change: { settings: ChannelSettings; password: string | null | undefined; holdMinutes: number },
  ifMatch: number | undefined,
): Promise<Result<ChannelView, Refusals>> {
  if (ifMatch === undefined) return refuse("version_required");
  const { settings } = change;
  for (const address of [settings.senderAddress, ...(settings.replyTo ? [settings.replyTo] : [])])
    if (!parseEmailAddress(address)) return refuse("invalid_email", { value: address });
  return services.db.transaction(actor.tenant, async (tx) => {
    const before = await loadChannel(tx);
    if (before.version !== ifMatch) return refuse("stale_version");
    const isOther = before.settings?.host !== settings.host || before.settings?.port !== settings.port;
    // A password is for the server it was typed for: a new address must not be given the old one's.
    const kept = isOther ? null : before.sealedPassword;
    const sealedPassword =
      change.password === undefined ? kept : change.password === null ? null : services.secrets.seal(change.password);
    const saved = await saveChannel(tx, {
      settings,
      sealedPassword,
      holdMinutes: change.holdMinutes,
      disarm: isOther,
      basedOn: ifMatch,
    });
    if (!saved) return refuse("stale_version");
    await noted(tx, actor, "changed", { host: settings.host, port: settings.port, security: settings.security });
    return done(await viewChannel(tx));
  });
}

export type TestAnswer = { readonly ok: boolean; readonly stage: string; readonly message: string };

/** Connects and signs in; with `to`, sends a test message there. What failed is told with the server's own words. */
export async function testSmtp(
  services: ChannelServices,
  actor: Actor,
  to: string | undefined,
): Promise<Result<TestAnswer, Refusals>> {
  const recipient = to === undefined ? undefined : parseEmailAddress(to);
  if (to !== undefined && !recipient) return refuse("invalid_email", { value: to });
  const channel = await services.db.transaction(actor.tenant, loadChannel);
  const { settings, sealedPassword } = channel;
  const sender = settings && parseEmailAddress(settings.senderAddress);
  if (!settings || !sender) return refuse("channel_not_set");
  const password = sealedPassword ? services.secrets.open(sealedPassword) : null;
  const session = await SmtpSession.open({ ...settings, password }, 15_000);
  let answer: TestAnswer;
  if ("stage" in session) answer = { ok: false, stage: session.stage, message: session.reply };
  else if (!recipient) answer = { ok: true, stage: "login", message: "" };
  else {
    const envelope = {
      messageId: newId(),
      from: { address: sender, name: settings.senderName },
      to: { address: recipient, name: "" },
      replyTo: null,
      language: actor.language,
    };
    const sent = await session.send(
      { from: sender, to: recipient },
      mimeMessage(envelope, TEST_MESSAGE[actor.language]),
    );
    answer = { ok: sent.code >= 200 && sent.code < 300, stage: sent.stage, message: sent.reply };
  }
  if (!("stage" in session)) session.close();
  const test = { at: services.clock.now().toISOString(), ok: answer.ok, message: answer.message };
  await services.db.transaction(actor.tenant, (tx) => recordTest(tx, test));
  return done(answer);
}

const TEST_MESSAGE = {
  fr: {
    subject: "Message d’essai",
    text: "L’envoi d’e-mails fonctionne.\n",
    html: "<p>L’envoi d’e-mails fonctionne.</p>",
  },
  en: { subject: "Test message", text: "Sending e-mail works.\n", html: "<p>Sending e-mail works.</p>" },
};

/** From now on messages really leave. The caller names the number that waits, as shown. Sandbox messages stay in the sandbox. */
export async function armEmail(
  services: ChannelServices,
  actor: Actor,
  expectedWaiting: number,
  ifMatch: number | undefined,
): Promise<Result<ChannelView, Refusals>> {
  if (ifMatch === undefined) return refuse("version_required");
  return services.db.transaction(actor.tenant, async (tx) => {
    const { channel, waiting } = await viewChannel(tx);
    if (!channel.settings) return refuse("channel_not_set");
    if (channel.version !== ifMatch) return refuse("stale_version");
    if (waiting.held !== expectedWaiting) return refuse("count_changed", { count: waiting.held });
    if (!(await armChannel(tx, actor.id, services.clock.now().toISOString()))) return refuse("channel_already_armed");
    await noted(tx, actor, "armed", { waiting: waiting.held });
    return done(await viewChannel(tx));
  });
}

/** Nothing leaves any more, at once; what is being handed over ends. */
export async function disarmEmail(
  services: ChannelServices,
  actor: Actor,
  ifMatch: number | undefined,
): Promise<Result<ChannelView, Refusals>> {
  if (ifMatch === undefined) return refuse("version_required");
  return services.db.transaction(actor.tenant, async (tx) => {
    const before = await loadChannel(tx);
    if (before.version !== ifMatch) return refuse("stale_version");
    if (await disarmChannel(tx)) await noted(tx, actor, "disarmed", {});
    return done(await viewChannel(tx));
  });
}

/**
 * What a restore does to this room, for all tenants, as the owner (RELIABILITY F14). What left since the backup looks unsent: nothing leaves
 * until a person arms the channel again, and what was on its way is in doubt, with the Message-ID under which it may have arrived.
 */
export const AFTER_RESTORE: readonly string[] = [
  "update correspondence.channel set armed_at = null, armed_by = null, disarmed_reason = 'restored', version = version + 1",
  `update correspondence.message
  set state = 'in_doubt', reason = 'restored', claimed_by = null, lease_until = null, leaves_at = null, sent_on = coalesce(sent_on, business_date),
    version = version + 1
  where not sandbox and state in ('approved', 'held', 'claimed', 'handing_over')`,
];

async function noted(tx: Tx, actor: Actor, what: string, payload: Record<string, string | number>): Promise<void> {
  await record(tx, actor, {
    kind: `correspondence.channel.${what}`,
    version: 1,
    subject: { type: "channel", id: "email" },
    payload,
  });
}
