import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Clause, clausesOf, expressionOf, readClauses, writeClauses } from "./codec.ts";

const value = fc.oneof(
  fc.string({ minLength: 1 }),
  fc.integer(),
  fc.boolean(),
  fc.array(fc.string({ minLength: 1 }), { maxLength: 4 }),
);
const clause: fc.Arbitrary<Clause> = fc.oneof(
  fc.record({ criterion: fc.constantFrom("open", "item.days-late"), operator: fc.constant("is" as const), value }),
  fc.record({
    criterion: fc.constant("due_on"),
    operator: fc.constantFrom("is_empty" as const, "is_not_empty" as const),
  }),
);

describe("clauses in an address", () => {
  test("what is written is read again, whatever the text", () => {
    fc.assert(
      fc.property(fc.array(clause, { maxLength: 5 }), (clauses) => {
        const params = new URLSearchParams({ f: writeClauses(clauses) });
        expect(readClauses(new URLSearchParams(params.toString()).get("f") ?? undefined)).toEqual(clauses);
      }),
    );
  });

  test("an old or broken link loses only what cannot be read", () => {
    expect(readClauses("open~at_least~%zz;nonsense;late~more~15")).toEqual([
      { criterion: "late", operator: "more", value: 15 },
    ]);
    expect(readClauses("name~is~'%E0%A4%A")).toEqual([]);
    expect(readClauses(undefined)).toEqual([]);
  });

  test("a list of chips is one `all`; deeper trees are not shown as chips", () => {
    const clauses: Clause[] = [{ criterion: "late", operator: "more", value: 15 }];
    expect(clausesOf(expressionOf(clauses))).toEqual(clauses);
    expect(expressionOf([])).toBeUndefined();
    expect(clausesOf({ any: clauses })).toBeUndefined();
    expect(clausesOf(null)).toEqual([]);
  });
});
