import fc from "fast-check";
import { expect, test } from "vitest";
import { addDays, day } from "#kernel/calendar-date.ts";
import { anAccount } from "./testing.ts";

const RUNS = Number(process.env.ENCOURS_FUZZ_RUNS ?? 300);
const YEARS = [2023, 2024, 2025];
const periodOf = (year: number) => ({ from: day(`${year}-01-01`), to: day(`${year}-12-31`) });

type Row = { year: number; minor: bigint; letter: string | null; on: number };

const row = fc.record({
  year: fc.constantFrom(...YEARS),
  minor: fc
    .integer({ min: -6, max: 9 })
    .filter((n) => n !== 0)
    .map((n) => BigInt(n) * 100n),
  letter: fc.constantFrom(null, null, "A", "B"),
  on: fc.nat(360),
});

/** Loads one year's file: its movements and, but for the first year, what the years before left, line by line or in one sum. */
function loadYear(
  account: ReturnType<typeof anAccount>,
  rows: readonly Row[],
  year: number,
  isDetailed: boolean,
  openingLetter: string | null,
): void {
  account.tick();
  const before = rows.filter((one) => one.year < year);
  const carried = before.reduce((sum, one) => sum + one.minor, 0n);
  const fiscalYear = periodOf(year).to;
  const opening = { isOpening: true, kind: "opening" as const, postedOn: periodOf(year).from, fiscalYear };
  if (isDetailed)
    for (const one of before)
      account.add({ ...opening, key: `AN${year}/${rows.indexOf(one)}`, minor: one.minor, letter: openingLetter });
  else if (carried !== 0n) account.add({ ...opening, key: `AN${year}`, minor: carried, letter: openingLetter });
  for (const one of rows)
    if (one.year === year)
      account.add({
        key: `k${rows.indexOf(one)}`,
        minor: one.minor,
        letter: one.letter,
        postedOn: addDays(periodOf(year).from, one.on),
        fiscalYear,
      });
  account.loadedYears = [...account.loadedYears, periodOf(year)];
  account.run();
}

const residuals = (account: ReturnType<typeof anAccount>) =>
  [...account.states].map(([itemId, state]) => `${account.keyOf(itemId)} ${state.ledgerOpenMinor}`).sort();

test("fiscal years loaded in any order end alike, count every movement once, and tie after each load", () => {
  const order = fc.shuffledSubarray(YEARS, { minLength: YEARS.length });
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 12 }),
      order,
      fc.boolean(),
      fc.constantFrom(null, "A"),
      (rows, years, isDetailed, letter) => {
        const load = (list: readonly number[]) => {
          const account = anAccount({ isSettledByRule: true });
          for (const [i, year] of list.entries()) {
            loadYear(account, rows, year, isDetailed, letter);
            // What a year's opening lines carry stands in for the years before it; where a gap is left, each side counts once.
            const loaded = list.slice(0, i + 1);
            const open = [...account.states.values()].reduce((sum, state) => sum + state.ledgerOpenBook, 0n);
            const carriers = loaded.filter((one) => !loaded.includes(one - 1) && one !== YEARS[0]);
            const expected = rows.reduce((sum, one) => {
              const moved = loaded.includes(one.year) ? one.minor : 0n;
              const carried = carriers.filter((carrier) => one.year < carrier).length;
              return sum + moved + BigInt(carried) * one.minor;
            }, 0n);
            expect(open).toBe(expected);
          }
          return residuals(account);
        };
        expect(load(years)).toEqual(load(YEARS));
      },
    ),
    { numRuns: RUNS },
  );
}, 600_000);

test("a year undone brings the opening lines back that stood for it", () => {
  const rows: Row[] = [
    { year: 2023, minor: 500n, letter: null, on: 10 },
    { year: 2024, minor: -200n, letter: null, on: 20 },
  ];
  const account = anAccount({ isSettledByRule: true });
  loadYear(account, rows, 2024, false, null);
  const alone = residuals(account);
  loadYear(account, rows, 2023, false, null);
  expect(residuals(account)).toEqual(["k0 300", "k1 0"]);
  account.tick();
  const first = account.items.find((item) => item.orderKey === "k0");
  account.edit(first?.itemId ?? "", { voidReason: "undone" });
  account.loadedYears = [periodOf(2024)];
  account.run();
  expect(residuals(account)).toEqual(alone);
});
