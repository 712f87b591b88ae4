import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, type CalendarDate, day } from "#kernel/calendar-date.ts";
import { type LedgerItem, smaller } from "./ledger.ts";
import { anAccount, asOf, type TestAccount } from "./testing.ts";

const RUNS = Number(process.env.ENCOURS_FUZZ_RUNS ?? 400);
const START = day("2025-01-01");
const on = (n: number): CalendarDate => addDays(START, n);

type Command = { readonly name: string; readonly given: unknown; readonly run: (account: TestAccount) => void };

const amount = fc.integer({ min: 1, max: 9 }).map((n) => BigInt(n) * 100n);
const letter = fc.constantFrom(null, null, "A", "B", "C");
const when = fc.integer({ min: 0, max: 30 }).map(on);
const pick = fc.nat(1000);
const drift = fc.integer({ min: -40, max: 40 }).map(BigInt);
const isInLedger = (item: LedgerItem) => item.layer === "ledger" && item.kind !== "adjustment";

function command<T>(
  name: string,
  weight: number,
  model: { [K in keyof T]: fc.Arbitrary<T[K]> },
  run: (account: TestAccount, given: T) => void,
): { weight: number; arbitrary: fc.Arbitrary<Command> } {
  const arbitrary = fc.record(model) as fc.Arbitrary<T>;
  return { weight, arbitrary: arbitrary.map((given) => ({ name, given, run: (account) => run(account, given) })) };
}

const commands: fc.Arbitrary<Command> = fc.oneof(
  command("post", 6, { when, amount, letter, isCredit: fc.boolean(), isUsd: fc.nat(2), drift }, (a, r) => {
    const sign = r.isCredit ? -1n : 1n;
    const foreign = r.isUsd === 0 ? { currency: "USD", book: sign * (r.amount + r.drift) } : {};
    const kind = r.isCredit ? "payment" : "invoice";
    a.add({ kind, postedOn: r.when, minor: sign * r.amount, letter: r.letter, ...foreign });
  }),
  command("exchange difference", 1, { when, letter, drift }, (a, r) => {
    a.add({
      kind: "exchange_difference",
      postedOn: r.when,
      minor: 0n,
      book: r.drift,
      currency: "USD",
      letter: r.letter,
    });
  }),
  command("rejection by letter", 1, { when, amount, letter }, (a, r) => {
    a.add({ kind: "rejection", postedOn: r.when, minor: r.amount, letter: r.letter });
  }),
  command("rejection by link", 1, { when, pick, part: amount }, (a, r) => {
    const isPaid = (item: LedgerItem) => isInLedger(item) && item.kind === "payment" && item.currency === "EUR";
    const payment = a.pick(r.pick, (item) => isPaid(item) && item.postedOn <= r.when);
    if (!payment) return;
    const minor = smaller(r.part, -payment.minor);
    a.add({ kind: "rejection", postedOn: r.when, minor, links: [{ key: payment.orderKey }] });
  }),
  command("payment by link", 1, { when, pick, amount }, (a, r) => {
    const invoice = a.pick(r.pick, (item) => item.kind === "invoice");
    const named = invoice ? { currency: invoice.currency, links: [{ key: invoice.orderKey }] } : {};
    a.add({ kind: "payment", postedOn: r.when, minor: -r.amount, ...named });
  }),
  command("letter", 3, { pick, letter }, (a, r) => {
    const item = a.pick(r.pick, isInLedger);
    if (item) a.edit(item.itemId, { letter: r.letter });
  }),
  command("void or return", 2, { pick }, (a, r) => {
    const item = a.pick(r.pick, (one) => one.kind !== "adjustment", true);
    if (item) a.edit(item.itemId, { voidReason: item.voidReason === null ? "absent" : null });
  }),
  command("edit amount", 1, { pick, amount }, (a, r) => {
    const item = a.pick(r.pick, (one) => isInLedger(one) && one.minor !== 0n && one.currency === "EUR");
    if (!item) return;
    const minor = item.minor > 0n ? r.amount : -r.amount;
    a.edit(item.itemId, { minor, book: minor });
  }),
  command("snapshot", 1, { when, keep: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }) }, (a, r) => {
    a.snapshot(r.when, r.keep);
  }),
  command("overlay payment", 2, { when, amount }, (a, r) => {
    a.add({ layer: "overlay", kind: "payment", postedOn: r.when, minor: -r.amount });
  }),
  command("settle by a person", 3, { picks: fc.array(pick, { minLength: 2, maxLength: 4 }) }, (a, r) =>
    a.settle(r.picks),
  ),
  command("undo by a person", 1, { pick, when: fc.option(when, { nil: null }) }, (a, r) => a.undo(r.pick, r.when)),
  command("reject in the overlay", 1, { pick, when }, (a, r) => a.rejectOverlay(r.pick, r.when)),
  command("book", 2, { pick, shift: fc.integer({ min: -5, max: 5 }), letter }, (a, r) =>
    a.book(r.pick, r.shift, r.letter),
  ),
);

/** Every rule that holds after every command, on every day and in both layers. */
function check(account: TestAccount): void {
  const { items, lines, states } = account;
  const itemOf = new Map(items.map((item) => [item.itemId, item]));
  const entrySums = new Map<string, bigint>();
  for (const line of lines) {
    const entry = `${line.settlementId}/${line.entryNo}/${line.effectiveOn}`;
    entrySums.set(entry, (entrySums.get(entry) ?? 0n) + line.book);
    if (line.layer === "ledger") expect(itemOf.get(line.itemId)?.layer).toBe("ledger");
  }
  for (const [entry, sum] of entrySums) if (sum !== 0n) throw new Error(`entry ${entry} sums to ${sum}`);
  const days = [...new Set([...lines.map((l) => l.effectiveOn), ...items.map((i) => i.postedOn)])].sort();
  for (const layers of ["ledger", "working"] as const) {
    for (const D of days) {
      const report = asOf(account, D, layers, null);
      let movements = 0n;
      let open = 0n;
      for (const item of items) {
        if (item.voidReason !== null || item.postedOn > D || (layers === "ledger" && item.layer === "overlay"))
          continue;
        movements += item.book;
        const left = report.get(item.itemId) ?? { minor: 0n, book: 0n };
        open += left.book;
        const [low, high] = item.minor < 0n ? [item.minor, 0n] : [0n, item.minor];
        if (left.minor < low || left.minor > high)
          throw new Error(`${item.itemId} open ${left.minor} of ${item.minor} on ${D} ${layers}`);
        const state = states.get(item.itemId);
        if (!state) throw new Error(`no state of ${item.itemId}`);
        const isOpen = left.minor !== 0n || left.book !== 0n;
        if (isOpen && state.settledOn <= D)
          throw new Error(`${item.itemId} is open on ${D}, settled on ${state.settledOn}`);
      }
      if (open !== movements) throw new Error(`${layers} open ${open}, movements ${movements} on ${D}`);
    }
  }
  for (const [itemId, state] of states) {
    const all = lines.filter((line) => line.itemId === itemId);
    const item = itemOf.get(itemId);
    const working = all.reduce((sum, line) => sum - line.minor, item?.minor ?? 0n);
    expect(state.workingOpenMinor).toBe(working);
    if (all.length > 0) expect(state.firstLineOn).toBe(all.map((line) => line.effectiveOn).sort()[0]);
  }
}

describe("random ledgers", () => {
  test("tie on every day, stay within bounds, and are known as they were known", () => {
    fc.assert(
      fc.property(fc.array(commands, { minLength: 1, maxLength: 25 }), fc.boolean(), (list, isSettledByRule) => {
        const account = anAccount({ isSettledByRule });
        const seen: { known: CalendarDate; reports: Map<string, unknown> }[] = [];
        for (const one of list) {
          account.tick();
          one.run(account);
          account.run();
          check(account);
          const reports = new Map<string, unknown>();
          for (const D of [on(0), on(10), on(20), on(30), on(400)])
            for (const layers of ["ledger", "working"] as const)
              reports.set(`${D}/${layers}`, sorted(asOf(account, D, layers, null)));
          seen.push({ known: account.today, reports });
        }
        for (const { known, reports } of seen)
          for (const [key, report] of reports) {
            const [D, layers] = key.split("/") as [CalendarDate, "ledger" | "working"];
            expect(sorted(asOf(account, D, layers, known)), `as of ${key} known on ${known}`).toEqual(report);
          }
      }),
      { numRuns: RUNS },
    );
  }, 600_000);

  test("of first loads, assumed to be known on their own days, tie and stay within bounds as known on any day", () => {
    fc.assert(
      fc.property(fc.array(commands, { minLength: 1, maxLength: 25 }), (list) => {
        const account = anAccount({ isSettledByRule: true, isAssumed: true });
        for (const one of list) {
          account.tick();
          one.run(account);
          account.run();
        }
        const known = [...new Set(account.lines.map((line) => line.knownOn))];
        for (const K of known)
          for (const D of [on(5), on(15), on(31), on(400)]) {
            let movements = 0n;
            for (const versions of account.versions.values()) {
              const item = versions.filter((one) => one.knownOn <= K).at(-1)?.item;
              if (!item || item.voidReason !== null || item.postedOn > D || item.layer === "overlay") continue;
              movements += item.book;
              const left = asOf(account, D, "ledger", K).get(item.itemId)?.minor ?? 0n;
              const [low, high] = item.minor < 0n ? [item.minor, 0n] : [0n, item.minor];
              if (left < low || left > high)
                throw new Error(`${item.itemId} open ${left} of ${item.minor} on ${D} known on ${K}`);
            }
            const open = [...asOf(account, D, "ledger", K).values()].reduce((sum, left) => sum + left.book, 0n);
            if (open !== movements) throw new Error(`open ${open}, movements ${movements} on ${D} known on ${K}`);
          }
      }),
      { numRuns: Math.ceil(RUNS / 4) },
    );
  }, 600_000);

  test("end in the same residuals whatever the order in which the facts came", () => {
    const row = fc.record({
      when,
      amount,
      letter,
      isCredit: fc.boolean(),
      isRejection: fc.constantFrom(false, false, false, true),
    });
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 2, maxLength: 14 }),
        fc.infiniteStream(fc.nat()),
        fc.boolean(),
        (rows, order, isSettledByRule) => {
          const facts = rows.map((r, i) => ({
            key: `k${String(i).padStart(3, "0")}`,
            kind: r.isRejection ? ("rejection" as const) : r.isCredit ? ("payment" as const) : ("invoice" as const),
            postedOn: r.when,
            minor: r.isCredit && !r.isRejection ? -r.amount : r.amount,
            letter: r.letter,
          }));
          const residuals = (list: typeof facts, step: number) => {
            const account = anAccount({ isSettledByRule });
            for (let i = 0; i < list.length; i += step) {
              account.tick();
              for (const fact of list.slice(i, i + step)) account.add(fact);
              account.run();
            }
            return [...account.states].map(([itemId, s]) => [account.keyOf(itemId), s.ledgerOpenMinor]).sort();
          };
          const shuffled = facts
            .map((fact) => [order.next().value ?? 0, fact] as const)
            .sort((a, b) => a[0] - b[0])
            .map(([, fact]) => fact);
          expect(residuals(shuffled, 1)).toEqual(residuals(facts, facts.length));
          expect(residuals(shuffled, 3)).toEqual(residuals(facts, facts.length));
        },
      ),
      { numRuns: RUNS },
    );
  }, 600_000);

  test("a report stays what it was when only later things happen", () => {
    const row = fc.record({ when, amount, letter, isCredit: fc.boolean() });
    const later = fc.record({ after: fc.integer({ min: 31, max: 60 }), amount, at: pick });
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 12 }),
        fc.array(later, { minLength: 1, maxLength: 6 }),
        (rows, payments) => {
          const account = anAccount();
          for (const r of rows)
            account.add({ postedOn: r.when, minor: r.isCredit ? -r.amount : r.amount, letter: r.letter });
          account.run();
          const reports = () => [on(0), on(15), on(30)].map((D) => sorted(asOf(account, D, "ledger", null)));
          const before = reports();
          for (const [i, payment] of payments.entries()) {
            account.tick();
            const invoice = account.pick(payment.at, (item) => item.minor > 0n && item.letter === null);
            if (invoice) account.edit(invoice.itemId, { letter: `Z${i}` });
            account.add({ postedOn: on(payment.after), minor: -payment.amount, letter: `Z${i}` });
            account.run();
            expect(reports()).toEqual(before);
          }
        },
      ),
      { numRuns: RUNS },
    );
  }, 600_000);

  test("doing the same again changes nothing", () => {
    fc.assert(
      fc.property(fc.array(commands, { minLength: 1, maxLength: 20 }), (list) => {
        const account = anAccount({ isSettledByRule: true });
        for (const one of list) {
          account.tick();
          one.run(account);
          account.run();
        }
        const before = [account.lines.length, account.settlements.length];
        account.tick();
        const outcome = account.run();
        expect([account.lines.length, account.settlements.length]).toEqual(before);
        expect(outcome.amended).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  }, 600_000);
});

function sorted(report: Map<string, { minor: bigint; book: bigint }>): [string, bigint, bigint][] {
  return [...report]
    .map(([id, open]): [string, bigint, bigint] => [id, open.minor, open.book])
    .sort((a, b) => (a[0] < b[0] ? -1 : 1));
}
