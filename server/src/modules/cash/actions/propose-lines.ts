import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import type { Actor } from "#platform/actor.ts";
import type { Services } from "#platform/services.ts";
import { type CandidateBook, candidateBook, learn, take } from "../core/candidate-book.ts";
import type { LineFacts, MatchOptions, Proposal } from "../core/facts.ts";
import { proposeMatches } from "../core/propose-matches.ts";
import { companiesWaiting, linesProposed, lockLines, type WaitingLine, waitingLines } from "../store/line-rows.ts";
import { aliasesOf, candidateItems, partiesOf, saveProposals } from "../store/proposal-rows.ts";
import { matchingOf, optionsOf } from "./matching-settings.ts";
import { learntFrom, type Posting, postApplications } from "./post-applications.ts";

/** Lines taken in one transaction: what a cut loses, and what a page of locks holds. */
const BATCH = 2_000;
/** Postings of one change of the overlay. */
const POSTED_TOGETHER = 500;

export type Proposed = { readonly proposed: number; readonly posted: number };

/** Proposes every waiting receipt of the tenant and posts those that reach the threshold; company after company. */
export async function proposeAll(services: Pick<Services, "db">, actor: Actor, today: CalendarDate): Promise<Proposed> {
  const companies = await services.db.transaction(actor.tenant, companiesWaiting);
  const total = { proposed: 0, posted: 0 };
  for (const company of companies) {
    const { proposed, posted } = await proposeLines(services, actor, company, today);
    total.proposed += proposed;
    total.posted += posted;
  }
  return total;
}

/**
 * Proposes the waiting receipts of one company against one reading of its open items: what one line takes the next no longer sees. A line that was undone
 * before is never posted by rule again.
 */
export async function proposeLines(
  services: Pick<Services, "db">,
  actor: Actor,
  company: { readonly companyId: Uuid; readonly bookCurrency: string },
  today: CalendarDate,
  only?: readonly Uuid[],
): Promise<Proposed> {
  const { companyId } = company;
  const { book, options, version } = await services.db.transaction(actor.tenant, async (tx) => {
    const setting = await matchingOf(tx);
    const loaded = candidateBook(
      await partiesOf(tx, companyId),
      await candidateItems(tx, companyId, today),
      await aliasesOf(tx, companyId),
    );
    return { book: loaded, options: optionsOf(setting.value), version: setting.version };
  });
  const total = { proposed: 0, posted: 0 };
  let after: Uuid | null = null;
  for (;;) {
    const from: Uuid | null = after;
    const decided: Decided[] = await services.db.transaction(actor.tenant, async (tx) => {
      const found = await waitingLines(tx, { companyId, side: "receipt", limit: BATCH, after: from, only });
      const all = found.map((line) => decide(line, book, options));
      await saveProposals(
        tx,
        all.map(({ proposal }) => proposal),
        { on: today, optionsVersion: version },
      );
      return all;
    });
    const sure = decided.flatMap(({ posting }) => posting ?? []);
    for (let at = 0; at < sure.length; at += POSTED_TOGETHER)
      total.posted += await postSure(services, actor, company, sure.slice(at, at + POSTED_TOGETHER), today);
    total.proposed += decided.length;
    after = decided.at(-1)?.proposal.lineId ?? null;
    if (decided.length < BATCH) return total;
  }
}

/** Proposes anew what rested on items that have just been settled by hand; returns how many lines. */
export async function proposeRivals(
  services: Pick<Services, "db">,
  actor: Actor,
  company: { readonly companyId: Uuid; readonly bookCurrency: string },
  itemIds: readonly Uuid[],
  today: CalendarDate,
): Promise<number> {
  const lines = await services.db.transaction(actor.tenant, (tx) => linesProposed(tx, company.companyId, itemIds));
  if (lines.length > 0) await proposeLines(services, actor, company, today, lines);
  return lines.length;
}

type Decided = {
  readonly proposal: Omit<Proposal, "whyNot"> & { readonly whyNot: string | null };
  readonly posting: Posting | undefined;
};

/** Proposes one line; what is to be posted leaves the book at once and teaches it who pays. */
function decide(line: WaitingLine, book: CandidateBook, options: MatchOptions): Decided {
  const proposal = proposeMatches(factsOf(line), book, options);
  const [top] = proposal.candidates;
  if (proposal.whyNot !== null || !top) return { proposal, posting: undefined };
  if (line.wasUndone) return { proposal: { ...proposal, whyNot: "undone_before" }, posting: undefined };
  const posting = { line, ...top, candidateNo: 0 };
  take(book, top.parts);
  learn(book, learntFrom(posting));
  return { proposal, posting };
}

async function postSure(
  services: Pick<Services, "db">,
  actor: Actor,
  company: { readonly companyId: Uuid; readonly bookCurrency: string },
  postings: readonly Posting[],
  today: CalendarDate,
): Promise<number> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const locked = await lockLines(
      tx,
      postings.map(({ line }) => line.id),
    );
    const waiting = new Set(locked.filter((line) => line.state === "waiting").map((line) => line.id));
    const still = postings.filter(({ line }) => waiting.has(line.id));
    const { posted } = await postApplications(tx, actor, company, still, { origin: "rule", today });
    return posted.length;
  });
}

/** What matching may see of a line. */
const factsOf = (line: WaitingLine): LineFacts => ({
  lineId: line.id,
  minor: line.amountMinor,
  currency: line.currency,
  on: line.valueOn,
  payerName: line.payerName,
  payerIban: line.payerIbanDigest,
  text: line.text,
  creditorReference: line.creditorReference,
  documents: line.documents.map(({ number, minor }) => ({ number, minor: minor === null ? null : BigInt(minor) })),
  feeMinor: line.feeMinor,
});
