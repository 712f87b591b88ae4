import { describe, expect, test } from "vitest";
import { addDays, day } from "#kernel/calendar-date.ts";
import { pairMembers } from "./pair.ts";
import { anAccount, asOf, type TestAccount } from "./testing.ts";

const D = (text: string) => day(text);
const END = D("2030-01-01");

/** "key open" of what is open, oldest first. */
function open(account: TestAccount, on = END, layers: "ledger" | "working" = "ledger"): string[] {
  return [...asOf(account, on, layers, null)].map(([itemId, left]) => `${account.keyOf(itemId)} ${left.minor}`).sort();
}

const settled = (account: TestAccount): TestAccount => {
  account.run();
  return account;
};

describe("instalments, payments and credit notes", () => {
  const invoice = (account: TestAccount, letter: string | null) =>
    [3_000n, 5_000n, 2_000n].forEach((minor, i) => {
      account.add({ key: `F/${i + 1}`, minor, instalmentNo: i + 1, letter, postedOn: D("2025-01-01") });
    });

  test("an invoice in three instalments is three items", () => {
    const account = anAccount();
    invoice(account, null);
    expect(open(settled(account))).toEqual(["F/1 3000", "F/2 5000", "F/3 2000"]);
  });

  test("a payment of 40 clears the oldest instalment and part of the next", () => {
    const account = anAccount();
    invoice(account, "A");
    account.add({ key: "P", minor: -4_000n, letter: "A", postedOn: D("2025-02-01") });
    expect(open(settled(account))).toEqual(["F/2 4000", "F/3 2000"]);
  });

  test("a full credit note empties the report", () => {
    const account = anAccount();
    invoice(account, "A");
    account.add({ key: "A", kind: "credit_note", minor: -10_000n, letter: "A", postedOn: D("2025-01-05") });
    expect(open(settled(account))).toEqual([]);
  });

  test("a payment in advance stands alone and negative", () => {
    const account = anAccount();
    account.add({ key: "P", minor: -100_000n });
    expect(open(settled(account))).toEqual(["P -100000"]);
  });

  test("a payment that names its invoice takes what it can and no more", () => {
    const account = anAccount();
    account.add({ key: "F", documentNo: "F1", minor: 10_000n });
    account.add({ key: "P", minor: -12_000n, postedOn: D("2025-02-01"), links: [{ documentNo: "F1" }] });
    expect(open(settled(account))).toEqual(["P -2000"]);
  });

  test("an unbalanced group leaves its residual on the newest debit, or the newest credit", () => {
    const account = anAccount();
    account.add({ key: "F1", minor: 5_000n, letter: "A", postedOn: D("2025-01-01") });
    account.add({ key: "F2", minor: 5_000n, letter: "A", postedOn: D("2025-01-02") });
    account.add({ key: "P", minor: -7_000n, letter: "A", postedOn: D("2025-01-03") });
    expect(open(settled(account))).toEqual(["F2 3000"]);
  });
});

describe("a rejected payment", () => {
  const paid = () => {
    const account = anAccount();
    account.add({ key: "F", minor: 50_000n, letter: "A", postedOn: D("2025-01-01") });
    account.add({ key: "P", minor: -50_000n, letter: "A", postedOn: D("2025-02-01") });
    return settled(account);
  };

  test("reopens the invoice on the bank's day with its own age", () => {
    const account = paid();
    account.tick();
    account.add({ key: "R", kind: "rejection", minor: 50_000n, postedOn: D("2025-02-20"), links: [{ key: "P" }] });
    settled(account);
    expect(open(account, D("2025-02-19"))).toEqual([]);
    expect(open(account, D("2025-02-20"))).toEqual(["F 50000"]);
    const rejection = account.items.find((item) => item.orderKey === "R");
    account.tick();
    account.edit(rejection?.itemId ?? "", { voidReason: "absent" });
    expect(open(settled(account))).toEqual([]);
  });

  test("is seen through re-lettering too", () => {
    const account = paid();
    account.tick();
    const payment = account.items.find((item) => item.orderKey === "P");
    account.edit(payment?.itemId ?? "", { letter: "B" });
    account.add({ key: "R", kind: "rejection", minor: 50_000n, letter: "B", postedOn: D("2025-02-20") });
    settled(account);
    expect(open(account, D("2025-02-10"))).toEqual([]);
    expect(open(account, D("2025-02-20"))).toEqual(["F 50000"]);
  });

  test("in part leaves the rest of the payment where it was", () => {
    const account = paid();
    account.tick();
    account.add({ key: "R", kind: "rejection", minor: 20_000n, postedOn: D("2025-02-20"), links: [{ key: "P" }] });
    settled(account);
    expect(open(account, D("2025-02-19"))).toEqual([]);
    expect(open(account)).toEqual(["F 20000"]);
  });

  test("leaves the rest of its group settled", () => {
    const account = anAccount();
    account.add({ key: "F1", minor: 10_000n, letter: "A", postedOn: D("2025-01-01") });
    account.add({ key: "F2", minor: 10_000n, letter: "A", postedOn: D("2025-01-02") });
    account.add({ key: "P1", minor: -10_000n, letter: "A", postedOn: D("2025-01-10") });
    account.add({ key: "P2", minor: -10_000n, letter: "A", postedOn: D("2025-01-11") });
    settled(account);
    account.tick();
    const payment = account.items.find((item) => item.orderKey === "P1");
    account.edit(payment?.itemId ?? "", { letter: "B" });
    account.add({ key: "R", kind: "rejection", minor: 10_000n, letter: "B", postedOn: D("2025-03-01") });
    settled(account);
    expect(open(account, D("2025-02-28"))).toEqual([]);
    expect(open(account, D("2025-03-01"))).toEqual(["F2 10000"]);
  });
});

describe("currencies", () => {
  test("a pair carries the book amount of its credit, and the exchange difference closes the rest", () => {
    const account = anAccount();
    const usd = { currency: "USD", letter: "A" };
    account.add({ ...usd, key: "F", minor: 10_000n, book: 9_000n, postedOn: D("2025-01-01") });
    account.add({ ...usd, key: "P", minor: -10_000n, book: -8_800n, postedOn: D("2025-02-01") });
    settled(account);
    const left = [...asOf(account, END, "ledger", null)].map(([id, o]) => [account.keyOf(id), o.minor, o.book]);
    expect(left).toEqual([["F", 0n, 200n]]);
    account.tick();
    account.add({ ...usd, key: "X", kind: "exchange_difference", minor: 0n, book: -200n, postedOn: D("2025-02-28") });
    settled(account);
    expect(asOf(account, D("2025-02-27"), "ledger", null).size).toBe(1);
    expect(asOf(account, D("2025-02-28"), "ledger", null).size).toBe(0);
  });

  test("rounding is cumulative: parts of a credit sum to its book amount", () => {
    const base = {
      kind: "invoice" as const,
      currency: "USD",
      postedOn: D("2025-01-01"),
      instalmentNo: 1,
      documentNo: null,
    };
    const debits = [1, 2, 3].map((n) => ({ ...base, itemId: `d${n}`, orderKey: `${n}`, minor: 100n, book: 33n }));
    const credit = { ...base, kind: "payment" as const, itemId: "c", orderKey: "c", minor: -300n, book: -100n };
    const pairs = pairMembers([...debits, credit]).filter((pair) => pair.creditMinor > 0n);
    expect(pairs.map((pair) => pair.book)).toEqual([33n, 34n, 33n]);
  });

  test("an unpaid dollar invoice and an unapplied euro payment meet by book amount", () => {
    const account = anAccount();
    account.add({ key: "F", currency: "USD", minor: 10_000n, book: 9_000n, letter: "A" });
    account.add({ key: "P", minor: -4_500n, letter: "A" });
    expect(open(settled(account))).toEqual(["F 5000"]);
  });
});

describe("a source that letters badly", () => {
  const fec = () => anAccount({ isSettledByRule: true });

  test("document number first, then exact amount, then oldest debit", () => {
    const account = fec();
    account.add({ key: "F1", documentNo: "F1", minor: 10_000n, postedOn: D("2025-01-01") });
    account.add({ key: "F2", documentNo: "F2", minor: 7_000n, postedOn: D("2025-01-02") });
    account.add({ key: "F3", documentNo: "F3", minor: 5_000n, postedOn: D("2025-01-03") });
    account.add({ key: "P1", documentNo: "F3", minor: -4_000n, postedOn: D("2025-02-01") });
    account.add({ key: "P2", minor: -7_000n, postedOn: D("2025-02-02") });
    account.add({ key: "P3", minor: -2_000n, postedOn: D("2025-02-03") });
    expect(open(settled(account))).toEqual(["F1 8000", "F3 1000"]);
  });

  test("a one-sided group of credits takes the opening line; a group of debits waits for the next year", () => {
    const account = fec();
    account.add({ key: "AN", isOpening: true, kind: "opening", minor: 9_000n, postedOn: D("2025-01-01") });
    account.add({ key: "P", letter: "A", minor: -9_000n, postedOn: D("2025-02-01") });
    account.add({ key: "F", letter: "Z", minor: 4_000n, postedOn: D("2025-12-01") });
    account.add({ key: "Q", minor: -1_000n, postedOn: D("2025-12-02") });
    expect(open(settled(account))).toEqual(["F 4000", "Q -1000"]);
  });

  test("the source's own lettering replaces the rule's", () => {
    const account = fec();
    account.add({ key: "F1", minor: 5_000n, postedOn: D("2025-01-01") });
    account.add({ key: "F2", minor: 5_000n, postedOn: D("2025-01-02") });
    account.add({ key: "P", minor: -5_000n, postedOn: D("2025-02-01") });
    expect(open(settled(account))).toEqual(["F2 5000"]);
    account.tick();
    for (const item of account.items) if (item.orderKey !== "F1") account.edit(item.itemId, { letter: "A" });
    expect(open(settled(account))).toEqual(["F1 5000"]);
  });

  test("opening lines pass on the letters they carry to the items they repeat", () => {
    const account = fec();
    account.loadedYears = [{ from: D("2024-01-01"), to: D("2024-12-31") }];
    const old = { fiscalYear: D("2024-12-31") };
    const now = { fiscalYear: D("2025-12-31") };
    account.add({ ...old, key: "F1", documentNo: "F1", minor: 5_000n, postedOn: D("2024-10-01") });
    account.add({ ...old, key: "F2", documentNo: "F2", minor: 5_000n, postedOn: D("2024-11-01") });
    account.add({
      ...now,
      key: "AN1",
      documentNo: "F1",
      isOpening: true,
      kind: "opening",
      minor: 5_000n,
      postedOn: D("2025-01-01"),
    });
    account.add({
      ...now,
      key: "AN2",
      documentNo: "F2",
      isOpening: true,
      kind: "opening",
      minor: 5_000n,
      postedOn: D("2025-01-01"),
      letter: "A",
    });
    account.add({ ...now, key: "P", minor: -5_000n, postedOn: D("2025-03-01"), letter: "A" });
    expect(open(settled(account))).toEqual(["F1 5000"]);
    expect(open(account, D("2025-01-01"))).toEqual(["F1 5000", "F2 5000"]);
  });
});

describe("snapshots of what is open", () => {
  const none = Array.from({ length: 12 }, () => false);
  const only = (at: number) => none.map((_, index) => index === at);

  test("an item that a later one shows open again was not known to be open twice before", () => {
    const account = anAccount({ isSettledByRule: true, isAssumed: true });
    account.add({ layer: "overlay", kind: "payment", minor: -100n });
    const paid = account.add({ kind: "payment", minor: -400n });
    account.run();
    account.tick();
    account.snapshot(day("2025-01-01"), none);
    account.run();
    account.tick();
    // what is cleared now is what is open again: no line of it waits for today
    account.add({ kind: "payment", minor: -400n });
    account.snapshot(day("2025-01-02"), only(1));
    account.run();
    for (const known of new Set(account.lines.map((line) => line.knownOn)))
      for (const on of ["2025-01-01", "2025-01-03"]) {
        const open = asOf(account, day(on), "ledger", known).get(paid.itemId)?.minor ?? 0n;
        expect(open >= -400n && open <= 0n, `${open} on ${on} known on ${known}`).toBe(true);
      }
  });

  test("a day stated anew replaces what was stated, also when the bank took a payment back since", () => {
    const account = anAccount();
    const payment = account.add({ kind: "payment", minor: -300n });
    account.run();
    account.add({ kind: "rejection", minor: 100n });
    account.run();
    account.snapshot(day("2025-01-26"), only(0));
    account.run();
    account.add({ kind: "rejection", postedOn: day("2025-01-27"), minor: 200n, links: [{ key: payment.orderKey }] });
    account.run();
    account.snapshot(day("2025-01-26"), only(1));
    account.run();
    staysWithin(account, "2025-01-26");
  });

  test("an item whose amount is edited below what a day had settled is settled anew, later", () => {
    const account = anAccount({ isSettledByRule: true });
    const invoice = account.add({ minor: 300n });
    account.run();
    account.snapshot(day("2025-01-01"), only(0));
    account.run();
    account.add({ kind: "payment", minor: -100n, currency: "USD" });
    account.run();
    account.snapshot(day("2025-01-02"), only(0));
    account.run();
    account.edit(invoice.itemId, { minor: 200n, book: 200n });
    account.run();
    staysWithin(account, "2025-01-01", "2025-01-02");
  });

  test("what a later one opens again is opened no sooner than it was cleared", () => {
    const account = anAccount({ isSettledByRule: true });
    account.add({ layer: "overlay", kind: "payment", minor: -100n });
    const invoice = account.add({ minor: 200n });
    const payment = account.add({ kind: "payment", minor: -100n, links: [{ key: invoice.orderKey }] });
    account.run();
    account.add({ kind: "rejection", postedOn: day("2025-01-03"), minor: 100n, links: [{ key: payment.orderKey }] });
    account.run();
    account.snapshot(day("2025-01-01"), none);
    account.run();
    account.snapshot(day("2025-01-02"), only(1));
    account.run();
    staysWithin(account, "2025-01-01", "2025-01-02", "2025-01-03");
    const lines = account.lines.length;
    account.run();
    expect(account.lines).toHaveLength(lines);
  });
});

/** No item is open beyond what it is, nor the other way round, on any of the days. */
function staysWithin(account: TestAccount, ...days: readonly string[]): void {
  for (const on of days)
    for (const item of account.items) {
      const left = asOf(account, day(on), "ledger", null).get(item.itemId)?.minor ?? 0n;
      const [low, high] = item.minor < 0n ? [item.minor, 0n] : [0n, item.minor];
      expect(left >= low && left <= high, `${item.itemId} open ${left} of ${item.minor} on ${on}`).toBe(true);
    }
}

describe("what is known here first", () => {
  test("a booking takes over from the bank line, on the later day, and gives back when it goes", () => {
    const account = anAccount();
    const invoice = account.add({ key: "F", minor: 10_000n, postedOn: D("2025-01-01") });
    const bank = account.add({
      key: "B",
      layer: "overlay",
      kind: "payment",
      minor: -10_000n,
      postedOn: D("2025-02-01"),
    });
    account.settle([account.items.indexOf(invoice), account.items.indexOf(bank)]);
    settled(account);
    expect(open(account)).toEqual(["F 10000"]);
    expect(open(account, END, "working")).toEqual([]);
    account.tick();
    account.book(0, 3, null);
    settled(account);
    for (const on of [D("2025-02-01"), D("2025-02-04"), END]) expect(open(account, on, "working")).toEqual([]);
    account.tick();
    const booked = account.items.find((item) => item.layer === "ledger" && item.kind === "payment");
    account.edit(booked?.itemId ?? "", { voidReason: "absent" });
    settled(account);
    for (const on of [D("2025-02-01"), D("2025-02-04"), END]) expect(open(account, on, "working")).toEqual([]);
    expect(open(account)).toEqual(["F 10000"]);
  });

  test("a person's match yields to the ledger from the first day in conflict", () => {
    const account = anAccount();
    const invoice = account.add({ key: "F", minor: 10_000n, postedOn: D("2025-01-01") });
    const bank = account.add({
      key: "B",
      layer: "overlay",
      kind: "payment",
      minor: -10_000n,
      postedOn: D("2025-02-01"),
    });
    account.settle([account.items.indexOf(invoice), account.items.indexOf(bank)]);
    settled(account);
    account.tick();
    account.edit(invoice.itemId, { letter: "A" });
    account.add({ key: "P", minor: -10_000n, letter: "A", postedOn: addDays(D("2025-02-01"), 30) });
    const outcome = account.run();
    expect(outcome.yielded).toHaveLength(1);
    expect(open(account, D("2025-02-10"), "working")).toEqual([]);
    expect(open(account, END, "working")).toEqual(["B -10000"]);
  });
});
