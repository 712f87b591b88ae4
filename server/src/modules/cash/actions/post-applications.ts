import type { CalendarDate } from "#kernel/calendar-date.ts";
import { newId, type Uuid } from "#kernel/ids.ts";
import { currency } from "#kernel/money.ts";
import { changeOverlayIn, lockBook, type OverlayChange } from "#modules/receivables/index.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import { recordAll } from "#platform/journal/index.ts";
import { loadRates, type RateTable } from "#platform/rates/index.ts";
import type { Adjustment, Part, Reason } from "../core/facts.ts";
import { aliasName } from "../core/payer-names.ts";
import { insertApplications, type NewApplication } from "../store/application-rows.ts";
import { setLineState } from "../store/line-rows.ts";
import { accountsIn, countAliases, type LearntAlias, type OpenNow, openNow } from "../store/proposal-rows.ts";

/** What is to be posted for a line: amounts are unsigned for adjustments and what stays on account, signed like their item for parts. */
export type Posting = {
  readonly line: {
    readonly id: Uuid;
    readonly amountMinor: bigint;
    readonly currency: string;
    readonly valueOn: CalendarDate;
    readonly payerName: string | null;
    readonly payerIbanDigest: string | null;
    readonly bankReference: string | null;
  };
  readonly parts: readonly Part[];
  readonly adjustments: readonly Adjustment[];
  readonly unapplied: { readonly accountId: Uuid; readonly minor: bigint } | null;
  readonly candidateNo: number | null;
  readonly method: string | null;
  readonly probabilityBp: number | null;
  readonly reasons: readonly Reason[];
};

export type PostingRefusal = "amounts_do_not_add_up" | "item_not_open_enough" | "no_exchange_rate" | "not_found";

export type Posted = { readonly posted: readonly Uuid[]; readonly refused: ReadonlyMap<Uuid, PostingRefusal> };

type Company = { readonly companyId: Uuid; readonly bookCurrency: string };
type Item = NonNullable<OverlayChange["items"]>[number];
type Settlement = NonNullable<OverlayChange["settlements"]>[number];

/**
 * Posts receipts of one company in one change of the overlay: a payment per account on its value date, what is given up as items of their own, and the
 * settlements with exactly the stated amounts; only the working open moves. A posting that no longer fits what is open is refused, the others stand.
 * The lines are locked by the caller.
 */
export async function postApplications(
  tx: Tx,
  actor: Actor,
  company: Company,
  postings: readonly Posting[],
  made: { readonly origin: "person" | "rule"; readonly today: CalendarDate },
): Promise<Posted> {
  const refused = new Map<Uuid, PostingRefusal>();
  // what is open is read under the lock of the only writer: nothing moves between the check and the settlements
  await lockBook(tx, company.companyId);
  const itemIds = [...new Set(postings.flatMap(({ parts }) => parts.map((part) => part.itemId)))];
  const accountIds = new Set(postings.flatMap((one) => accountsOf(one)));
  const open = new Map((await openNow(tx, company.companyId, itemIds)).map((item) => [item.itemId, { ...item }]));
  const customers = new Map(
    (await accountsIn(tx, company.companyId, [...accountIds])).map((one) => [one.accountId, one.customerId]),
  );
  const currencies = [...new Set([company.bookCurrency, ...postings.map(({ line }) => line.currency)])];
  const rates = currencies.length > 1 ? await loadRates(tx, currencies.map(currency)) : undefined;
  const items: Item[] = [];
  const settlements: Settlement[] = [];
  const drafts: { posting: Posting; items: DraftItem[]; settlements: number[] }[] = [];
  for (const posting of postings) {
    const why = checkPosting(posting, open, customers);
    const draft = why ? undefined : draftItems(posting, company, rates);
    if (!draft) {
      refused.set(posting.line.id, why ?? "no_exchange_rate");
      continue;
    }
    const first = items.length;
    items.push(...draft.map(({ item }) => item));
    const settled = settlementsOf(posting, draft, first, open, made.origin);
    drafts.push({ posting, items: draft, settlements: settled.map((_, n) => settlements.length + n) });
    settlements.push(...settled);
    for (const part of posting.parts) {
      const item = open.get(part.itemId);
      if (item) open.set(part.itemId, { ...item, openMinor: item.openMinor - part.minor });
    }
  }
  if (drafts.length === 0) return { posted: [], refused };
  const changed = await changeOverlayIn(tx, actor, { ...company, today: made.today, items, settlements });
  if (!changed.ok) throw new Error("the accounts of checked postings were not found");
  let next = 0;
  const applications = drafts.map(({ posting, items: own, settlements: places }): NewApplication => {
    const ids = changed.value.itemIds.slice(next, next + own.length);
    next += own.length;
    return {
      id: newId(),
      lineId: posting.line.id,
      companyId: company.companyId,
      kind: "receipt",
      origin: made.origin,
      candidateNo: posting.candidateNo,
      method: posting.method,
      probabilityBp: posting.probabilityBp,
      reasons: posting.reasons,
      settlementIds: places.flatMap((place) => changed.value.settlementIds[place] ?? []),
      appliedBy: actor.id,
      on: made.today,
      items: own.map(({ item, role }, at) => ({
        itemId: ids[at] ?? "",
        accountId: item.accountId,
        role,
        minor: item.minor,
      })),
      parts: posting.parts.map(({ itemId, accountId, minor }) => ({ itemId, accountId, minor })),
    };
  });
  await insertApplications(tx, applications);
  await setLineState(
    tx,
    drafts.map(({ posting }) => posting.line.id),
    "applied",
  );
  await countAliases(
    tx,
    company.companyId,
    drafts.flatMap(({ posting }) => learntFrom(posting)),
    "confirmed",
    made.today,
  );
  await announce(tx, actor, applications, customers);
  return { posted: drafts.map(({ posting }) => posting.line.id), refused };
}

const accountsOf = ({
  parts,
  adjustments,
  unapplied,
}: Pick<Posting, "parts" | "adjustments" | "unapplied">): Uuid[] => [
  ...new Set([...parts, ...adjustments, ...(unapplied ? [unapplied] : [])].map((one) => one.accountId)),
];

/** Parts − adjustments + unapplied = the line, every part within what is open of its item. */
function checkPosting(
  posting: Posting,
  open: ReadonlyMap<Uuid, OpenNow>,
  customers: ReadonlyMap<Uuid, Uuid>,
): PostingRefusal | undefined {
  const { line, parts, adjustments, unapplied } = posting;
  const sum = (list: readonly { readonly minor: bigint }[]) => list.reduce((total, { minor }) => total + minor, 0n);
  if (sum(parts) - sum(adjustments) + (unapplied?.minor ?? 0n) !== line.amountMinor) return "amounts_do_not_add_up";
  if (unapplied && unapplied.minor <= 0n) return "amounts_do_not_add_up";
  if (adjustments.some((one) => one.minor <= 0n)) return "amounts_do_not_add_up";
  if (new Set(parts.map((part) => part.itemId)).size !== parts.length) return "amounts_do_not_add_up";
  for (const part of parts) {
    const item = open.get(part.itemId);
    if (!item || item.currency !== line.currency || item.accountId !== part.accountId) return "item_not_open_enough";
    const isWithin =
      item.openMinor > 0n
        ? part.minor > 0n && part.minor <= item.openMinor
        : part.minor < 0n && part.minor >= item.openMinor;
    if (!isWithin) return "item_not_open_enough";
  }
  const accounts = accountsOf(posting);
  if (accounts.length === 0) return "amounts_do_not_add_up";
  if (accounts.some((accountId) => !customers.has(accountId))) return "not_found";
  // what an account receives cannot be less than nothing: its credits would pay for another customer
  return accounts.every((accountId) => receivedBy(posting, accountId) > 0n) ? undefined : "amounts_do_not_add_up";
}

function receivedBy({ parts, adjustments, unapplied }: Posting, accountId: Uuid): bigint {
  const of = (list: readonly { readonly accountId: Uuid; readonly minor: bigint }[]) =>
    list.reduce((sum, one) => (one.accountId === accountId ? sum + one.minor : sum), 0n);
  return of(parts) - of(adjustments) + (unapplied?.accountId === accountId ? unapplied.minor : 0n);
}

type DraftItem = { readonly item: Item; readonly role: string };

/** One payment per account, then what is given up; undefined where no rate gives the book amount. */
function draftItems(posting: Posting, company: Company, rates: RateTable | undefined): DraftItem[] | undefined {
  const { line } = posting;
  const drafts: DraftItem[] = [];
  const add = (accountId: Uuid, role: string, minor: bigint): boolean => {
    const own = currency(line.currency);
    const book =
      line.currency === company.bookCurrency
        ? -minor
        : rates?.convert({ minor: -minor, currency: own }, currency(company.bookCurrency), line.valueOn)?.money.minor;
    if (book === undefined) return false;
    drafts.push({
      role,
      item: {
        accountId,
        kind: role === "payment" ? "payment" : "other",
        currency: line.currency,
        minor: -minor,
        bookMinor: book,
        postedOn: line.valueOn,
        dueOn: line.valueOn,
        documentNo: role === "payment" ? line.bankReference : null,
        label: role === "payment" ? (line.payerName ?? null) : role,
      },
    });
    return true;
  };
  const isWhole = [
    ...accountsOf(posting).map((accountId) => add(accountId, "payment", receivedBy(posting, accountId))),
    ...posting.adjustments.map(({ accountId, kind, minor }) => add(accountId, kind, minor)),
  ].every(Boolean);
  return isWhole ? drafts : undefined;
}

/** One settlement per account: its parts, its payment and what is given up; parts of items are held to their amount. */
function settlementsOf(
  posting: Posting,
  drafts: readonly DraftItem[],
  first: number,
  open: ReadonlyMap<Uuid, OpenNow>,
  origin: "person" | "rule",
): Settlement[] {
  return accountsOf(posting).flatMap((accountId): Settlement[] => {
    const parts = posting.parts.filter((part) => part.accountId === accountId);
    if (parts.length === 0) return [];
    const own = drafts.flatMap(({ item }, at) => (item.accountId === accountId ? [{ new: first + at }] : []));
    const most = parts.flatMap((part, at): [number, bigint][] =>
      part.minor === open.get(part.itemId)?.openMinor ? [] : [[at, part.minor < 0n ? -part.minor : part.minor]],
    );
    const members = [...parts.map((part) => part.itemId), ...own];
    return [{ members, origin, ...(most.length > 0 ? { atMost: new Map(most) } : {}) }];
  });
}

/** Who paid for whom, as the next line may use it. */
export function learntFrom(posting: Pick<Posting, "line" | "parts" | "adjustments" | "unapplied">): LearntAlias[] {
  const { payerIbanDigest, payerName } = posting.line;
  const name = payerName ? aliasName(payerName) : "";
  return accountsOf(posting).flatMap((accountId): LearntAlias[] => [
    ...(payerIbanDigest ? [{ kind: "iban" as const, value: payerIbanDigest, accountId }] : []),
    ...(name !== "" ? [{ kind: "name" as const, value: name, accountId }] : []),
  ]);
}

async function announce(
  tx: Tx,
  actor: Actor,
  applications: readonly NewApplication[],
  customers: ReadonlyMap<Uuid, Uuid>,
): Promise<void> {
  await recordAll(
    tx,
    actor,
    applications.map((one) => ({
      kind: "cash.line.applied",
      version: 1,
      subject: { type: "bank_line", id: one.lineId },
      about: [...new Set(one.items.flatMap(({ accountId }) => customers.get(accountId) ?? []))].map((id) => ({
        type: "customer",
        id,
      })),
      payload: {
        applicationId: one.id,
        origin: one.origin,
        method: one.method,
        probabilityBp: one.probabilityBp,
        items: one.items.map(({ itemId, role, minor }) => ({ itemId, role, minor: String(minor) })),
        parts: one.parts.map(({ itemId, minor }) => ({ itemId, minor: String(minor) })),
      },
    })),
  );
}
