import type { Uuid } from "#kernel/ids.ts";
import { probabilityOf } from "./calibration.ts";
import type { CandidateBook } from "./candidate-book.ts";
import { type Draft, draftMatches } from "./drafts.ts";
import type { Candidate, LineFacts, MatchOptions, Method, PayerEvidence, Proposal, Reason } from "./facts.ts";
import { type Payer, type Reading, readLine } from "./payers.ts";
import { shapeOf } from "./references.ts";

/** How much a method, and what is known of the payer, speak for a draft: only their order counts, the probability is fitted. */
const METHOD: Readonly<Record<Method, number>> = {
  named_exact: 12,
  named_amounts: 12,
  named_credit: 10,
  named_fee: 10,
  named_discount: 9.5,
  named_difference: 9,
  named_plus: 8,
  named_partial: 6.5,
  named_over: 6,
  single: 7,
  all: 7,
  due: 6.5,
  run: 5.5,
  sum: 5,
  credit: 4.5,
  discount: 4.5,
  difference: 4,
  on_account: 1,
};
const PAYER: Readonly<Record<PayerEvidence, number>> = {
  iban: 3,
  known_name: 2.8,
  number: 2.5,
  name: 2,
  document: 1,
  weak_name: 0.5,
  none: 0,
};
const LISTED = 4;

/**
 * What to do with one receipt: the best way to apply it, others to choose from, each with the probability that it is right and its reasons. Pure and
 * deterministic: same line, same book, same proposal, in whatever order parties and items came. Parts − adjustments + unapplied = the line's amount, and no
 * part exceeds what is open. Posted without a person where the probability reaches the tenant's threshold.
 */
export function proposeMatches(line: LineFacts, book: CandidateBook, options: MatchOptions): Proposal {
  const reading = readLine(line, book);
  const { drafts, isCut } = draftMatches(line, reading, book, options);
  const weighed = rank(line, drafts, reading);
  const [top, second] = weighed;
  if (!top) return { lineId: line.lineId, candidates: [], whyNot: "no_candidate" };
  const margin = second ? top.strength - second.strength : Number.POSITIVE_INFINITY;
  const candidates = weighed.slice(0, LISTED).map((one, rankNo): Candidate => {
    const evidence = evidenceOf(one, rankNo === 0 ? margin : one.strength - top.strength, isStranger(reading, book));
    return {
      method: one.draft.method,
      payer: one.payer,
      parts: one.draft.parts,
      adjustments: one.draft.adjustments,
      unapplied: one.draft.unapplied,
      probabilityBp: probabilityOf(evidence),
      reasons: [...one.draft.reasons, ...payerReasons(one, reading), ...doubts(rankNo === 0 ? margin : 1, one, isCut)],
      evidence,
    };
  });
  return { lineId: line.lineId, candidates, whyNot: whyNot(candidates[0], margin, options) };
}

type Weighed = {
  readonly draft: Draft;
  readonly payer: PayerEvidence;
  readonly references: "sure" | "part" | "mixed" | "none" | "ignored";
  readonly chance: number;
  readonly strength: number;
  readonly key: string;
};

function rank(line: LineFacts, drafts: readonly Draft[], reading: Reading): Weighed[] {
  const best = new Map<string, Weighed>();
  for (const draft of drafts) {
    const one = weigh(line, draft, reading);
    const before = best.get(one.key);
    if (!before || one.strength > before.strength) best.set(one.key, one);
  }
  return [...best.values()].sort((a, b) => b.strength - a.strength || (a.key < b.key ? -1 : 1));
}

const REFERENCES = { sure: 2, part: 0.5, mixed: 0, none: 0, ignored: -2.5 } as const;

function weigh(line: LineFacts, draft: Draft, reading: Reading): Weighed {
  const payer = payerOf(draft, reading.payers);
  const references = referencesOf(draft, reading);
  const chance = Math.log10(draft.tried / Math.max(1, Number(line.minor)));
  const isNamed = draft.method.startsWith("named") && draft.tried === 1;
  const doubt = isNamed ? 0 : Math.max(0, chance + 5) * 0.8;
  const strength = METHOD[draft.method] + PAYER[payer] + REFERENCES[references] - doubt;
  const parts = draft.parts.map((part) => `${part.itemId}:${part.minor}`).sort();
  const key = `${parts.join(" ")} ${draft.unapplied?.accountId ?? ""} ${draft.unapplied?.minor ?? ""}`;
  return { draft, payer, references, chance: isNamed ? -9 : chance, strength, key };
}

/** The weakest link: what is known of the payer for the account of which least is known; `none` where an account is no payer's. */
function payerOf(draft: Draft, payers: readonly Payer[]): PayerEvidence {
  const accounts = new Set(draft.parts.map((part) => part.accountId));
  if (draft.unapplied) accounts.add(draft.unapplied.accountId);
  let weakest: PayerEvidence | undefined;
  for (const accountId of accounts) {
    const evidence = payers.find((one) => one.accountId === accountId)?.evidence ?? "none";
    if (!weakest || PAYER[evidence] < PAYER[weakest]) weakest = evidence;
  }
  return weakest ?? "none";
}

function referencesOf(draft: Draft, reading: Reading): Weighed["references"] {
  if (reading.items.length === 0) return "none";
  const sure = new Set(reading.items.filter((one) => one.isSure).map(({ item }) => item.itemId));
  const partly = new Set(reading.items.map(({ item }) => item.itemId));
  const used = draft.parts.filter((part) => partly.has(part.itemId)).length;
  const areAllSureUsed = [...sure].every((itemId) => draft.parts.some((part) => part.itemId === itemId));
  if (used === 0) return sure.size > 0 ? "ignored" : "none";
  if (used < draft.parts.length || !areAllSureUsed) return "mixed";
  return draft.parts.every((part) => sure.has(part.itemId)) ? "sure" : "part";
}

/** The line names something that looks like one of our document numbers and is not open: paid before, or not here yet. */
function isStranger(reading: Reading, book: CandidateBook): boolean {
  return reading.named.numbers.some((number) => book.shapes.has(shapeOf(number)) && !book.byNumber.has(number));
}

const step = (value: number, steps: readonly (readonly [number, string])[], otherwise: string): string =>
  steps.find(([from]) => value >= from)?.[1] ?? otherwise;

/** What decides the probability, as the key under which the calibration counted. */
function evidenceOf(one: Weighed, margin: number, hasStranger: boolean): string {
  const chance = step(
    one.chance,
    [
      [-2, "likely"],
      [-3.5, "possible"],
      [-5, "rare"],
    ],
    "none",
  );
  const lead = step(
    margin,
    [
      [3, "clear"],
      [1, "ahead"],
      [0.05, "close"],
      [0, "tie"],
    ],
    "behind",
  );
  return [one.draft.method, one.payer, one.references, chance, lead, hasStranger ? "stranger" : "-"].join("|");
}

function payerReasons(one: Weighed, reading: Reading): Reason[] {
  const accounts = new Set<Uuid>(one.draft.parts.map((part) => part.accountId));
  if (one.draft.unapplied) accounts.add(one.draft.unapplied.accountId);
  const [accountId] = accounts;
  const reasons = reading.payers.find((payer) => payer.accountId === accountId)?.reasons ?? [];
  return accounts.size > 1 ? [{ code: "several_customers", count: accounts.size }, ...reasons] : [...reasons];
}

function doubts(margin: number, one: Weighed, isCut: boolean): Reason[] {
  const found: Reason[] = [];
  if (margin < 1 && one.draft.method === "single") found.push({ code: "same_amount_elsewhere", count: 2 });
  else if (margin < 1) found.push({ code: "other_combinations" });
  if (isCut && !one.draft.method.startsWith("named")) found.push({ code: "search_cut" });
  return found;
}

function whyNot(top: Candidate | undefined, margin: number, options: MatchOptions): Proposal["whyNot"] {
  if (!top) return "no_candidate";
  if (top.method === "on_account") return "on_account_only";
  if (top.probabilityBp >= options.thresholdBp) return null;
  return margin < 1 ? "ambiguous" : "below_threshold";
}
