import type { z } from "zod";
import type { LineReject } from "#contracts/cash.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import { newId, type Uuid } from "#kernel/ids.ts";
import { proRata } from "#kernel/money.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import { changeOverlayIn } from "#modules/receivables/index.ts";
import { createTasks } from "#modules/tasks/index.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import { recordAll } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import { findReturned, type ReturnCandidate } from "../core/find-returned.ts";
import { meaningOf } from "../core/return-reasons.ts";
import { insertApplications, type LiveApplication, livingSettlements } from "../store/application-rows.ts";
import { findLine, type LineRow, lockLines, setLineState } from "../store/line-rows.ts";
import {
  addSettlements,
  applicationOfPayment,
  type CompanyPayment,
  findPayment,
  findRejectionOf,
  type PaidBy,
  returnablePayments,
  setLineCompany,
  waitingReturns,
} from "../store/return-rows.ts";
import { lockLine } from "./lock-line.ts";
import { matchingOf } from "./matching-settings.ts";

/** Chance from which a return is posted without a person: only an identifier of the payment reaches it. */
const SURE = 9_900;
const MOST_RETURNS = 5_000;

type Candidate = ReturnCandidate & { readonly payment: CompanyPayment };

/** A line of a bank account is its company's; the company of any other is a guess until its payment is found. */
const isOfCompany = (line: LineRow): boolean => line.bankAccountId !== null;

/**
 * Payments that a returned line may cancel, the likeliest first. A list of returns may hold several companies' at once: a line that names no account
 * of ours is looked for in the company that the file was meant for, then, unless it is certain there, in all.
 */
export async function returnCandidates(tx: Tx, line: LineRow): Promise<Candidate[]> {
  const own = await candidatesIn(tx, line, line.companyId);
  if (line.companyId === null || isOfCompany(line) || (own[0]?.probabilityBp ?? 0) >= SURE) return own;
  return candidatesIn(tx, line, null);
}

async function candidatesIn(tx: Tx, line: LineRow, companyId: Uuid | null): Promise<Candidate[]> {
  const minor = -line.amountMinor;
  const payments = await returnablePayments(tx, {
    companyId,
    currency: line.currency,
    amounts: [minor],
    endToEndIds: line.endToEndId ? [line.endToEndId] : [],
    before: line.valueOn,
  });
  const found = findReturned(
    {
      minor,
      on: line.valueOn,
      endToEndId: line.endToEndId,
      mandateId: line.mandateId,
      bankReference: line.bankReference,
      payerName: line.payerName,
      payerIban: line.payerIbanDigest,
      text: line.text,
    },
    payments,
  );
  const byId = new Map(payments.map((payment) => [payment.itemId, payment]));
  return found.flatMap((one) => {
    const payment = byId.get(one.payment.itemId);
    return payment ? [{ ...one, payment }] : [];
  });
}

/** Posts what returned lines say where the payment is certain and the tenant lets it; returns how many. */
export async function postSureReturns(
  services: Pick<Services, "db">,
  actor: Actor,
  today: CalendarDate,
): Promise<number> {
  const { value, lines } = await services.db.transaction(actor.tenant, async (tx) => ({
    value: (await matchingOf(tx)).value,
    lines: await waitingReturns(tx, MOST_RETURNS),
  }));
  if (!value.postsAutomatically || !value.postsReturns) return 0;
  let posted = 0;
  for (const { id } of lines)
    posted += await services.db.transaction(actor.tenant, async (tx) => {
      const [locked] = await lockLines(tx, [id]);
      const line = locked?.state === "waiting" ? await findLine(tx, id) : undefined;
      const [top] = line ? await returnCandidates(tx, line) : [];
      if (!line || !top || top.probabilityBp < SURE || top.payment.minor !== -line.amountMinor) return 0;
      const rejected = await reject(
        tx,
        actor,
        line,
        { paymentId: top.payment.itemId, chargeMinor: 0n },
        "rule",
        today,
        top,
      );
      return rejected.ok ? 1 : 0;
    });
  return posted;
}

type Refusal =
  | "not_found"
  | "version_required"
  | "stale_version"
  | "line_not_waiting"
  | "payment_unknown"
  | "already_rejected";

/** A person says which payment the bank took back, and whether the customer is charged for it. */
export function rejectPayment(
  services: Pick<Services, "db">,
  actor: Actor,
  id: Uuid,
  wanted: z.output<typeof LineReject>,
  today: CalendarDate,
  ifMatch: number | undefined,
): Promise<Result<LineRow, Refusal>> {
  return services.db.transaction(actor.tenant, async (tx): Promise<Result<LineRow, Refusal>> => {
    const locked = await lockLine(tx, id, ifMatch);
    if (!locked.ok) return locked;
    const line = locked.value;
    if (line.state !== "waiting" || line.side !== "return") return refuse("line_not_waiting");
    const charge = { paymentId: wanted.paymentId, chargeMinor: BigInt(wanted.chargeMinor) };
    const rejected = await reject(tx, actor, line, charge, "person", today, undefined);
    if (!rejected.ok) return rejected;
    const after = await findLine(tx, id);
    return after ? done(after) : refuse("not_found");
  });
}

/**
 * Makes the rejection an item of its own kind, settled with the payment it cancels: what the payment had settled is open again from the bank's day at its
 * own due date (FEATURES REC-08). A payment that only a ledger settlement holds stays as the books have it; the rejection then stands open by itself, due when
 * the oldest item was that the payment had settled. The bank's charge is an item apart. A task tells the collector.
 */
async function reject(
  tx: Tx,
  actor: Actor,
  line: LineRow,
  wanted: { readonly paymentId: Uuid; readonly chargeMinor: bigint },
  origin: "person" | "rule",
  today: CalendarDate,
  candidate: ReturnCandidate | undefined,
): Promise<Result<null, "payment_unknown" | "already_rejected">> {
  const taken = await takenBack(tx, line, wanted.paymentId);
  const [payment] = taken;
  if (!payment) return refuse("payment_unknown");
  const paymentIds = taken.map(({ itemId }) => itemId);
  if (await findRejectionOf(tx, paymentIds)) return refuse("already_rejected");
  const meaning = meaningOf(line.reasonCode, line.reasonText);
  const label = [line.reasonCode, meaning.fr].filter(Boolean).join(" · ");
  const items = rejectionItems(line, taken, wanted.chargeMinor, label);
  const changed = await changeOverlayIn(tx, actor, {
    companyId: payment.companyId,
    bookCurrency: payment.bookCurrency,
    today,
    items,
    rejected: paymentIds.map((paymentId, rejection) => ({ paymentId, rejection })),
  });
  if (!changed.ok) return refuse("payment_unknown");
  const applicationId = newId();
  await insertApplications(tx, [
    {
      id: applicationId,
      lineId: line.id,
      companyId: payment.companyId,
      kind: "rejection",
      origin,
      candidateNo: candidate ? 0 : null,
      method: candidate?.reasons[0]?.code ?? null,
      probabilityBp: candidate?.probabilityBp ?? null,
      reasons: candidate?.reasons ?? [],
      settlementIds: [],
      appliedBy: actor.id,
      on: today,
      items: items.map((item, at) => ({
        itemId: changed.value.itemIds[at] ?? "",
        accountId: item.accountId,
        role: item.kind === "rejection" ? "rejection" : "charge",
        minor: item.minor,
      })),
      parts: taken.map(({ itemId, accountId, originalMinor }) => ({ itemId, accountId, minor: originalMinor })),
    },
  ]);
  await setLineCompany(tx, line.id, payment.companyId);
  await setLineState(tx, [line.id], "applied");
  for (const one of taken) await tell(tx, actor, line, one, applicationId, today);
  return done(null);
}

/** The payments that a return cancels: the one named, or all of its receipt where that paid for several customers; none where it cannot be. */
async function takenBack(tx: Tx, line: LineRow, paymentId: Uuid): Promise<PaidBy[]> {
  const fits = (one: PaidBy | undefined): one is PaidBy =>
    one !== undefined && one.currency === line.currency && (!isOfCompany(line) || line.companyId === one.companyId);
  const named = await findPayment(tx, paymentId);
  if (!fits(named)) return [];
  const minor = -line.amountMinor;
  if (minor <= -named.originalMinor) return [named];
  const receipt = await applicationOfPayment(tx, paymentId);
  const all: PaidBy[] = [];
  for (const { itemId } of receipt?.items.filter((item) => item.role === "payment") ?? []) {
    const one = await findPayment(tx, itemId);
    if (fits(one)) all.push(one);
  }
  const whole = all.reduce((sum, one) => sum - one.originalMinor, 0n);
  return whole === minor ? all : [];
}

/** A rejection for each payment, then what the customer is charged, as an item apart. */
function rejectionItems(line: LineRow, taken: readonly PaidBy[], chargeMinor: bigint, label: string) {
  const documentNo = line.endToEndId ?? line.bankReference;
  const common = { currency: line.currency, postedOn: line.valueOn, documentNo };
  const bookOf = (payment: PaidBy, minor: bigint) => proRata(-payment.originalBookMinor, minor, -payment.originalMinor);
  const rejections = taken.map((payment) => {
    const minor = taken.length === 1 ? -line.amountMinor : -payment.originalMinor;
    const { accountId, dueOn } = payment;
    return { ...common, accountId, kind: "rejection" as const, minor, bookMinor: bookOf(payment, minor), dueOn, label };
  });
  const [first] = taken;
  if (!first || chargeMinor <= 0n) return rejections;
  const charge = { minor: chargeMinor, bookMinor: bookOf(first, chargeMinor), dueOn: line.valueOn, label: "charge" };
  return [...rejections, { ...common, accountId: first.accountId, kind: "other" as const, ...charge }];
}

const ADVICE: Readonly<Record<ReturnType<typeof meaningOf>["action"], string>> = {
  represent: "Convenir d’une nouvelle présentation ou d’un virement.",
  ask: "Appeler le client pour connaître la cause et la date de paiement.",
  data: "Demander les coordonnées bancaires ou un nouveau mandat.",
  stop: "Ne plus prélever ; rechercher l’interlocuteur.",
  dispute: "Le client conteste : vérifier le mandat et la créance.",
};

async function tell(
  tx: Tx,
  actor: Actor,
  line: LineRow,
  payment: { readonly customerId: Uuid; readonly customerName: string; readonly currency: string },
  applicationId: Uuid,
  today: CalendarDate,
): Promise<void> {
  const meaning = meaningOf(line.reasonCode, line.reasonText);
  await createTasks(tx, actor, [
    {
      kind: "bank_return",
      title: `Impayé : ${meaning.fr}`.slice(0, 300),
      details: ADVICE[meaning.action],
      subjectType: "bank_line",
      subjectId: line.id,
      customerId: payment.customerId,
      dueOn: today,
      assigneeId: null,
      occasion: `cash.rejection/${applicationId}/${payment.customerId}`,
    },
  ]);
  await recordAll(tx, actor, [
    {
      kind: "cash.payment.rejected",
      version: 1,
      subject: { type: "bank_line", id: line.id },
      about: [{ type: "customer", id: payment.customerId }],
      payload: {
        applicationId,
        amountMinor: String(-line.amountMinor),
        currency: line.currency,
        reason: line.reasonCode,
        action: meaning.action,
      },
    },
  ]);
}

/** The rejection never was: it goes with its settlement, and what the payment had settled is settled again as it was stated. */
export async function undoRejection(
  tx: Tx,
  actor: Actor,
  application: LiveApplication,
  today: CalendarDate,
): Promise<Result<null, never>> {
  const { companyId, bookCurrency, items, parts } = application;
  const company = { companyId, bookCurrency, today };
  const living = await livingSettlements(
    tx,
    application.settlementIds,
    items.map((item) => item.itemId),
  );
  const undone = await changeOverlayIn(tx, actor, {
    ...company,
    undone: living.map((settlementId) => ({ settlementId, on: null })),
  });
  const voided = await changeOverlayIn(tx, actor, {
    ...company,
    voided: items.filter((item) => !item.isBooked).map((item) => item.itemId),
  });
  if (!undone.ok || !voided.ok) throw new Error(`what rejection ${application.id} made was not found`);
  for (const payment of parts) {
    const paid = await applicationOfPayment(tx, payment.itemId);
    const own = paid?.parts.filter((part) => part.accountId === payment.accountId) ?? [];
    if (!paid || own.length === 0) continue;
    const members = [...own, ...paid.items.filter((item) => item.accountId === payment.accountId)];
    const atMost = new Map(own.map((part, at): [number, bigint] => [at, unsigned(BigInt(part.minor))]));
    const settlement = { members: members.map((one) => one.itemId), origin: application.origin, atMost };
    const again = await changeOverlayIn(tx, actor, { ...company, settlements: [settlement] });
    if (!again.ok) throw new Error(`the payment of rejection ${application.id} was not found`);
    await addSettlements(tx, paid.applicationId, again.value.settlementIds);
  }
  return done(null);
}

const unsigned = (minor: bigint): bigint => (minor < 0n ? -minor : minor);
