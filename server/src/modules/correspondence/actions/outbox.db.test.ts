import { setTimeout as sleep } from "node:timers/promises";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { day } from "#kernel/calendar-date.ts";
import { fixedClock, systemClock } from "#kernel/clock.ts";
import type { TenantId } from "#kernel/ids.ts";
import { type Db, sql } from "#platform/database/index.ts";
import { aTestDatabase, type TestDatabase } from "../../../../testing/database.ts";
import { parseEmailAddress } from "../core/address.ts";
import { claimReady } from "../store/outbox-rows.ts";
import { aChannel, aPlanned, holdMessages, setChannel } from "../testing/held-messages.ts";
import { AFTER_RESTORE, armEmail, disarmEmail, saveSmtp, testSmtp } from "./configure-channel.ts";
import type { CheckFacts } from "./hand-over.ts";
import { startOutboxWorker } from "./outbox-worker.ts";
import { resolveMessage, withdrawMessage } from "./resolve-message.ts";
import { writeMessage } from "./write-message.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await aTestDatabase();
});
afterAll(() => t.close());

const secrets = { seal: (text: string) => `sealed:${text}`, open: (text: string) => text.slice(7) };
const EQUAL: CheckFacts = () => Promise.resolve(new Map());
const to = (text: string) => {
  const address = parseEmailAddress(text);
  if (!address) throw new Error(text);
  return address;
};

/** The worker looks for all tenants; a test lets it see its own. */
function only(tenant: TenantId): Db {
  const global: Db["global"] = (work) =>
    t.db.global((tx) => work({ ...tx, rows: async <R>() => [{ tenant_id: tenant, zone: "Europe/Paris" }] as R[] }));
  return { ...t.db, global };
}

type Row = {
  occasion: string;
  state: string;
  reason: string | null;
  attempts: number;
  recipient_address: string;
  message_id: string;
};
const rowsOf = (tenant: TenantId) =>
  t.db.transaction(tenant, (tx) =>
    tx.rows<Row>(sql`
      select occasion, state, reason, attempts, recipient_address, message_id from correspondence.message
      where tenant_id = ${tenant} order by occasion`),
  );

async function work(
  tenant: TenantId,
  until: (rows: Row[]) => boolean,
  checkFacts = EQUAL,
  seconds = 10,
): Promise<Row[]> {
  const worker = startOutboxWorker(
    { db: only(tenant), clock: systemClock, secrets, checkFacts },
    { pollMs: 10, tenantsMs: 20, leaseSeconds: 5 },
  );
  const end = Date.now() + seconds * 1000;
  let rows = await rowsOf(tenant);
  while (!until(rows) && Date.now() < end) {
    await sleep(25);
    rows = await rowsOf(tenant);
  }
  await worker.stop();
  return rowsOf(tenant);
}

/** A server that treats recipients by their name. */
async function moodyServer() {
  const accepted: string[] = [];
  const server = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"],
    onRcptTo(address, _session, callback) {
      const code = /^rcpt(\d{3})/.exec(address.address)?.[1];
      if (!code) return callback();
      callback(Object.assign(new Error("no"), { responseCode: Number(code) }));
    },
    onData(stream, session, callback) {
      stream.resume();
      stream.on("end", () => {
        const [recipient] = session.envelope.rcptTo;
        const name = recipient?.address ?? "";
        const code = /^dot(\d{3})/.exec(name)?.[1];
        if (name.startsWith("drop")) {
          accepted.push(name);
          const sockets = [
            ...(server as unknown as { connections: Set<{ close: () => void; _socket: { destroy: () => void } }> })
              .connections,
          ];
          for (const one of sockets)
            if ((one as unknown as { session: unknown }).session === session) one._socket.destroy();
          return;
        }
        if (code) return callback(Object.assign(new Error("no"), { responseCode: Number(code) }));
        accepted.push(name);
        callback();
      });
    },
  });
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return { port, accepted, close: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

describe("real sending", () => {
  test("each answer leads to its state; what was dropped after the dot is never sent again by itself", async () => {
    const tenant = await t.anotherTenant();
    const server = await moodyServer();
    const names = ["ok", "rcpt450", "rcpt550", "dot451", "dot554", "drop"];
    await t.db.transaction(tenant, async (tx) => {
      await setChannel(tx, aChannel(server.port));
      await holdMessages(
        tx,
        names.map((name, index) => aPlanned(index, { occasion: name, recipient: to(`${name}@x.example`) })),
      );
    });
    const rows = await work(tenant, (some) =>
      some.every((row) => row.attempts > 0 && !["claimed", "handing_over"].includes(row.state)),
    );
    expect(Object.fromEntries(rows.map((row) => [row.occasion, [row.state, row.reason]]))).toEqual({
      ok: ["accepted", null],
      rcpt450: ["held", "smtp_450"],
      rcpt550: ["refused", "smtp_550"],
      dot451: ["held", "smtp_451"],
      dot554: ["refused", "smtp_554"],
      drop: ["in_doubt", "no_answer_after_data"],
    });
    expect(rows.every((row) => row.attempts === 1)).toBe(true);
    const suppressed = await t.db.transaction(tenant, (tx) =>
      tx.rows<{ address: string }>(
        sql`select address from correspondence.suppressed_address where tenant_id = ${tenant}`,
      ),
    );
    expect(suppressed).toEqual([{ address: "rcpt550@x.example" }]);
    const later = await work(tenant, () => false, EQUAL, 0.5);
    expect(later.find((row) => row.occasion === "drop")).toMatchObject({ state: "in_doubt", attempts: 1 });
    expect(server.accepted.filter((name) => name.startsWith("drop"))).toHaveLength(1);
    const drop = rows.find((row) => row.occasion === "drop");
    const actor = t.actor(undefined, tenant);
    const services = { db: t.db, clock: systemClock };
    const today = day("2026-11-21");
    expect(await resolveMessage(services, actor, drop?.message_id ?? "", "was_sent", today)).toMatchObject({
      ok: true,
      value: { state: "accepted" },
    });
    expect(await resolveMessage(services, actor, drop?.message_id ?? "", "send_again", today)).toMatchObject({
      ok: false,
      code: "message_not_in_doubt",
    });
    await server.close();
  });

  test("a server that is down costs no attempt; the channel rests and says why", async () => {
    const tenant = await t.anotherTenant();
    await t.db.transaction(tenant, async (tx) => {
      await setChannel(tx, aChannel(1));
      await holdMessages(tx, [aPlanned(1), aPlanned(2)]);
    });
    const rows = await work(tenant, (some) => some.some((row) => row.reason !== null));
    expect(rows.every((row) => row.state === "held" && row.attempts === 0)).toBe(true);
    const [channel] = await t.db.transaction(tenant, (tx) =>
      tx.rows<{ paused_for: string; failures: number }>(
        sql`select paused_for, failures from correspondence.channel where tenant_id = ${tenant}`,
      ),
    );
    expect(channel?.paused_for).toBe("connect_failed");
  });

  test("one poison message waits with its reason, the others leave", async () => {
    const tenant = await t.anotherTenant();
    const server = await moodyServer();
    const planned = Array.from({ length: 20 }, (_, index) => aPlanned(index));
    const poison = planned[3]?.messageId;
    await t.db.transaction(tenant, async (tx) => {
      await setChannel(tx, aChannel(server.port));
      await holdMessages(tx, planned);
    });
    const check: CheckFacts = async (_, messages) => {
      if (messages.some((message) => message.messageId === poison)) throw new Error("poison");
      return new Map();
    };
    const rows = await work(tenant, (some) => some.filter((row) => row.state === "accepted").length === 19, check);
    expect(rows.filter((row) => row.state === "accepted")).toHaveLength(19);
    expect(rows.find((row) => row.message_id === poison)).toMatchObject({ state: "held", reason: "fault" });
    await server.close();
  });

  test("two workers share the work: each message leaves once", async () => {
    const tenant = await t.anotherTenant();
    const server = await moodyServer();
    await t.db.transaction(tenant, async (tx) => {
      await setChannel(tx, aChannel(server.port));
      await holdMessages(
        tx,
        Array.from({ length: 60 }, (_, index) => aPlanned(index)),
      );
    });
    const done = (some: Row[]) => some.every((row) => row.state === "accepted");
    const rows = (await Promise.all([work(tenant, done), work(tenant, done), work(tenant, done)]))[0];
    expect(rows?.every((row) => row.state === "accepted" && row.attempts === 1)).toBe(true);
    expect(server.accepted).toHaveLength(60);
    expect(new Set(server.accepted).size).toBe(60);
    await server.close();
  });

  test("a channel allows so many a minute; a busy domain does not hold up the others", async () => {
    const tenant = await t.anotherTenant();
    const server = await moodyServer();
    const busy = Array.from({ length: 30 }, (_, index) =>
      aPlanned(index, { occasion: `busy|${index}`, recipient: to(`a${index}@busy.example`) }),
    );
    const free = Array.from({ length: 10 }, (_, index) =>
      aPlanned(100 + index, { occasion: `free|${index}`, recipient: to(`b${index}@free${index}.example`) }),
    );
    await t.db.transaction(tenant, async (tx) => {
      await setChannel(tx, aChannel(server.port, { perDomainPerMinute: 10, connections: 2 }));
      await holdMessages(tx, [...busy, ...free]);
    });
    const rows = await work(
      tenant,
      (some) => some.filter((row) => row.occasion.startsWith("free") && row.state === "accepted").length === 10,
      EQUAL,
      3,
    );
    expect(rows.filter((row) => row.occasion.startsWith("free") && row.state === "accepted")).toHaveLength(10);
    expect(
      rows.filter((row) => row.occasion.startsWith("busy") && row.state === "accepted").length,
    ).toBeLessThanOrEqual(10);
    await server.close();
  });
});

describe("the channel", () => {
  test("starts disarmed: sandbox messages are caught, others wait; arming names the number; a restore disarms", async () => {
    const tenant = await t.anotherTenant();
    const server = await moodyServer();
    const actor = t.actor(undefined, tenant);
    const services = { db: t.db, clock: systemClock, secrets: secrets as never };
    const { connections: _, ...rest } = aChannel(server.port);
    const settings = { ...rest, connections: 2 };
    expect(await saveSmtp(services, actor, { settings, password: "secret", holdMinutes: 0 }, 0)).toMatchObject({
      ok: true,
    });
    expect(await testSmtp(services, actor, undefined)).toMatchObject({ ok: true, value: { ok: true } });
    await t.db.transaction(tenant, (tx) => holdMessages(tx, [aPlanned(1)], true));
    await t.db.transaction(tenant, (tx) => holdMessages(tx, [aPlanned(2)], false));
    const rows = await work(tenant, (some) => some.some((row) => row.state === "accepted"));
    expect(rows.map((row) => row.state)).toEqual(["accepted", "held"]);
    expect(server.accepted).toEqual([]);
    const [caught] = await t.db.transaction(tenant, (tx) =>
      tx.rows<{ raw: Buffer }>(sql`select raw from correspondence.archived_message where tenant_id = ${tenant}`),
    );
    expect(caught?.raw.toString("latin1")).toContain("MARK-test-1-END");
    expect(await armEmail(services, actor, 0, 1)).toMatchObject({
      ok: false,
      code: "count_changed",
      details: { count: 1 },
    });
    expect(await armEmail(services, actor, 1, 1)).toMatchObject({ ok: true });
    for (const statement of AFTER_RESTORE)
      await t.ownerQuery(`${statement}${statement.includes("where") ? " and" : " where"} tenant_id = '${tenant}'`);
    const restored = await work(tenant, () => false, EQUAL, 0.4);
    expect(restored.map((row) => [row.state, row.reason])).toEqual([
      ["accepted", null],
      ["in_doubt", "restored"],
    ]);
    expect(await armEmail(services, actor, 0, 3)).toMatchObject({ ok: true });
    expect((await work(tenant, () => false, EQUAL, 0.4))[1]).toMatchObject({ state: "in_doubt" });
    const doubtful = restored[1]?.message_id ?? "";
    await resolveMessage({ db: t.db, clock: systemClock }, actor, doubtful, "send_again", day("2026-11-21"));
    expect(
      (await work(tenant, (some) => some.every((row) => row.state === "accepted"))).map((row) => row.state),
    ).toEqual(["accepted", "accepted"]);
    expect(server.accepted).toHaveLength(1);
    expect(await disarmEmail(services, actor, 4)).toMatchObject({
      ok: true,
      value: { channel: { disarmedReason: "by_person" } },
    });
    await server.close();
  });

  test("another server drops the password and disarms", async () => {
    const tenant = await t.anotherTenant();
    const actor = t.actor(undefined, tenant);
    const services = { db: t.db, clock: systemClock, secrets: secrets as never };
    const settings = aChannel(2525);
    await saveSmtp(services, actor, { settings, password: "secret", holdMinutes: 0 }, 0);
    await armEmail(services, actor, 0, 1);
    const saved = await saveSmtp(
      services,
      actor,
      { settings: { ...settings, host: "evil.example" }, password: undefined, holdMinutes: 0 },
      2,
    );
    expect(saved).toMatchObject({ ok: true, value: { channel: { sealedPassword: null, armedAt: null } } });
    const crlf = { ...settings, senderAddress: "a@b.example\r\nBcc: x@y.example" };
    expect(await saveSmtp(services, actor, { settings: crlf, password: null, holdMinutes: 0 }, 3)).toMatchObject({
      ok: false,
      code: "invalid_email",
    });
  });
});

describe("messages", () => {
  test("one occasion, one message, whoever asks how often; a withdrawn one frees it", async () => {
    const tenant = await t.anotherTenant();
    const first = await t.db.transaction(tenant, (tx) => holdMessages(tx, [aPlanned(1)]));
    const tries = await Promise.all(
      Array.from({ length: 8 }, () => t.db.transaction(tenant, (tx) => holdMessages(tx, [aPlanned(1)]))),
    );
    expect([first.length, ...tries.map((ids) => ids.length)]).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0]);
    const actor = t.actor(undefined, tenant);
    const services = { db: t.db, clock: systemClock };
    expect(await withdrawMessage(services, actor, first[0] ?? "", "by hand")).toMatchObject({ ok: true });
    expect(await t.db.transaction(tenant, (tx) => holdMessages(tx, [aPlanned(1)]))).toHaveLength(1);
  });

  test("two claims at once never take the same message", async () => {
    const tenant = await t.anotherTenant();
    await t.db.transaction(tenant, (tx) =>
      holdMessages(
        tx,
        Array.from({ length: 40 }, (_, index) => aPlanned(index)),
      ),
    );
    const now = new Date(Date.now() + 1000).toISOString();
    const claim = (worker: string) =>
      t.db.transaction(tenant, (tx) =>
        claimReady(tx, { worker, leaseSeconds: 30, limit: 10, armed: true, now, busyDomains: [] }),
      );
    const claims = await Promise.all(["a", "b", "c", "d", "e", "f"].map(claim));
    const ids = claims.flat().map((one) => one.messageId);
    expect(ids).toHaveLength(40);
    expect(new Set(ids).size).toBe(40);
  });

  test("a person's message leaves once per idempotency key, as text and nothing else", async () => {
    const tenant = await t.anotherTenant();
    const actor = t.actor(undefined, tenant);
    const customerId = "00000000-0000-7000-8000-0000000000aa";
    await t.ownerQuery(
      "insert into parties.customer (tenant_id, customer_id, number, name, folded_name, sort_key) values ($1, $2, 'C1', 'C', 'c', 'c')",
      [tenant, customerId],
    );
    const services = { db: t.db, clock: fixedClock("2026-11-21T10:00:00Z") };
    const written = {
      customerId,
      recipient: "a@b.example",
      recipientName: "A",
      language: "fr" as const,
      subject: "Bonjour\r\nBcc: x@y.example",
      text: "<b>gras</b> {customer.name}\n\nsuite",
    };
    const once = await writeMessage(services, actor, written, "key-1", day("2026-11-21"));
    const twice = await writeMessage(services, actor, written, "key-1", day("2026-11-21"));
    expect(once.ok && twice.ok && once.value.messageId === twice.value.messageId).toBe(true);
    const [content] = await t.db.transaction(tenant, (tx) =>
      tx.rows<{ subject: string; html: string }>(
        sql`select subject, html from correspondence.message_content where tenant_id = ${tenant}`,
      ),
    );
    expect(content?.subject).toBe("Bonjour Bcc: x@y.example");
    expect(content?.html).toContain("&lt;b&gt;gras&lt;/b&gt; {customer.name}");
    expect(
      await writeMessage(
        services,
        actor,
        { ...written, recipient: "a@b.example, c@d.example" },
        "key-2",
        day("2026-11-21"),
      ),
    ).toMatchObject({
      ok: false,
      code: "invalid_email",
    });
  });
});
