import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CriterionType, type Expression, OPERATORS_OF } from "#contracts/criteria.ts";
import { addDays, day } from "#kernel/calendar-date.ts";
import { fold } from "#kernel/text.ts";
import { aTestDatabase, type TestDatabase } from "../../../testing/database.ts";
import { copyValue, raw, sql } from "../database/index.ts";
import {
  type Criterion,
  catalogueOf,
  checkExpression,
  compileExpression,
  evaluateExpression,
  type FactValue,
} from "./index.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await aTestDatabase();
});
afterAll(() => t.close());

const AS_OF = day("2026-11-21");
const label = { fr: "x", en: "x" };
const criterion = (name: string, type: CriterionType, isFolded = false): Criterion => ({
  key: `item.${name}`,
  subject: "item",
  type,
  unit: null,
  label,
  isDated: true,
  column: raw(`f.${name}`),
  isFolded,
});
const CATALOGUE = catalogueOf([
  criterion("name", "text"),
  criterion("folded", "text", true),
  criterion("kind", "choice"),
  criterion("open", "money"),
  criterion("late", "integer"),
  criterion("due", "day"),
  criterion("chased", "boolean"),
]);

const words = fc.constantFrom("", "a", "A", "é", "É", "ab", "aÉ", "SARL Œuvre", "x_%", "l’été");
const days = fc.integer({ min: -40, max: 40 }).map((offset) => addDays(AS_OF, offset) as string);
const whole = fc.bigInt({ min: -5n, max: 5n });

const valuesOf: Record<CriterionType, fc.Arbitrary<string | boolean>> = {
  text: words,
  choice: fc.constantFrom("invoice", "payment", "credit_note"),
  money: whole.map(String),
  integer: whole.map(String),
  day: days,
  boolean: fc.boolean(),
};

const condition: fc.Arbitrary<Expression> = fc.constantFrom(...CATALOGUE.values()).chain((one) =>
  fc.constantFrom(...OPERATORS_OF[one.type]).chain((operator) => {
    const of = valuesOf[one.type];
    const value: fc.Arbitrary<string | boolean | number | string[] | null> =
      operator === "is_empty" || operator === "is_not_empty"
        ? fc.constant(null)
        : operator === "is_one_of" || operator === "is_none_of"
          ? fc.array(of.map(String), { minLength: 1, maxLength: 3 })
          : operator === "between"
            ? fc.tuple(of.map(String), of.map(String)).map((pair) => [...pair])
            : operator.startsWith("days_ago")
              ? fc.integer({ min: 0, max: 40 })
              : of;
    return value.map((chosen) => ({ criterion: one.key, operator, value: chosen }));
  }),
);
const expression: fc.Arbitrary<Expression> = fc.letrec<{ tree: Expression }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    condition,
    fc.array(tie("tree"), { maxLength: 3 }).map((all) => ({ all })),
    fc.array(tie("tree"), { maxLength: 3 }).map((any) => ({ any })),
    tie("tree").map((not) => ({ not })),
  ),
})).tree;

const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null, freq: 4 });
const row = fc.record({
  name: optional(words),
  folded: optional(words.map(fold)),
  kind: optional(fc.constantFrom("invoice", "payment", "credit_note")),
  open: optional(whole),
  late: optional(whole),
  due: optional(days),
  chased: optional(fc.boolean()),
});

test("compiled SQL and the plain evaluator agree on every expression and every row", async () => {
  const runs = Number(process.env.ENCOURS_FUZZ_RUNS ?? 150);
  await fc.assert(
    fc.asyncProperty(
      fc.array(expression, { minLength: 1, maxLength: 12 }),
      fc.array(row, { minLength: 1, maxLength: 12 }),
      async (trees, rows) => {
        for (const tree of trees) expect(checkExpression(tree, CATALOGUE)).toBeUndefined();
        const found = await t.db.transaction(t.tenant, async (tx) => {
          await tx.run(sql`create temp table f (n int, name text collate "C", folded text collate "C", kind text collate "C", open bigint, late int,
          due date, chased boolean) on commit drop`);
          await tx.copyIn(
            "f",
            rows.map((one, n) =>
              [n, one.name, one.folded, one.kind, one.open, one.late, one.due, one.chased].map(copyValue).join("\t"),
            ),
          );
          const answers: number[][] = [];
          for (const tree of trees) {
            const hits = await tx.rows<{ n: number }>(
              sql`select n from f where ${compileExpression(tree, CATALOGUE, AS_OF)} order by n`,
            );
            answers.push(hits.map((hit) => hit.n));
          }
          return answers;
        });
        trees.forEach((tree, index) => {
          const expected = rows.flatMap((one, n) => {
            const facts = Object.fromEntries(
              Object.entries(one).map(([key, value]) => [`item.${key}`, value as FactValue]),
            );
            return evaluateExpression(tree, CATALOGUE, facts, AS_OF) ? [n] : [];
          });
          expect(found[index], JSON.stringify(tree)).toEqual(expected);
        });
      },
    ),
    { numRuns: runs },
  );
});
