import { describe, expect, test } from "vitest";
import { day } from "#kernel/calendar-date.ts";
import { findReturned, type ReturnablePayment, type ReturnLine } from "./find-returned.ts";
import { meaningOf } from "./return-reasons.ts";

const payment = (itemId: string, given: Partial<ReturnablePayment> = {}): ReturnablePayment => ({
  itemId,
  accountId: "a",
  customerName: "Boulangerie de la Gare",
  minor: 12_000n,
  on: day("2026-03-05"),
  endToEndId: null,
  mandateId: null,
  payerName: null,
  payerIban: null,
  references: [],
  ...given,
});
const line = (given: Partial<ReturnLine> = {}): ReturnLine => ({
  minor: 12_000n,
  on: day("2026-03-12"),
  endToEndId: null,
  mandateId: null,
  bankReference: null,
  payerName: null,
  payerIban: null,
  text: "",
  ...given,
});

describe("which payment the bank took back", () => {
  test("the end-to-end id decides, before a payment of the same amount", () => {
    const found = findReturned(line({ endToEndId: "E1" }), [
      payment("1", { on: day("2026-03-10") }),
      payment("2", { endToEndId: "E1" }),
    ]);
    expect(found[0]).toMatchObject({ payment: { itemId: "2" }, probabilityBp: 9_990 });
  });

  test("mandate, reference and payer count with the amount only", () => {
    expect(findReturned(line({ mandateId: "M" }), [payment("1", { mandateId: "M" })])[0]?.probabilityBp).toBe(9_900);
    expect(
      findReturned(line({ text: "IMPAYE CHQ 0123456" }), [payment("1", { references: ["0123456"] })])[0]?.probabilityBp,
    ).toBe(9_950);
    expect(findReturned(line({ payerName: "BOULANGERIE DE LA GARE" }), [payment("1")])[0]?.reasons[0]?.code).toBe(
      "same_payer",
    );
    expect(findReturned(line({ mandateId: "M", minor: 1n }), [payment("1", { mandateId: "M" })])).toEqual([]);
  });

  test("several alike share their chance, the latest first; a later payment is not meant", () => {
    const found = findReturned(line(), [
      payment("1"),
      payment("2", { on: day("2026-03-08") }),
      payment("3", { on: day("2026-03-20") }),
    ]);
    expect(found.map((one) => [one.payment.itemId, one.probabilityBp])).toEqual([
      ["2", 3_000],
      ["1", 3_000],
    ]);
  });
});

test("a reason is worded, whatever the bank gives", () => {
  expect(meaningOf("am04", null)).toMatchObject({ fr: "provision insuffisante", action: "represent" });
  expect(meaningOf("XX99", "Signature non conforme").fr).toBe("Signature non conforme");
  expect(meaningOf(null, null).en).toBe("no reason given");
});
