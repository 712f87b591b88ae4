import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { candidateBook, learn, take } from "../core/candidate-book.ts";
import type { Candidate, MatchOptions, OpenItem, Part } from "../core/facts.ts";
import { aliasName } from "../core/payer-names.ts";
import { proposeMatches } from "../core/propose-matches.ts";
import type { SyntheticBank, SyntheticLine } from "./synthetic-bank.ts";

/** One line as it went: what was proposed, whether by rule, whether right. */
export type Outcome = {
  readonly line: SyntheticLine;
  readonly top: Candidate | undefined;
  readonly isAutomatic: boolean;
  readonly isRight: boolean;
};

/**
 * Lives through the days of a synthetic bank as an installation would: the morning's lines are proposed, the sure ones posted, a person does the rest and
 * corrects what was wrong, and payers are learnt. The matcher sees a line's facts and nothing of its truth.
 */
export function walkBank(bank: SyntheticBank, options: MatchOptions): Outcome[] {
  const open = new Map<Uuid, OpenItem>();
  const arriving = [...bank.items].sort((a, b) => (a.postedOn < b.postedOn ? -1 : 1));
  const outcomes: Outcome[] = [];
  let aliases = [...bank.aliases];
  let next = 0;
  for (const [on, lines] of Map.groupBy(bank.lines, ({ facts }) => facts.on)) {
    for (; next < arriving.length && (arriving[next]?.postedOn ?? "") <= on; next += 1) {
      const item = arriving[next];
      if (item) open.set(item.itemId, item);
    }
    const book = candidateBook(bank.parties, [...open.values()], aliases);
    for (const line of lines) {
      const { candidates, whyNot } = proposeMatches(line.facts, book, options);
      const [top] = candidates;
      const isAutomatic = top !== undefined && whyNot === null;
      if (isAutomatic) take(book, top.parts);
      outcomes.push({ line, top, isAutomatic, isRight: top !== undefined && isTrue(top, line) });
    }
    for (const line of lines) {
      settle(open, line.truth.parts);
      learn(book, learntFrom(line));
    }
    aliases = [...book.aliases.values()].flat();
    void (on satisfies CalendarDate);
  }
  return outcomes;
}

function settle(open: Map<Uuid, OpenItem>, parts: readonly Part[]): void {
  for (const { itemId, minor } of parts) {
    const item = open.get(itemId);
    if (!item) continue;
    const left = item.openMinor - minor;
    if (left === 0n) open.delete(itemId);
    else open.set(itemId, { ...item, openMinor: left });
  }
}

function learntFrom({ facts, truth }: SyntheticLine) {
  const accounts = [...new Set(truth.parts.map((part) => part.accountId))];
  return accounts.flatMap((accountId) => [
    ...(facts.payerIban ? [{ kind: "iban" as const, value: facts.payerIban, accountId }] : []),
    ...(facts.payerName ? [{ kind: "name" as const, value: aliasName(facts.payerName), accountId }] : []),
  ]);
}

/** Right: the same amount of the same items, and the same left on account. */
export function isTrue(candidate: Candidate, { truth }: SyntheticLine): boolean {
  const wanted = new Map(truth.parts.map((part) => [part.itemId, part.minor]));
  if (wanted.size !== candidate.parts.length || (candidate.unapplied?.minor ?? 0n) !== truth.unapplied) return false;
  return candidate.parts.every((part) => wanted.get(part.itemId) === part.minor);
}

export type Report = {
  readonly lines: number;
  /** Receipts posted without a person ÷ receipts. */
  readonly paymentRate: number;
  /** Invoice lines settled without a person ÷ invoice lines settled. */
  readonly lineRate: number;
  /** Right ones ÷ those posted without a person. */
  readonly precision: number;
  readonly wrong: readonly Outcome[];
  /** Proposals by stated probability: how many, the mean stated, the share that was right. */
  readonly reliability: readonly {
    readonly from: number;
    readonly to: number;
    readonly count: number;
    readonly stated: number;
    readonly right: number;
  }[];
};

const BANDS = [0, 2_500, 5_000, 7_500, 9_000, 9_500, 9_800, 9_900, 9_950, 9_990, 10_001];

export function reportOn(outcomes: readonly Outcome[]): Report {
  const automatic = outcomes.filter((one) => one.isAutomatic);
  const partsOf = (list: readonly Outcome[]) => list.reduce((sum, { line }) => sum + line.truth.parts.length, 0);
  const reliability = BANDS.slice(1).map((to, at) => {
    const from = BANDS[at] ?? 0;
    const band = outcomes.filter(({ top }) => top && top.probabilityBp >= from && top.probabilityBp < to);
    const stated = band.reduce((sum, { top }) => sum + (top?.probabilityBp ?? 0), 0) / Math.max(1, band.length);
    const right = band.filter((one) => one.isRight).length / Math.max(1, band.length);
    return { from, to: Math.min(to, 10_000), count: band.length, stated: stated / 10_000, right };
  });
  return {
    lines: outcomes.length,
    paymentRate: automatic.length / Math.max(1, outcomes.length),
    lineRate: partsOf(automatic) / Math.max(1, partsOf(outcomes)),
    precision: automatic.filter((one) => one.isRight).length / Math.max(1, automatic.length),
    wrong: automatic.filter((one) => !one.isRight),
    reliability,
  };
}
