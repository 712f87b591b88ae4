import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { fixedClock } from "#kernel/clock.ts";
import { verifyLedger } from "#modules/receivables/index.ts";
import { sql } from "#platform/database/index.ts";
import { aSellingCompany } from "../../../../../testing/company.ts";
import { aTestDatabase, type TestDatabase } from "../../../../../testing/database.ts";
import { type TestServices, testServices } from "../../../../../testing/services.ts";
import type { RunRecord } from "../../store/run-store.ts";
import { ledgerOf } from "../../testing/sources.ts";

/** One line of the books on the other side. `letter`: lines of one customer that carry the same are settled with one another. */
export type PlainLine = {
  readonly id: string;
  readonly customer: string;
  readonly document: string;
  readonly day: string;
  readonly due: string;
  /** Cents, signed: invoices +, payments −. */
  readonly cents: number;
  readonly letter: string | null;
};

/** Stands in for a test of something that this kind of system does not have. */
const absent = (_name: string, _work: () => Promise<void>): void => undefined;

/** A connector with the system that it reads, as its own test sets it up. */
export type Harness = {
  /** Makes the books of a part hold exactly these lines; called again, it changes them. */
  hold(part: string, lines: readonly PlainLine[]): Promise<void>;
  /** Makes the next run break after it has read something. */
  breakNextRun(): Promise<void>;
  /** Saves a source that feeds these companies. */
  source(companies: readonly { companyId: string; part: string }[]): Promise<string>;
  /** One run of the source, start to end. */
  run(sourceId: string): Promise<RunRecord>;
  close?(): Promise<void>;
};

export type Traits = {
  readonly name: string;
  /** Books are told apart by a part, so that one source feeds several companies. */
  readonly hasParts: boolean;
  /** What becomes of a line that vanished there: it never was, or it was settled. */
  readonly vanished: "void" | "settled";
  /** The source tells how its lines are lettered. */
  readonly letters: boolean;
};

const line = (id: string, cents: number, more: Partial<PlainLine> = {}): PlainLine => ({
  id,
  customer: "C1",
  document: id,
  day: "2026-01-10",
  due: "2026-02-10",
  cents,
  letter: null,
  ...more,
});

/** What every connector must keep, whatever it reads. A new one passes this before it is offered. */
export function conformsToConnector(
  traits: Traits,
  build: (t: TestDatabase, services: TestServices) => Promise<Harness>,
) {
  describe(`the ${traits.name} connector`, () => {
    let t: TestDatabase;
    let services: TestServices;
    let harness: Harness;
    let companyId: string;
    let part: string;
    let made = 0;
    beforeAll(async () => {
      t = await aTestDatabase();
      services = testServices(t, fixedClock(new Date().toISOString()));
      harness = await build(t, services);
    });
    afterAll(async () => {
      await harness?.close?.();
      await t.close();
    });
    beforeEach(async () => {
      made += 1;
      part = `p${made}`;
      companyId = await aSellingCompany(t, `K${made}`);
    });
    const ledger = async () => (await ledgerOf(t, companyId)).map((row) => [row.doc, row.minor, row.open]);
    const expectDone = (run: RunRecord) => expect([run.state, run.fault]).toEqual(["done", null]);
    const soundLedger = async () => {
      const faults = await t.db.transaction(t.tenant, (tx) => verifyLedger(tx));
      expect(faults).toEqual([]);
    };

    test("a second run of the same books changes nothing", async () => {
      await harness.hold(part, [line("F1", 10_000), line("F2", 5_000), line("R1", -3_000)]);
      const id = await harness.source([{ companyId, part }]);
      expectDone(await harness.run(id));
      const before = await versions();
      const again = await harness.run(id);
      expectDone(again);
      const counts = again.report?.companies[0]?.counts ?? {};
      for (const name of ["new", "changed", "void", "returned"]) expect(counts[name] ?? 0, name).toBe(0);
      expect(await versions()).toBe(before);
    });

    test("a line that vanished leaves no trace in what is open, and comes back when it returns", async () => {
      const all = [line("F1", 10_000), line("F2", 5_000)];
      await harness.hold(part, all);
      const id = await harness.source([{ companyId, part }]);
      expectDone(await harness.run(id));
      await harness.hold(part, all.slice(0, 1));
      expectDone(await harness.run(id));
      const gone = traits.vanished === "void" ? [] : [["F2", 5_000n, 0n]];
      expect(await ledger()).toEqual([["F1", 10_000n, 10_000n], ...gone]);
      await harness.hold(part, all);
      expectDone(await harness.run(id));
      expect(await ledger()).toEqual([
        ["F1", 10_000n, 10_000n],
        ["F2", 5_000n, 5_000n],
      ]);
      await soundLedger();
    });

    test("a line that changed is a version: the one before stays readable", async () => {
      await harness.hold(part, [line("F1", 10_000)]);
      const id = await harness.source([{ companyId, part }]);
      expectDone(await harness.run(id));
      await harness.hold(part, [line("F1", 10_000, { due: "2026-03-15" })]);
      expectDone(await harness.run(id));
      expect(await ledgerOf(t, companyId)).toMatchObject([{ doc: "F1", due: "2026-03-15" }]);
      expect(await versions()).toBe(2);
    });

    // What a kind of system does not have is not asked of its connector.
    const ifItLetters = traits.letters ? test : absent;
    const ifItHasParts = traits.hasParts ? test : absent;

    ifItLetters("lettering is followed when it is laid, moved and taken away", async () => {
      const lines = (f1: string | null, f2: string | null, r1: string | null) => [
        line("F1", 5_000, { letter: f1 }),
        line("F2", 5_000, { letter: f2 }),
        line("R1", -5_000, { letter: r1 }),
      ];
      const id = await harness.source([{ companyId, part }]);
      const opens = async () => (await ledger()).map(([, , open]) => open);
      await harness.hold(part, lines("A", null, "A"));
      expectDone(await harness.run(id));
      expect(await opens()).toEqual([0n, 5_000n, 0n]);
      await harness.hold(part, lines(null, "A", "A"));
      expectDone(await harness.run(id));
      expect(await opens()).toEqual([5_000n, 0n, 0n]);
      await harness.hold(part, lines(null, null, null));
      expectDone(await harness.run(id));
      expect(await opens()).toEqual([5_000n, 5_000n, -5_000n]);
      await soundLedger();
    });

    test("a run that breaks in the middle leaves the company as it was, and the next one puts it right", async () => {
      await harness.hold(part, [line("F1", 10_000)]);
      const id = await harness.source([{ companyId, part }]);
      expectDone(await harness.run(id));
      const before = await ledger();
      const after = [line("F1", 10_000, { due: "2026-04-01" }), line("F2", 700), line("F3", 800, { customer: "C2" })];
      await harness.hold(part, after);
      await harness.breakNextRun();
      expect((await harness.run(id)).state).toBe("failed");
      expect(await ledger()).toEqual(before);
      await harness.hold(part, after);
      expectDone(await harness.run(id));
      expect(await ledger()).toEqual([
        ["F1", 10_000n, 10_000n],
        ["F2", 700n, 700n],
        ["F3", 800n, 800n],
      ]);
    });

    test("what a person added or typed is still there after every run", async () => {
      await harness.hold(part, [line("F1", 10_000, { customer: `M${made}` })]);
      const id = await harness.source([{ companyId, part }]);
      expectDone(await harness.run(id));
      await t.db.transaction(t.tenant, async (tx) => {
        const one = sql`(select customer_id from parties.customer where tenant_id = ${t.tenant} and number = ${`M${made}`})`;
        await tx.run(sql`
          insert into parties.contact (tenant_id, contact_id, customer_id, name, valid_from)
          values (${t.tenant}, gen_random_uuid(), ${one}, 'By hand', '2026-01-01')`);
        await tx.run(sql`
          insert into parties.typed_field (tenant_id, subject_type, subject_id, field, is_source_known, typed_by)
          values (${t.tenant}, 'customer', ${one}, 'name', true, 'somebody')`);
        await tx.run(sql`update parties.customer set name = 'Typed' where customer_id = ${one}`);
      });
      await harness.hold(part, [line("F1", 10_000, { customer: `M${made}`, due: "2026-05-05" })]);
      expectDone(await harness.run(id));
      const kept = await t.ownerQuery(
        `select c.name, k.name as contact from parties.customer c join parties.contact k using (tenant_id, customer_id)
         where c.tenant_id = $1 and c.number = $2 and k.origin = 'person'`,
        [t.tenant, `M${made}`],
      );
      expect(kept).toEqual([{ name: "Typed", contact: "By hand" }]);
    });

    ifItHasParts("two companies of one source keep their own lines", async () => {
      const other = await aSellingCompany(t, `L${made}`);
      await harness.hold(part, [line("F1", 100)]);
      await harness.hold(`${part}b`, [line("F1", 200)]);
      const id = await harness.source([
        { companyId, part },
        { companyId: other, part: `${part}b` },
      ]);
      expectDone(await harness.run(id));
      expect(await ledger()).toEqual([["F1", 100n, 100n]]);
      expect((await ledgerOf(t, other)).map((row) => row.minor)).toEqual([200n]);
    });

    async function versions(): Promise<number> {
      const [row] = await t.ownerQuery<{ count: string }>(
        `select count(*) as count from receivables.item_version v join receivables.item i using (tenant_id, item_id)
         join parties.account a using (tenant_id, account_id) where a.company_id = $1`,
        [companyId],
      );
      return Number(row?.count);
    }
  });
}
