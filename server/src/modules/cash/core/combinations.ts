/** A combination of amounts that meets a target, by index, and how many other subsets of its kind could have met it by accident. */
export type Combination = {
  readonly kind: "single" | "all" | "due" | "run" | "sum" | "credit";
  readonly indexes: readonly number[];
  /** Subsets of the same kind and size that were there to try: what an accidental hit must be weighed by. */
  readonly tried: number;
};

/** Open amounts in order of age, credits below 0; `dueCount` is how many of the first are due. */
export type Amounts = { readonly minor: readonly bigint[]; readonly dueCount: number };

export type Found = {
  /** Plausible first, at most `LISTED`; distinct sets. */
  readonly combinations: readonly Combination[];
  /** The work limit cut the search: there may be others. */
  readonly isCut: boolean;
};

const LISTED = 4;
const WHOLE_SEARCH = 22;

/**
 * Which open amounts make up `target` exactly: one item, all of them, all due ones, neighbours by age, then any few of them. Bounded by `workLimit` steps
 * whatever the account holds; a search that was cut says so. Inside, amounts are doubles: exact for whole numbers below 2^53, and refused above.
 */
export function findCombinations(amounts: Amounts, target: bigint, workLimit: number): Found {
  const values = amounts.minor.map(Number);
  const goal = Number(target);
  if (![goal, ...values].every(Number.isSafeInteger)) return { combinations: [], isCut: true };
  const search = new Search(values, goal, workLimit);
  search.singles();
  search.whole(amounts.dueCount);
  search.runs();
  search.few();
  return { combinations: search.found, isCut: search.isCut };
}

class Search {
  readonly found: Combination[] = [];
  isCut = false;
  private work = 0;
  private readonly seen = new Set<string>();
  private readonly values: readonly number[];
  private readonly goal: number;
  private readonly workLimit: number;

  constructor(values: readonly number[], goal: number, workLimit: number) {
    this.values = values;
    this.goal = goal;
    this.workLimit = workLimit;
  }

  private add(kind: Combination["kind"], indexes: readonly number[], tried: number): void {
    const sorted = [...indexes].sort((a, b) => a - b);
    const key = sorted.join(",");
    if (this.found.length >= LISTED || this.seen.has(key)) return;
    this.seen.add(key);
    const hasCredit = sorted.some((at) => (this.values[at] ?? 0) < 0);
    this.found.push({ kind: hasCredit && kind === "sum" ? "credit" : kind, indexes: sorted, tried });
  }

  private isSpent(steps: number): boolean {
    this.work += steps;
    if (this.work <= this.workLimit) return false;
    this.isCut = true;
    return true;
  }

  singles(): void {
    for (const [at, value] of this.values.entries())
      if (value === this.goal) this.add("single", [at], this.values.length);
    this.work += this.values.length;
  }

  /** Everything open, everything due, and either without its credits. */
  whole(dueCount: number): void {
    const all = this.values.map((_, at) => at);
    const positive = all.filter((at) => (this.values[at] ?? 0) > 0);
    for (const indexes of [all, positive])
      if (indexes.length > 1 && this.sum(indexes) === this.goal) this.add("all", indexes, 1);
    if (dueCount === this.values.length) return;
    for (const indexes of [all.slice(0, dueCount), positive.filter((at) => at < dueCount)])
      if (indexes.length > 1 && this.sum(indexes) === this.goal) this.add("due", indexes, 1);
  }

  private sum(indexes: readonly number[]): number {
    return indexes.reduce((total, at) => total + (this.values[at] ?? 0), 0);
  }

  /** Neighbours by age: one pass over running sums. */
  runs(): void {
    const startOf = new Map<number, number>();
    let total = 0;
    for (let end = 0; end <= this.values.length; end += 1) {
      const start = startOf.get(total - this.goal);
      if (start !== undefined && end - start > 1) {
        const indexes = Array.from({ length: end - start }, (_, n) => start + n);
        // beginning with the oldest is what people do: as few runs as items
        this.add("run", indexes, start === 0 ? this.values.length : (this.values.length * this.values.length) / 2);
      }
      startOf.set(total, end);
      total += this.values[end] ?? 0;
    }
    this.work += this.values.length;
  }

  /** Any two, any three, all but one or two; for short lists every subset, smallest first. */
  few(): void {
    const n = this.values.length;
    if (n < 3) {
      if (n === 2) this.pairs(this.goal, false);
      return;
    }
    this.pairs(this.goal, false);
    this.allButFew();
    if (n <= WHOLE_SEARCH) this.everySubset();
    else this.triples();
  }

  private pairs(goal: number, isComplement: boolean): void {
    const n = this.values.length;
    if (this.isSpent(n)) return;
    const at = new Map<number, number>();
    for (let j = 0; j < n; j += 1) {
      const value = this.values[j] ?? 0;
      const i = at.get(goal - value);
      if (i !== undefined) this.add("sum", isComplement ? this.without([i, j]) : [i, j], (n * (n - 1)) / 2);
      if (!at.has(value)) at.set(value, j);
    }
  }

  private allButFew(): void {
    const n = this.values.length;
    const rest = this.values.reduce((sum, value) => sum + value, 0) - this.goal;
    if (rest === 0) return;
    for (const [at, value] of this.values.entries()) if (value === rest) this.add("sum", this.without([at]), n);
    this.pairs(rest, true);
  }

  private without(left: readonly number[]): number[] {
    return this.values.map((_, at) => at).filter((at) => !left.includes(at));
  }

  private triples(): void {
    const n = this.values.length;
    const at = new Map<number, number>(this.values.map((value, index) => [value, index]));
    for (let i = 0; i < n && this.found.length < LISTED; i += 1) {
      if (this.isSpent(n - i)) return;
      for (let j = i + 1; j < n; j += 1) {
        const k = at.get(this.goal - (this.values[i] ?? 0) - (this.values[j] ?? 0));
        if (k !== undefined && k > j) this.add("sum", [i, j, k], (n * (n - 1) * (n - 2)) / 6);
      }
    }
  }

  /** Meet in the middle: sums of one half, kept by sum, against sums of the other; answers of few items first. */
  private everySubset(): void {
    const n = this.values.length;
    const half = n >> 1;
    if (this.isSpent((1 << half) + (1 << (n - half)))) return;
    const left = sumsOf(this.values.slice(0, half));
    const right = sumsOf(this.values.slice(half));
    const bySum = new Map<number, number[]>();
    for (const [mask, sum] of left.entries()) {
      const list = bySum.get(sum);
      if (list) list.push(mask);
      else bySum.set(sum, [mask]);
    }
    const hits: number[][] = [];
    for (const [mask, sum] of right.entries())
      for (const other of bySum.get(this.goal - sum) ?? []) {
        if (this.isSpent(1)) break;
        const indexes: number[] = [];
        for (let at = 0; at < half; at += 1) if (other & (1 << at)) indexes.push(at);
        for (let at = 0; at < n - half; at += 1) if (mask & (1 << at)) indexes.push(half + at);
        if (indexes.length > 1) hits.push(indexes);
        if (hits.length > 200) break;
      }
    hits.sort((a, b) => a.length - b.length || compareIndexes(a, b));
    for (const indexes of hits) this.add("sum", indexes, subsetsUpTo(n, indexes.length));
  }
}

function compareIndexes(a: readonly number[], b: readonly number[]): number {
  for (const [at, value] of a.entries()) if (value !== b[at]) return value - (b[at] ?? 0);
  return 0;
}

function sumsOf(values: readonly number[]): Float64Array {
  const sums = new Float64Array(1 << values.length);
  for (let mask = 1; mask < sums.length; mask += 1) {
    const low = 31 - Math.clz32(mask & -mask);
    sums[mask] = (sums[mask & (mask - 1)] ?? 0) + (values[low] ?? 0);
  }
  return sums;
}

/** How many subsets have 2 to `size` of `n` items. */
function subsetsUpTo(n: number, size: number): number {
  let count = 0;
  let ways = n;
  for (let k = 2; k <= size; k += 1) {
    ways = (ways * (n - k + 1)) / k;
    count += ways;
  }
  return count;
}
