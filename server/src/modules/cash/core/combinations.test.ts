import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findCombinations } from "./combinations.ts";

const LIMIT = 400_000;
const find = (minor: number[], target: number, dueCount = minor.length) =>
  findCombinations({ minor: minor.map(BigInt), dueCount }, BigInt(target), LIMIT);

describe("combinations of open amounts", () => {
  test("one item, all due, neighbours and any few are found, the plausible first", () => {
    expect(find([100, 200, 300], 200).combinations[0]).toMatchObject({ kind: "single", indexes: [1] });
    expect(find([110, 220, 350], 680).combinations[0]).toMatchObject({ kind: "all", indexes: [0, 1, 2] });
    expect(find([110, 220, 350], 330, 2).combinations[0]).toMatchObject({ kind: "due", indexes: [0, 1] });
    expect(find([110, 220, 350, 410], 570).combinations[0]).toMatchObject({ kind: "run", indexes: [1, 2] });
    expect(find([110, 220, 350, 411], 521).combinations[0]).toMatchObject({ kind: "sum", indexes: [0, 3] });
    expect(find([110, 225, -50, 411], 471).combinations[0]).toMatchObject({ kind: "credit", indexes: [0, 2, 3] });
  });

  test("every subset of a short list is found when there is one, and what is found is one", () => {
    const list = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 2, maxLength: 14 });
    fc.assert(
      fc.property(list, fc.nat(), (values, pick) => {
        const mask = (pick % (2 ** values.length - 1)) + 1;
        const target = values.reduce((sum, value, at) => (mask & (1 << at) ? sum + value : sum), 0);
        const { combinations } = find(values, target);
        expect(combinations.length).toBeGreaterThan(0);
        for (const { indexes } of combinations) {
          expect(new Set(indexes).size).toBe(indexes.length);
          expect(indexes.reduce((sum, at) => sum + (values[at] ?? 0), 0)).toBe(target);
        }
      }),
    );
  });

  test("two thousand items end within the work limit, and a cut search says so", () => {
    const values = Array.from({ length: 2_000 }, (_, n) => 10_007 + n * 1_313);
    const started = performance.now();
    const { isCut } = find(values, 7);
    expect(isCut).toBe(true);
    expect(performance.now() - started).toBeLessThan(500);
  });

  test("amounts beyond whole doubles are refused, not rounded", () => {
    expect(findCombinations({ minor: [2n ** 60n], dueCount: 1 }, 2n ** 60n, LIMIT)).toEqual({
      combinations: [],
      isCut: true,
    });
  });
});
