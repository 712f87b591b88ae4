import fc from "fast-check";
import { expect, test } from "vitest";
import { addDays, day } from "#kernel/calendar-date.ts";
import { AGEING_BUCKETS, bucketOf, bucketsOf, dueDaysOf } from "./ageing.ts";

const ends = AGEING_BUCKETS.shipped;
const AS_OF = day("2026-06-30");

test("due today is not late; boundaries are inclusive as written", () => {
  const at = (late: number) => bucketOf(addDays(AS_OF, -late), AS_OF, ends);
  expect([-5, 0, 1, 30, 31, 60, 61, 90, 91, 180, 181, 365, 366].map(at)).toEqual([
    0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6,
  ]);
});

test("every due day is in exactly one bucket, and a later day moves items only forward", () => {
  fc.assert(
    fc.property(fc.integer({ min: -900, max: 900 }), fc.nat(500), (late, later) => {
      const dueOn = addDays(AS_OF, -late);
      const bucket = bucketOf(dueOn, AS_OF, ends);
      const holding = bucketsOf(ends).filter((_, i) => {
        const days = dueDaysOf(i, AS_OF, ends);
        return days && (days.from === null || days.from <= dueOn) && (days.to === null || dueOn <= days.to);
      });
      expect(holding).toEqual([bucketsOf(ends)[bucket]]);
      expect(bucketOf(dueOn, addDays(AS_OF, later), ends)).toBeGreaterThanOrEqual(bucket);
    }),
  );
});
