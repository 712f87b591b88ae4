import { expect, test } from "vitest";
import { day } from "#kernel/calendar-date.ts";
import { dueDateOf, termsFault } from "./payment-terms.ts";

test.each([
  ["2026-01-15", "2026-03-16", "2026-03-31", "2026-03-17"],
  ["2026-01-31", "2026-04-01", "2026-03-31", "2026-03-17"],
  ["2026-03-10", "2026-05-09", "2026-04-30", "2026-05-15"],
  ["2026-10-22", "2026-12-21", "2026-12-31", "2026-12-15"],
  ["2026-12-20", "2027-02-18", "2027-02-28", "2027-02-14"],
])(
  "an invoice of %s falls due by 60 net, 45 then end of month, end of month then 45",
  (issued, net, thenEnd, endThen) => {
    expect(dueDateOf(day(issued), { kind: "net", days: 60 })).toBe(net);
    expect(dueDateOf(day(issued), { kind: "days_then_end_of_month", days: 45 })).toBe(thenEnd);
    expect(dueDateOf(day(issued), { kind: "end_of_month", days: 45 })).toBe(endThen);
  },
);

test("terms on the Nth take the first such day on or after the day reached, the last of a short month", () => {
  expect(dueDateOf(day("2026-01-15"), { kind: "end_of_month", days: 0, onTheDay: 10 })).toBe("2026-02-10");
  expect(dueDateOf(day("2026-01-15"), { kind: "net", days: 30, onTheDay: 31 })).toBe("2026-02-28");
  expect(dueDateOf(day("2026-01-15"), { kind: "on_the", days: 10 })).toBe("2026-02-10");
});

test("terms over the legal maximum are named", () => {
  expect(termsFault({ kind: "net", days: 60 })).toBeUndefined();
  expect(termsFault({ kind: "net", days: 61 })).toBe("over_60_days_net");
  expect(termsFault({ kind: "days_then_end_of_month", days: 60 })).toBe("over_45_days_end_of_month");
});
