import { setTimeout as sleep } from "node:timers/promises";
import { simpleParser } from "mailparser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ScenarioContent } from "#contracts/dunning.ts";
import { addDays, type CalendarDate, day } from "#kernel/calendar-date.ts";
import { fixedClock } from "#kernel/clock.ts";
import type { TenantId, Uuid } from "#kernel/ids.ts";
import { startOutboxWorker } from "#modules/correspondence/index.ts";
import type { Actor } from "#platform/actor.ts";
import { sql } from "#platform/database/index.ts";
import { aTestDatabase, type TestDatabase } from "../../../../testing/database.ts";
import { listDecisions } from "../store/run-rows.ts";
import { scenariosOn } from "../store/scenario-rows.ts";
import { smallLedger } from "../testing/small-ledger.ts";
import { approveRun } from "./approve-run.ts";
import { checkHandOver } from "./check-hand-over.ts";
import { saveScenario } from "./manage-scenarios.ts";
import { createStop } from "./manage-stops.ts";
import { planRun, type TaskRequest } from "./plan-run.ts";
import { excludeGroups, includeGroups, recallRun } from "./review-run.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await aTestDatabase();
});
afterAll(() => t.close());

/** One tenant with its own clock and ledger; `send` lets the sandbox take what is held. */
async function office(start: string) {
  const tenant = await t.anotherTenant();
  const clock = fixedClock(`${start}T08:00:00Z`);
  const ledger = smallLedger(t.db, tenant);
  const actor: Actor = t.actor(undefined, tenant);
  const tasks: TaskRequest[] = [];
  const createTasks = (_: unknown, __: unknown, some: readonly TaskRequest[]) => {
    tasks.push(...some);
    return Promise.resolve();
  };
  const today = () => clock.now().toISOString().slice(0, 10) as CalendarDate;
  const services = { db: t.db, clock, createTasks };
  const plan = async (asOf = today()) => {
    const planned = await planRun(services, actor, { asOf, today: today() });
    if (!planned.ok) throw new Error(planned.code);
    return planned.value;
  };
  const decisions = (runId: Uuid) =>
    t.db.transaction(tenant, (tx) => listDecisions(tx, runId, { after: -1, limit: 500 }));
  const approveAll = async (runId: Uuid, holdMinutes = 0) => {
    const all = (await decisions(runId)).filter((one) => one.bucket !== "skipped").map((one) => one.decisionId);
    if (all.length === 0) return 0;
    const approved = await approveRun(services, actor, runId, {
      decisionIds: all,
      expectedCount: all.length,
      holdMinutes,
      today: today(),
    });
    if (!approved.ok) throw new Error(approved.code);
    return approved.value.count;
  };
  const messages = () =>
    t.db.transaction(tenant, (tx) =>
      tx.rows<{
        step_key: string;
        state: string;
        reason: string | null;
        amount_minor: bigint;
        sent_on: CalendarDate | null;
        rendition: number;
      }>(sql`
        select step_key, state, reason, amount_minor, sent_on, rendition from correspondence.message
        where tenant_id = ${tenant} order by business_date, message_id`),
    );
  const send = async () => {
    const worker = startOutboxWorker(
      {
        db: onlyTenant(tenant),
        clock,
        secrets: { open: (text) => text },
        checkFacts: checkHandOver(clock),
        onFault: (error) => console.error(error),
      },
      { pollMs: 5, tenantsMs: 20 },
    );
    for (let turn = 0; turn < 200; turn += 1) {
      await sleep(15);
      const waiting = (await messages()).filter(
        (one) => one.state === "held" || one.state === "claimed" || one.state === "handing_over",
      );
      if (waiting.length === 0) break;
    }
    await worker.stop();
  };
  return { tenant, clock, ledger, actor, services, tasks, today, plan, decisions, approveAll, messages, send };
}

/** The worker looks for all tenants; a test lets it see its own. */
function onlyTenant(tenant: TenantId): typeof t.db {
  const global: typeof t.db.global = async <T>(work: Parameters<typeof t.db.global<T>>[0]) =>
    t.db.global(async (tx) =>
      work({ ...tx, rows: async <R>() => [{ tenant_id: tenant, zone: "Europe/Paris" }] as R[] }),
    );
  return { ...t.db, global };
}

describe("a calendar through the database, in the sandbox", () => {
  test("courtesy, R1, part payment, R2, stop, paid, thanks: planned, approved and sent day by day", async () => {
    const o = await office("2026-01-01");
    const company = await o.ledger.company();
    const { customerId, accountId } = await o.ledger.customer(company, { number: "C-1" });
    const invoice = await o.ledger.item(accountId, 100_000n, "2026-01-20", { postedOn: "2025-12-20", number: "FA-1" });
    for (let index = 0; index <= 40; index += 1) {
      const date = addDays(day("2026-01-01"), index);
      o.clock.set(`${date}T08:00:00Z`);
      if (date === "2026-01-25") await o.ledger.pay(invoice, 40_000n, date);
      if (date === "2026-02-01")
        await createStop(o.services, o.actor, {
          subject: "customer",
          subjectId: customerId,
          reason: "Accord",
          validTo: day("2026-02-03"),
          today: date,
        });
      if (date === "2026-02-05") await o.ledger.pay(invoice, 60_000n, date);
      const run = await o.plan();
      if (date === "2026-02-02")
        expect((await o.decisions(run.runId))[0]).toMatchObject({ code: "stopped", resumesOn: "2026-02-04" });
      if ((await o.approveAll(run.runId)) > 0) await o.send();
    }
    const sent = (await o.messages()).filter((one) => one.state === "accepted");
    expect(sent.map((one) => [one.step_key, one.sent_on, one.amount_minor])).toEqual([
      ["courtesy", "2026-01-15", 100_000n],
      ["r1", "2026-01-23", 100_000n],
      ["r2", "2026-01-30", 60_000n],
      ["thanks", "2026-02-06", 0n],
    ]);
  });

  test("late entry after missed days: one message a run, levels in order", async () => {
    const o = await office("2026-06-01");
    const company = await o.ledger.company();
    const { accountId } = await o.ledger.customer(company);
    await o.ledger.item(accountId, 50_000n, "2026-01-01");
    const steps: string[] = [];
    for (const date of ["2026-06-01", "2026-06-02", "2026-06-05", "2026-06-15", "2026-06-16", "2026-06-30"]) {
      o.clock.set(`${date}T08:00:00Z`);
      const run = await o.plan();
      const [decision] = await o.decisions(run.runId);
      steps.push(`${date} ${decision?.stepKey} ${decision?.code ?? ""}`);
      if ((await o.approveAll(run.runId)) > 0) await o.send();
    }
    expect(steps).toEqual([
      "2026-06-01 r1 ",
      "2026-06-02 r2 too_soon",
      "2026-06-05 r2 too_soon",
      "2026-06-15 r2 ",
      "2026-06-16 r3 too_soon",
      "2026-06-30 r3 ",
    ]);
  });
});

describe("between preview and send", () => {
  async function oneHeld(mode: "auto" | "confirm" = "auto") {
    const o = await office("2026-03-10");
    const company = await o.ledger.company();
    const { accountId, customerId } = await o.ledger.customer(company);
    const a = await o.ledger.item(accountId, 50_000n, "2026-03-01", { number: "FA-A" });
    const b = await o.ledger.item(accountId, 30_000n, "2026-03-02", { number: "FA-B" });
    const run = await o.plan();
    await o.approveAll(run.runId);
    if (mode === "confirm")
      await t.db.transaction(o.tenant, (tx) =>
        tx.run(sql`update correspondence.message set mode = 'confirm' where tenant_id = ${o.tenant}`),
      );
    return { o, a, b, accountId, customerId, run };
  }

  test("P8: an invoice paid since leaves an automatic message, with both hashes kept", async () => {
    const { o, b } = await oneHeld();
    await o.ledger.pay(b, 30_000n, "2026-03-10");
    await o.send();
    expect(await o.messages()).toMatchObject([{ state: "accepted", rendition: 2 }]);
    const [proof] = await t.db.transaction(o.tenant, (tx) =>
      tx.rows<{ differs: boolean; facts: { totalMinor: string }; text: string }>(sql`
        select h.pinned_hash <> h.sent_hash as differs, h.facts, c.text
        from correspondence.hand_over h
        join correspondence.message_content c on c.tenant_id = h.tenant_id and c.message_id = h.message_id and c.rendition = 2
        where h.tenant_id = ${o.tenant}`),
    );
    expect(proof).toMatchObject({ differs: true, facts: { totalMinor: "50000", lessOwed: true } });
    expect(proof?.text).toContain("FA-A");
    expect(proof?.text).not.toContain("FA-B");
  });

  test("a step that a person confirmed goes back to review", async () => {
    const { o, b, run } = await oneHeld("confirm");
    await o.ledger.pay(b, 10_000n, "2026-03-10");
    await o.send();
    expect(await o.messages()).toMatchObject([{ state: "planned", reason: "less_owed" }]);
    expect(await o.approveAll(run.runId)).toBe(1);
    await o.send();
    expect(await o.messages()).toMatchObject([{ state: "accepted", amount_minor: 70_000n, rendition: 2 }]);
  });

  test("what came back to review does not silence its group: the next plan proposes it anew", async () => {
    const { o, b } = await oneHeld("confirm");
    await o.ledger.pay(b, 10_000n, "2026-03-10");
    await o.send();
    o.clock.set("2026-03-11T08:00:00Z");
    const next = await o.plan();
    expect((await o.decisions(next.runId))[0]).toMatchObject({ bucket: "leaves", amountMinor: 70_000n });
    expect((await o.messages()).map((one) => [one.state, one.reason])).toEqual([
      ["withdrawn", "superseded"],
      ["planned", null],
    ]);
  });

  test("all paid, or covered by unapplied cash: nothing leaves", async () => {
    const paid = await oneHeld();
    await paid.o.ledger.pay(paid.a, 50_000n, "2026-03-10");
    await paid.o.ledger.pay(paid.b, 30_000n, "2026-03-10");
    await paid.o.send();
    expect(await paid.o.messages()).toMatchObject([{ state: "withdrawn", reason: "settled" }]);
    const covered = await oneHeld();
    await covered.o.ledger.item(covered.accountId, -80_000n, "2026-03-10", { kind: "payment" });
    await covered.o.send();
    expect(await covered.o.messages()).toMatchObject([{ state: "withdrawn", reason: "covered" }]);
  });

  test("a stop set after approval holds the message back", async () => {
    const { o, customerId } = await oneHeld();
    await createStop(o.services, o.actor, {
      subject: "customer",
      subjectId: customerId,
      reason: "Appel",
      validTo: day("2026-03-31"),
      today: o.today(),
    });
    await o.send();
    expect(await o.messages()).toMatchObject([{ state: "withdrawn", reason: "stopped" }]);
  });

  test("a new invoice is never added", async () => {
    const { o, accountId } = await oneHeld();
    await o.ledger.item(accountId, 99_000n, "2026-03-03");
    await o.send();
    expect(await o.messages()).toMatchObject([{ state: "accepted", amount_minor: 80_000n, rendition: 1 }]);
  });
});

describe("conditions from the catalogue", () => {
  test("which items a scenario takes, what a step asks of them and of the claim", async () => {
    const o = await office("2026-03-10");
    const company = await o.ledger.company();
    const french = await o.ledger.customer(company, { language: "fr" });
    await o.ledger.item(french.accountId, 20_000n, "2026-02-01", { number: "FA-1" });
    await o.ledger.item(french.accountId, 30_000n, "2026-02-01", { number: "PRO-2" });
    const english = await o.ledger.customer(company, { language: "en" });
    await o.ledger.item(english.accountId, 20_000n, "2026-02-01", { number: "FA-3" });
    const small = await o.ledger.customer(company, { language: "fr" });
    await o.ledger.item(small.accountId, 6_000n, "2026-02-01", { number: "FA-4" });
    await o.plan();
    const [scenario] = await t.db.transaction(o.tenant, (tx) => scenariosOn(tx, o.today()));
    if (!scenario) throw new Error("no scenario");
    const save = (content: ScenarioContent, version: number) =>
      saveScenario(o.services, o.actor, scenario.scenarioId, { content, today: o.today() }, version);
    const steps = scenario.content.steps.map((step) =>
      step.key === "r1"
        ? {
            ...step,
            condition: {
              all: [
                { criterion: "customer.language", operator: "is" as const, value: "fr" },
                { criterion: "message.amount", operator: "at_least" as const, value: "10000" },
              ],
            },
          }
        : step,
    );
    const itemCondition = { criterion: "item.document_no", operator: "starts_with" as const, value: "FA" };
    expect(await save({ ...scenario.content, steps, itemCondition }, 1)).toMatchObject({
      ok: true,
      value: { versionNo: 2 },
    });
    expect(await save(scenario.content, 1)).toMatchObject({ ok: false, code: "stale_version" });
    const wrong = {
      ...scenario.content,
      itemCondition: { criterion: "item.secret", operator: "is" as const, value: "x" },
    };
    expect(await save(wrong, 2)).toMatchObject({
      ok: false,
      code: "scenario_invalid",
      details: { fault: "unknown_criterion" },
    });
    const run = await o.plan();
    const decisions = new Map((await o.decisions(run.runId)).map((one) => [one.customerId, one]));
    expect(decisions.get(french.customerId)).toMatchObject({
      bucket: "leaves",
      amountMinor: 20_000n,
      leftOut: [{ code: "item_not_taken" }],
    });
    expect(decisions.get(english.customerId)).toMatchObject({ code: "condition_not_met" });
    expect(decisions.get(small.customerId)).toMatchObject({ code: "condition_not_met" });
  });
});

describe("sending for real needs fresh, proved data", () => {
  test("a ledger that is old, or an account that does not tie, makes automatic steps wait; a load ends it, or a waiver", async () => {
    const o = await office("2026-03-10");
    const company = await o.ledger.company();
    const { accountId } = await o.ledger.customer(company);
    await o.ledger.item(accountId, 20_000n, "2026-02-01");
    await t.ownerQuery(
      `insert into correspondence.channel (tenant_id, channel, settings, armed_at, armed_by, disarmed_reason, hold_minutes)
       values ($1, 'email', '{"senderAddress": "a@b.example", "senderName": "A"}', now(), 'test', null, 0)`,
      [o.tenant],
    );
    const load = (at: string) =>
      t.ownerQuery(
        `insert into receivables.batch (tenant_id, batch_id, source_id, company_id, coverage, known_on, is_first_load, counts, totals, proof,
           actor_kind, actor_id, recorded_at)
         values ($1, gen_random_uuid(), gen_random_uuid(), $2, 'movements', '2026-03-10', false, '{}', '{}', '{}', 'user', 'test', $3)`,
        [o.tenant, company, at],
      );
    const code = async () => (await o.decisions((await o.plan()).runId))[0]?.code;
    expect(await code(), "never loaded").toBe("data_stale");
    await load("2026-03-09T07:00:00Z");
    expect(await code(), "25 hours old").toBe("data_stale");
    await load("2026-03-10T07:00:00Z");
    expect(await code()).toBe(null);
    await t.ownerQuery(
      `insert into receivables.account_difference (tenant_id, difference_id, account_id, batch_id, found_on, here_minor, source_minor)
       values ($1, gen_random_uuid(), $2, gen_random_uuid(), '2026-03-10', 20000, 19999)`,
      [o.tenant, accountId],
    );
    expect(await code(), "does not tie").toBe("account_in_difference");
    await t.ownerQuery(
      `update receivables.account_difference set waived_by = 'x', waived_reason = 'known', waived_at = now() where tenant_id = $1`,
      [o.tenant],
    );
    expect(await code(), "waived").toBe(null);
  });
});

describe("message canary", () => {
  test("a message holds the markers of its own customer only, in both languages and with a shared contact", async () => {
    const o = await office("2026-03-10");
    const company = await o.ledger.company();
    const markers = new Map<Uuid, string>();
    for (let index = 0; index < 40; index += 1) {
      const marker = `CANARI${String(index).padStart(3, "0")}X`;
      const customer = await o.ledger.customer(company, {
        name: `Société ${marker}`,
        number: marker,
        language: index % 3 === 0 ? "en" : "fr",
        // Every fifth customer has the accountant of all the others.
        email: index % 5 === 0 ? "partage@cabinet.example" : `c${index}@${marker.toLowerCase()}.example`,
      });
      markers.set(customer.customerId, marker);
      for (let item = 0; item < 3; item += 1)
        await o.ledger.item(customer.accountId, 10_000n + BigInt(index), "2026-02-01", {
          number: `FA-${marker}-${item}`,
        });
    }
    const run = await o.plan();
    expect(await o.approveAll(run.runId)).toBe(40);
    await o.send();
    const archived = await t.db.transaction(o.tenant, (tx) =>
      tx.rows<{ customer_id: Uuid; raw: Buffer; amount_minor: bigint }>(sql`
        select m.customer_id, a.raw, m.amount_minor
        from correspondence.archived_message a
        join correspondence.message m on m.tenant_id = a.tenant_id and m.message_id = a.message_id
        where a.tenant_id = ${o.tenant}`),
    );
    expect(archived).toHaveLength(40);
    for (const message of archived) {
      const parsed = await simpleParser(message.raw);
      const all = [
        parsed.subject,
        parsed.text,
        parsed.html,
        parsed.headerLines.map((line) => line.line).join("\n"),
      ].join("\n");
      expect(new Set(all.match(/CANARI\d{3}X/gi)?.map((one) => one.toUpperCase()))).toEqual(
        new Set([markers.get(message.customer_id)]),
      );
    }
  });
});

describe("the run under review", () => {
  test("skips are data with their reasons, and what people must do becomes tasks", async () => {
    const o = await office("2026-03-10");
    const company = await o.ledger.company();
    const nobody = await o.ledger.customer(company, { email: null });
    await o.ledger.item(nobody.accountId, 20_000n, "2026-02-01");
    const covered = await o.ledger.customer(company);
    await o.ledger.item(covered.accountId, 20_000n, "2026-02-01");
    await o.ledger.item(covered.accountId, -25_000n, "2026-02-01", { kind: "payment" });
    const small = await o.ledger.customer(company);
    await o.ledger.item(small.accountId, 4_000n, "2026-02-01");
    const fresh = await o.ledger.customer(company);
    await o.ledger.item(fresh.accountId, 40_000n, "2026-03-09");
    const large = await o.ledger.customer(company);
    await o.ledger.item(large.accountId, 20_000_000n, "2026-02-01");
    const run = await o.plan();
    const decisions = new Map((await o.decisions(run.runId)).map((one) => [one.customerId, one]));
    expect(decisions.get(nobody.customerId)).toMatchObject({ code: "no_contact" });
    expect(decisions.get(covered.customerId)).toMatchObject({ code: "covered" });
    expect(decisions.get(small.customerId)).toMatchObject({ code: "below_minimum" });
    expect(decisions.get(fresh.customerId)).toMatchObject({ code: "not_yet_due", resumesOn: "2026-03-12" });
    expect(decisions.get(large.customerId)).toMatchObject({
      bucket: "to_decide",
      remarks: ["above_ceiling"],
      amountMinor: 20_000_000n,
    });
    expect(o.tasks.map((task) => [task.kind, task.customerId])).toEqual(
      expect.arrayContaining([
        ["complete_contact", nobody.customerId],
        ["match", covered.customerId],
      ]),
    );
    expect(run.summary.buckets.skipped.count).toBe(4);
  });

  test("two plans of one day: one run under review, one message per occasion", async () => {
    const o = await office("2026-03-10");
    const company = await o.ledger.company();
    const { accountId } = await o.ledger.customer(company);
    await o.ledger.item(accountId, 20_000n, "2026-02-01");
    const [first, second] = await Promise.all([o.plan(), o.plan()]);
    expect(first.runId).not.toBe(second.runId);
    const states = (await o.messages()).map((one) => one.state).sort();
    expect(states).toEqual(["planned", "withdrawn"]);
  });

  test("exclude, include again, approve with the wrong number, undo", async () => {
    const o = await office("2026-03-10");
    const company = await o.ledger.company();
    const { accountId } = await o.ledger.customer(company);
    await o.ledger.item(accountId, 20_000n, "2026-02-01");
    const run = await o.plan();
    const [decision] = await o.decisions(run.runId);
    const ids = [decision?.decisionId ?? ""];
    await excludeGroups(o.services, o.actor, run.runId, ids, "Appelé ce matin");
    expect((await o.decisions(run.runId))[0]).toMatchObject({ bucket: "skipped", code: "excluded" });
    await includeGroups(o.services, o.actor, run.runId, ids);
    expect((await o.decisions(run.runId))[0]).toMatchObject({ bucket: "leaves", code: null });
    const wrong = await approveRun(o.services, o.actor, run.runId, { expectedCount: 2, today: o.today() });
    expect(wrong).toMatchObject({ ok: false, code: "count_changed", details: { count: 1 } });
    await approveRun(o.services, o.actor, run.runId, { expectedCount: 1, holdMinutes: 10, today: o.today() });
    await o.send();
    expect((await o.messages()).map((one) => one.state).sort()).toEqual(["held", "withdrawn"]);
    expect(await recallRun(o.services, o.actor, run.runId)).toMatchObject({ ok: true, value: { count: 1 } });
    const again = await approveRun(o.services, o.actor, run.runId, {
      expectedCount: 1,
      holdMinutes: 0,
      today: o.today(),
    });
    expect(again).toMatchObject({ ok: true });
    await o.send();
    expect((await o.messages()).map((one) => one.state).sort()).toEqual(["accepted", "withdrawn"]);
  });

  test("each contact of the role gets a message of its own", async () => {
    const o = await office("2026-03-10");
    const company = await o.ledger.company();
    const { accountId, customerId } = await o.ledger.customer(company);
    await o.ledger.contact(customerId, "second@client.example", ["accounting"]);
    await o.ledger.item(accountId, 20_000n, "2026-02-01");
    const run = await o.plan();
    await o.approveAll(run.runId);
    await o.send();
    expect((await o.messages()).map((one) => [one.state, one.step_key])).toEqual([
      ["accepted", "r1"],
      ["accepted", "r1"],
    ]);
  });
});
