import type { CalendarDate } from "#kernel/calendar-date.ts";
import { secondsLater } from "#kernel/clock.ts";
import { newId, type Uuid } from "#kernel/ids.ts";
import { EUR } from "#kernel/money.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import { sql, type Tx } from "#platform/database/index.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import { parseEmailAddress } from "../core/address.ts";
import type { TemplateText } from "../core/document.ts";
import { oneLine } from "../core/foreign-text.ts";
import { type MessageFacts, type Rendered, renderMessage } from "../core/render.ts";
import { loadChannel } from "../store/channel-rows.ts";
import { findByOccasion, insertWritten } from "../store/message-list.ts";
import { insertRenditions } from "../store/message-rows.ts";
import { partsHash } from "./hash.ts";
import type { Moved } from "./resolve-message.ts";

type Envelope = {
  readonly customerId: Uuid;
  readonly companyId?: Uuid | undefined;
  readonly recipient: string;
  readonly recipientName: string;
  readonly language: "fr" | "en";
};

export type WrittenMessage = Envelope & { readonly subject: string; readonly text: string };

/** A message written by a person to a customer: plain paragraphs, held for the undo window. One per idempotency key, whatever is repeated. */
export async function writeMessage(
  services: Pick<Services, "db" | "clock">,
  actor: Actor,
  written: WrittenMessage,
  idempotencyKey: string | undefined,
  today: CalendarDate,
): Promise<Result<Moved, HoldRefusals>> {
  const rendered = renderMessage(asDocument(written), NO_FACTS, written.language);
  if (!rendered.ok) return refuse("message_empty");
  const { customerId, companyId, recipient, recipientName, language } = written;
  const envelope = { customerId, companyId, recipient, recipientName, language };
  return holdWritten(services, actor, { ...envelope, ...rendered.value, what: "message" }, idempotencyKey, today);
}

type HoldRefusals = "invalid_email" | "not_found" | "message_empty";

/** Holds what a person sends to one address, already rendered; `what` names it in the journal. One per idempotency key. */
export async function holdWritten(
  services: Pick<Services, "db" | "clock">,
  actor: Actor,
  written: Envelope & Rendered & { readonly what: "message" | "statement" },
  idempotencyKey: string | undefined,
  today: CalendarDate,
): Promise<Result<Moved, HoldRefusals>> {
  const recipient = parseEmailAddress(written.recipient);
  if (!recipient) return refuse("invalid_email", { value: written.recipient });
  const { subject, html, text } = written;
  if (subject === "") return refuse("message_empty");
  const now = services.clock.now();
  return services.db.transaction(actor.tenant, async (tx) => {
    if (!(await partiesExist(tx, written.customerId, written.companyId))) return refuse("not_found");
    const channel = await loadChannel(tx);
    const sandbox = channel.armedAt === null;
    const sender = {
      address: channel.settings?.senderAddress ?? "relances@sandbox.example",
      name: channel.settings?.senderName ?? "",
      replyTo: channel.settings?.replyTo ?? null,
    };
    const messageId = newId();
    const occasion = `manual|${actor.id}|${idempotencyKey ?? messageId}`;
    const { customerId, language, recipientName, what } = written;
    const added = await insertWritten(tx, {
      messageId,
      occasion,
      sandbox,
      customerId,
      companyId: written.companyId ?? null,
      language,
      recipient,
      recipientName,
      sender,
      subject,
      by: actor.id,
      now: now.toISOString(),
      leavesAt: secondsLater(services.clock, channel.holdMinutes * 60),
      today,
    });
    const known = added ? undefined : await findByOccasion(tx, sandbox, occasion);
    if (known) return done(known);
    const parts = { subject, html, text };
    const rendition = {
      messageId,
      rendition: 1,
      ...parts,
      partsHash: partsHash(sender.address, recipient, parts),
      amountMinor: null,
      items: [],
    };
    await insertRenditions(tx, [rendition], now.toISOString());
    await record(tx, actor, {
      kind: what === "message" ? "correspondence.message.written" : "correspondence.statement.sent",
      version: 1,
      subject: { type: "message", id: messageId },
      about: [{ type: "customer", id: customerId }],
      payload: { sandbox },
    });
    return done({ messageId, state: "held", version: 1 });
  });
}

const NO_FACTS: MessageFacts = { currency: EUR, values: new Map(), lines: [], signature: [] };

/** Blank lines part paragraphs, single line ends stay; nothing a person types is markup or a field. */
function asDocument({ subject, text }: WrittenMessage): TemplateText {
  const paragraphs = text.split(/\r?\n\s*\r?\n/).flatMap((block) => {
    const lines = block.split(/\r?\n/).map(oneLine);
    const content = lines.flatMap((line, index) => [
      ...(index > 0 ? [{ type: "hardBreak" as const }] : []),
      ...(line ? [{ type: "text" as const, text: line, marks: [] }] : []),
    ]);
    return content.length > 0 ? [{ type: "paragraph" as const, content }] : [];
  });
  return { subject: [{ type: "text", text: oneLine(subject), marks: [] }], body: paragraphs };
}

async function partiesExist(tx: Tx, customerId: Uuid, companyId: Uuid | undefined): Promise<boolean> {
  const row = await tx.one<{ known: boolean }>(sql`
    select exists (select 1 from parties.customer where tenant_id = ${tx.tenant} and customer_id = ${customerId})
      and (${companyId ?? null}::uuid is null
        or exists (select 1 from parties.company where tenant_id = ${tx.tenant} and company_id = ${companyId ?? null})) as known`);
  return row.known;
}
