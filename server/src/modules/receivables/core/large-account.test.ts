import { performance } from "node:perf_hooks";
import { expect, test } from "vitest";
import { addDays, day } from "#kernel/calendar-date.ts";
import { anAccount } from "./testing.ts";

const START = day("2024-01-01");
const ROWS = 30_000;
/** Generous for a shared machine; anything quadratic takes minutes. */
const LIMIT_MS = 8_000;

type Make = (account: ReturnType<typeof anAccount>, n: number) => void;

const on = (n: number) => addDays(START, n % 700);

const kinds: [string, Make][] = [
  [
    "equal amounts and one document number, by rule",
    (a, n) => a.add({ minor: n % 2 === 0 ? 4_990n : -4_990n, documentNo: "0000000", postedOn: on(n) }),
  ],
  [
    "payments naming their invoices",
    (a, n) =>
      a.add(
        n % 2 === 0
          ? { key: `F${n}`, documentNo: `F${n}`, postedOn: on(n) }
          : { minor: -10_000n, postedOn: on(n), links: [{ documentNo: `F${n - 1}` }] },
      ),
  ],
  ["one letter for all", (a, n) => a.add({ minor: n % 3 === 0 ? -20_000n : 10_000n, letter: "A", postedOn: on(n) })],
  [
    "opening lines one by one",
    (a, n) =>
      a.add(
        n % 2 === 0
          ? { minor: 4_990n, documentNo: `F${n}`, postedOn: on(n) }
          : {
              minor: 4_990n,
              documentNo: `F${n - 1}`,
              postedOn: day("2026-01-01"),
              isOpening: true,
              letter: `L${n}`,
              fiscalYear: day("2026-12-31"),
            },
      ),
  ],
];

test.each(kinds)(
  "an account of 30,000 lines is settled in seconds: %s",
  (_, make) => {
    const account = anAccount({ isSettledByRule: true, loadedYears: [{ from: START, to: day("2025-12-31") }] });
    for (let n = 0; n < ROWS; n += 1) make(account, n);
    const started = performance.now();
    account.run();
    account.tick();
    account.add({ minor: -100n, postedOn: day("2026-05-05") });
    account.run();
    expect(performance.now() - started).toBeLessThan(LIMIT_MS);
  },
  120_000,
);
