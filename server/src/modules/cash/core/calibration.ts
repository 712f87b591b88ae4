import { COUNTS } from "./calibration-counts.ts";

/** Evidence seen less often leans on its kind: method, references and lead, whoever paid. */
const LEAN = 20;
/** What no kind alone can promise: new evidence is never posted without a person at the shipped threshold. */
const MOST_OF_KIND = 0.97;
const MOST = 9_999;

const KINDS = kindsOf(COUNTS);

/**
 * The probability, in basis points, that the first proposal of some evidence is right: the share that was right among synthetic lines of the same evidence,
 * drawn towards the share of its kind where few were seen. Counted by `bench/matching.ts --fit` on seeds that no report uses; decision 0031.
 */
export function probabilityOf(evidence: string): number {
  const [right, seen] = countsOf(COUNTS[evidence]);
  const [kindRight, kindSeen] = countsOf(KINDS.get(kindOf(evidence)));
  const kind = Math.min(MOST_OF_KIND, (kindRight + 1) / (kindSeen + 2));
  return Math.min(MOST, Math.round(((right + LEAN * kind) / (seen + LEAN)) * 10_000));
}

const countsOf = (counts: readonly [number, number] | undefined): [number, number] => [
  counts?.[1] ?? 0,
  counts?.[0] ?? 0,
];

function kindOf(evidence: string): string {
  const [method, , references, , lead] = evidence.split("|");
  return `${method}|${references}|${lead}`;
}

function kindsOf(all: typeof COUNTS): Map<string, readonly [number, number]> {
  const kinds = new Map<string, readonly [number, number]>();
  for (const [evidence, [seen, right]] of Object.entries(all)) {
    const kind = kindOf(evidence);
    const [seenBefore, rightBefore] = kinds.get(kind) ?? [0, 0];
    kinds.set(kind, [seenBefore + seen, rightBefore + right]);
  }
  return kinds;
}
