import { writeFile } from "node:fs/promises";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { SHIPPED_OPTIONS } from "../server/src/modules/cash/core/facts.ts";
import { type Outcome, reportOn, walkBank } from "../server/src/modules/cash/testing/measure.ts";
import { DEFAULT_NOISE, type Noise, syntheticBank } from "../server/src/modules/cash/testing/synthetic-bank.ts";

// node scripts/run.mjs bench/matching.ts [--customers=800] [--seed=9001] [--noise=name:share,...]   report on statements whose truth is known
// node scripts/run.mjs bench/matching.ts --fit                                                      counts anew what each evidence is worth

const option = (name: string, fallback: string) =>
  process.argv.find((one) => one.startsWith(`--${name}=`))?.slice(name.length + 3) ?? fallback;
const CALIBRATION = path.resolve(import.meta.dirname, "../server/src/modules/cash/core/calibration-counts.ts");
/** Seen less often, a kind of evidence tells nothing. */
const FEWEST = 5;
/** Never those of a report. */
const FITTING_SEEDS = [11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22];

if (process.argv.includes("--fit")) await calibrate();
else report();

/** Counts, on seeds of their own, how often the first proposal of each kind of evidence was right. */
async function calibrate(): Promise<void> {
  const counts = new Map<string, { seen: number; right: number }>();
  // default noise, and worlds that are worse: what is rare by default is then counted too
  const worse: Partial<Noise> = {
    nothing: 0.3,
    typo: 0.08,
    lastDigits: 0.2,
    discount: 0.06,
    fee: 0.05,
    cents: 0.04,
    partial: 0.08,
    creditNote: 0.08,
    tooMuch: 0.05,
    twice: 0.03,
    subscription: 0.3,
    newPayer: 0.3,
  };
  for (const [n, seed] of FITTING_SEEDS.entries()) {
    const bank = syntheticBank({ seed, customers: 800, ...(n % 4 === 3 ? { noise: worse } : {}) });
    for (const { top, isRight } of walkBank(bank, { ...SHIPPED_OPTIONS, thresholdBp: 10_001 })) {
      if (!top) continue;
      const one = counts.get(top.evidence) ?? { seen: 0, right: 0 };
      counts.set(top.evidence, { seen: one.seen + 1, right: one.right + (isRight ? 1 : 0) });
    }
    console.error(`seed ${seed}: ${bank.lines.length} lines`);
  }
  const rows = [...counts]
    .filter(([, { seen }]) => seen >= FEWEST)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { seen, right }]) => `  "${key}": [${seen}, ${right}],`);
  await writeFile(
    CALIBRATION,
    `// Written by bench/matching.ts --fit: how often each kind of evidence was seen first, and was right.\nexport const COUNTS: Readonly<Record<string, readonly [seen: number, right: number]>> = {\n${rows.join("\n")}\n};\n`,
  );
  console.error(`${counts.size} kinds of evidence`);
}

function report(): void {
  const noise = Object.fromEntries(
    option("noise", "")
      .split(",")
      .filter((one) => one.split(":")[0] !== undefined && (one.split(":")[0] ?? "") in DEFAULT_NOISE)
      .map((one) => [one.split(":")[0], Number(one.split(":")[1])]),
  ) as Partial<Noise>;
  const bank = syntheticBank({
    seed: Number(option("seed", "9001")),
    customers: Number(option("customers", "800")),
    noise,
  });
  const started = performance.now();
  const outcomes = walkBank(bank, {
    ...SHIPPED_OPTIONS,
    thresholdBp: Number(option("threshold", String(SHIPPED_OPTIONS.thresholdBp))),
  });
  const spent = (performance.now() - started) / 1000;
  const found = reportOn(outcomes);
  const share = (value: number, digits = 2) => `${(value * 100).toFixed(digits)} %`;
  console.log(
    `${found.lines} lines, ${bank.items.length} items, ${bank.parties.length} customers, ${spent.toFixed(1)} s`,
  );
  console.log(
    `payment rate ${share(found.paymentRate)} · line rate ${share(found.lineRate)} · precision ${share(found.precision, 3)} (${found.wrong.length} wrong)`,
  );
  console.log("\n| stated | proposals | mean stated | were right |\n|---|---|---|---|");
  for (const band of found.reliability)
    if (band.count > 0)
      console.log(
        `| ${share(band.from / 10_000, 1)} - ${share(band.to / 10_000, 1)} | ${band.count} | ${share(band.stated)} | ${share(band.right)} |`,
      );
  if (process.argv.includes("--wrong")) explain(found.wrong);
  if (process.argv.includes("--missed")) explain(outcomes.filter((one) => !one.isAutomatic).slice(0, 60));
  if (process.argv.includes("--keys")) {
    const keys = Map.groupBy(
      outcomes.filter((one) => !one.isAutomatic),
      ({ top }) => top?.evidence ?? "nothing",
    );
    for (const [key, list] of [...keys].sort((a, b) => b[1].length - a[1].length).slice(0, 40))
      console.log(list.length, list.filter((one) => one.isRight).length, list[0]?.top?.probabilityBp, key);
  }
}

function explain(outcomes: readonly Outcome[]): void {
  for (const { line, top } of outcomes.slice(0, 40)) {
    console.log(
      `\n${line.facts.minor} ${line.facts.payerName} ${line.facts.payerIban} "${line.facts.text}" ${line.facts.creditorReference ?? ""}`,
    );
    console.log(
      `  truth ${line.truth.parts.map((part) => `${part.itemId.slice(-6)}:${part.minor}`).join(" ")} rest ${line.truth.unapplied}`,
    );
    console.log(
      `  ${top?.evidence} ${top?.probabilityBp} ${top?.parts.map((part) => `${part.itemId.slice(-6)}:${part.minor}`).join(" ")}`,
    );
  }
}
