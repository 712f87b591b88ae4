import type { z } from "zod";
import type { LineApply } from "#contracts/cash.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import { changeOverlayIn } from "#modules/receivables/index.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import type { Adjustment, Part } from "../core/facts.ts";
import { aliasName } from "../core/payer-names.ts";
import { liveApplication, livingSettlements, markUndone } from "../store/application-rows.ts";
import { findLine, type LineRow, setLineState } from "../store/line-rows.ts";
import { countAliases, type LearntAlias, openNow } from "../store/proposal-rows.ts";
import { findRejectionOf } from "../store/return-rows.ts";
import { lockLine } from "./lock-line.ts";
import { type Posting, type PostingRefusal, postApplications } from "./post-applications.ts";
import { proposeRivals } from "./propose-lines.ts";
import { undoRejection } from "./reject-payment.ts";

type WorkRefusal = "not_found" | "version_required" | "stale_version" | "line_not_waiting" | "line_not_applied";
type Worked<Code extends string = never> = Promise<Result<LineRow, WorkRefusal | Code>>;

/** Applies a waiting receipt as a person decides: a proposal as it stands, or items with amounts and what stays on account. */
export async function applyLine(
  services: Pick<Services, "db">,
  actor: Actor,
  id: Uuid,
  wanted: z.output<typeof LineApply>,
  today: CalendarDate,
  ifMatch: number | undefined,
): Worked<PostingRefusal | "candidate_gone"> {
  const applied = await applyInOne(services, actor, id, wanted, today, ifMatch);
  if (!applied.ok) return applied;
  const { companyId, bookCurrency, application } = applied.value;
  const itemIds = (application?.parts ?? []).map((part) => part.itemId);
  // other lines may have been proposed the same items
  if (companyId && bookCurrency && itemIds.length > 0)
    await proposeRivals(services, actor, { companyId, bookCurrency }, itemIds, today);
  return applied;
}

function applyInOne(
  services: Pick<Services, "db">,
  actor: Actor,
  id: Uuid,
  wanted: z.output<typeof LineApply>,
  today: CalendarDate,
  ifMatch: number | undefined,
): Worked<PostingRefusal | "candidate_gone"> {
  return services.db.transaction(actor.tenant, async (tx): Worked<PostingRefusal | "candidate_gone"> => {
    const locked = await lockLine(tx, id, ifMatch);
    if (!locked.ok) return locked;
    const line = locked.value;
    if (line.state !== "waiting" || line.side !== "receipt" || !line.companyId || !line.bookCurrency)
      return refuse("line_not_waiting");
    const posting =
      wanted.candidate === undefined ? await byHand(tx, line, wanted) : fromCandidate(line, wanted.candidate);
    if (!posting) return refuse(wanted.candidate === undefined ? "item_not_open_enough" : "candidate_gone");
    const company = { companyId: line.companyId, bookCurrency: line.bookCurrency };
    const { refused } = await postApplications(tx, actor, company, [posting], { origin: "person", today });
    const why = refused.get(id);
    if (why) return refuse(why);
    const after = await findLine(tx, id);
    return after ? done(after) : refuse("not_found");
  });
}

function fromCandidate(line: LineRow, at: number): Posting | undefined {
  const candidate = line.candidates?.[at];
  if (!candidate) return undefined;
  return {
    line,
    parts: candidate.parts.map((part) => ({ ...part, minor: BigInt(part.minor) })),
    adjustments: candidate.adjustments.map((one) => ({
      ...one,
      kind: one.kind as Adjustment["kind"],
      minor: BigInt(one.minor),
    })),
    unapplied: candidate.unapplied && { ...candidate.unapplied, minor: BigInt(candidate.unapplied.minor) },
    candidateNo: at,
    method: candidate.method,
    probabilityBp: candidate.probabilityBp,
    reasons: candidate.reasons,
  };
}

/** Items and amounts that a person named; what is left over stays on the account they chose, or the one that gets most. */
async function byHand(tx: Tx, line: LineRow, wanted: z.output<typeof LineApply>): Promise<Posting | undefined> {
  const named = wanted.parts ?? [];
  const open = new Map(
    (
      await openNow(
        tx,
        line.companyId ?? "",
        named.map((part) => part.itemId),
      )
    ).map((one) => [one.itemId, one]),
  );
  const parts: Part[] = [];
  for (const { itemId, minor } of named) {
    const item = open.get(itemId);
    if (!item) return undefined;
    parts.push({ itemId, accountId: item.accountId, minor: BigInt(minor) });
  }
  const main = parts[0]?.accountId ?? wanted.accountId ?? "";
  const adjustments = (wanted.adjustments ?? []).map(
    (one): Adjustment => ({ kind: one.kind, accountId: main, minor: BigInt(one.minor) }),
  );
  const sum = (list: readonly { readonly minor: bigint }[]) => list.reduce((total, { minor }) => total + minor, 0n);
  const left = line.amountMinor - sum(parts) + sum(adjustments);
  const accountId = wanted.accountId ?? main;
  return {
    line,
    parts,
    adjustments,
    unapplied: left > 0n && accountId !== "" ? { accountId, minor: left } : null,
    candidateNo: null,
    method: null,
    probabilityBp: null,
    reasons: [],
  };
}

/** Takes back what was applied: its settlements by opposite lines on their own days, its items void unless the books have them already. */
export function undoLine(
  services: Pick<Services, "db">,
  actor: Actor,
  id: Uuid,
  reason: string | null,
  today: CalendarDate,
  ifMatch: number | undefined,
): Worked<"rejected_since"> {
  return services.db.transaction(actor.tenant, async (tx): Worked<"rejected_since"> => {
    const locked = await lockLine(tx, id, ifMatch);
    if (!locked.ok) return locked;
    const line = locked.value;
    const application = await liveApplication(tx, id);
    if (line.state !== "applied" || !application) return refuse("line_not_applied");
    const undone =
      application.kind === "rejection"
        ? await undoRejection(tx, actor, application, today)
        : await undoReceipt(tx, actor, application, today);
    if (!undone.ok) return undone;
    await markUndone(tx, application.id, actor.id, today, reason);
    await setLineState(tx, [id], "waiting");
    if (application.kind === "receipt")
      await countAliases(tx, application.companyId, aliasesOfLine(line, application.parts), "contradicted", today);
    await record(tx, actor, {
      kind: "cash.line.undone",
      version: 1,
      subject: { type: "bank_line", id },
      payload: { applicationId: application.id, origin: application.origin, reason },
    });
    const after = await findLine(tx, id);
    return after ? done(after) : refuse("not_found");
  });
}

async function undoReceipt(
  tx: Tx,
  actor: Actor,
  application: NonNullable<Awaited<ReturnType<typeof liveApplication>>>,
  today: CalendarDate,
): Promise<Result<null, "rejected_since">> {
  const { companyId, bookCurrency, items } = application;
  if (
    await findRejectionOf(
      tx,
      items.map((item) => item.itemId),
    )
  )
    return refuse("rejected_since");
  const living = await livingSettlements(
    tx,
    application.settlementIds,
    items.map((item) => item.itemId),
  );
  const company = { companyId, bookCurrency, today };
  const undone = await changeOverlayIn(tx, actor, {
    ...company,
    undone: living.map((settlementId) => ({ settlementId, on: null })),
  });
  const voided = await changeOverlayIn(tx, actor, {
    ...company,
    voided: items.filter((item) => !item.isBooked).map((item) => item.itemId),
  });
  if (!undone.ok || !voided.ok) throw new Error(`what application ${application.id} made was not found`);
  return done(null);
}

function aliasesOfLine(line: LineRow, parts: readonly { accountId: Uuid }[]): LearntAlias[] {
  const name = line.payerName ? aliasName(line.payerName) : "";
  return [...new Set(parts.map((part) => part.accountId))].flatMap((accountId): LearntAlias[] => [
    ...(line.payerIbanDigest ? [{ kind: "iban" as const, value: line.payerIbanDigest, accountId }] : []),
    ...(name !== "" ? [{ kind: "name" as const, value: name, accountId }] : []),
  ]);
}

/** A person says that a line is none of the customers' ledger, or takes that back. */
export function setLineAside(
  services: Pick<Services, "db">,
  actor: Actor,
  id: Uuid,
  wanted: { readonly aside: boolean; readonly reason: string | null },
  ifMatch: number | undefined,
): Worked {
  return services.db.transaction(actor.tenant, async (tx): Worked => {
    const locked = await lockLine(tx, id, ifMatch);
    if (!locked.ok) return locked;
    const line = locked.value;
    if (line.state !== (wanted.aside ? "waiting" : "set_aside") || line.side === "other")
      return refuse("line_not_waiting");
    await setLineState(
      tx,
      [id],
      wanted.aside ? "set_aside" : "waiting",
      wanted.aside ? (wanted.reason ?? "person") : null,
    );
    await record(tx, actor, {
      kind: wanted.aside ? "cash.line.set_aside" : "cash.line.taken_up",
      version: 1,
      subject: { type: "bank_line", id },
      payload: { reason: wanted.reason },
    });
    const after = await findLine(tx, id);
    return after ? done(after) : refuse("not_found");
  });
}
