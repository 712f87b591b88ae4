import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { fixedClock } from "#kernel/clock.ts";
import { aTestDatabase, type TestDatabase } from "../../../testing/database.ts";
import { type TestServices, testServices } from "../../../testing/services.ts";
import { record, sealPending } from "../journal/index.ts";
import { addEndpoint, changeEndpoint, pumpWebhooks, replayDeliveries, rotateSecret, testEndpoint } from "./index.ts";
import { isSigned } from "./rules.ts";

type Got = { headers: http.IncomingHttpHeaders; body: string };
type Answer = (request: http.IncomingMessage, reply: http.ServerResponse) => void;

let t: TestDatabase;
let services: TestServices;
let clock: ReturnType<typeof fixedClock>;
let server: http.Server;
let answer: Answer;
let got: Got[];
let minutes = 0;
beforeAll(async () => {
  t = await aTestDatabase();
  clock = fixedClock("2026-11-21T09:00:00Z");
  services = testServices(t, clock);
  server = http.createServer((request, reply) => {
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      got.push({ headers: request.headers, body });
      answer(request, reply);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await t.close();
});
beforeEach(() => {
  got = [];
  answer = (_, reply) => reply.end("ok");
});
afterEach(async () => {
  await t.ownerQuery(
    "update platform.webhook_endpoint set is_active = false, removed_at = now() where tenant_id = $1",
    [t.tenant],
  );
});

const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
const later = (more: number) => {
  minutes += more;
  clock.set(new Date(Date.parse("2026-11-21T09:00:00Z") + minutes * 60_000).toISOString());
};
const turn = (options: Parameters<typeof pumpWebhooks>[2] = {}) =>
  pumpWebhooks(services, t.tenant, { timeoutMs: 300, ...options });
async function endpoint(kinds: string[] = ["*"]) {
  const made = await addEndpoint(services, t.actor(), { name: "Hook", url: address(), kinds, isActive: true });
  if (!made.ok) throw new Error(made.code);
  return { ...made.value.endpoint, clear: made.value.secret };
}
async function happen(kind: string, payload = {}) {
  await t.db.transaction(t.tenant, (tx) =>
    record(tx, t.actor(), { kind, version: 1, subject: { type: "customer", id: "c1" }, payload }),
  );
  await t.db.transaction(t.tenant, sealPending);
}
const deliveries = () =>
  t.ownerQuery<{ state: string; attempts: number; last_status: number | null; last_error: string | null }>(
    `select d.state, d.attempts, d.last_status, d.last_error from platform.webhook_delivery d
     join platform.webhook_endpoint p using (tenant_id, endpoint_id)
     where d.tenant_id = $1 and p.removed_at is null order by d.delivery_id`,
    [t.tenant],
  );

test("an event that was asked for arrives once, signed, with ids and business values", async () => {
  const { clear } = await endpoint(["parties.*"]);
  await happen("parties.customer.added", { number: "C1" });
  await happen("tasks.task.created");
  expect(await turn()).toBe(1);
  expect(await turn()).toBe(0);
  const [message] = got;
  if (!message || got.length !== 1) throw new Error(`${got.length} messages`);
  const { headers, body } = message;
  const seen = {
    id: String(headers["webhook-id"]),
    timestamp: Number(headers["webhook-timestamp"]),
    signatures: String(headers["webhook-signature"]),
  };
  expect(isSigned(clear, seen, body)).toBe(true);
  expect(JSON.parse(body)).toMatchObject({
    id: seen.id,
    type: "parties.customer.added",
    version: 1,
    subject: { type: "customer", id: "c1" },
    data: { number: "C1" },
  });
  expect(seen.timestamp * 1_000).toBe(clock.now().getTime());
  expect(await deliveries()).toMatchObject([{ state: "delivered", attempts: 1, last_status: 200 }]);
});

test("what happened before an endpoint was there is not told", async () => {
  await happen("parties.customer.added");
  await endpoint();
  expect(await turn()).toBe(0);
});

test.each<[string, Answer, { last_status: number | null; last_error: string | null }]>([
  ["an error", (_, reply) => reply.writeHead(500).end("broken"), { last_status: 500, last_error: null }],
  ["silence", () => {}, { last_status: null, last_error: "timeout" }],
  [
    "a redirect",
    (_, reply) => reply.writeHead(302, { location: "http://127.0.0.1/x" }).end(),
    { last_status: 302, last_error: null },
  ],
  ["a cut", (request) => request.socket.destroy(), { last_status: null, last_error: "ECONNRESET" }],
])("%s is tried again after a growing wait, and the message keeps its id", async (_name, fault, expected) => {
  await endpoint();
  await happen("parties.customer.added");
  answer = fault;
  expect(await turn()).toBe(1);
  expect(await deliveries()).toMatchObject([{ state: "waiting", attempts: 1, ...expected }]);
  expect(await turn()).toBe(0);
  later(1);
  expect(await turn()).toBe(1);
  later(1);
  expect(await turn()).toBe(0);
  later(10);
  answer = (__, reply) => reply.end();
  expect(await turn()).toBe(1);
  expect(await deliveries()).toMatchObject([{ state: "delivered", attempts: 3 }]);
  expect(new Set(got.map((one) => one.headers["webhook-id"])).size).toBe(1);
});

test("after three days it is given up, and sent again by a replay", async () => {
  const { id } = await endpoint();
  await happen("parties.customer.added");
  answer = (_, reply) => reply.writeHead(503).end();
  for (const wait of [1, 6, 34, 133, 331, 661, 925, 1_321, 1_585, 1]) {
    await turn();
    later(wait);
  }
  expect(await deliveries()).toMatchObject([{ state: "failed", attempts: 10 }]);
  // five days after the last thing it took, one more failure turns it off
  later(60 * 24 * 2);
  await happen("parties.customer.added");
  await turn();
  answer = (_, reply) => reply.end();
  const actor = t.actor();
  const before = (
    await t.ownerQuery<{ version: number; is_active: boolean }>(
      "select version, is_active from platform.webhook_endpoint where endpoint_id = $1",
      [id],
    )
  )[0];
  expect(before?.is_active).toBe(false);
  const wish = { name: "Hook", url: address(), kinds: ["*"], isActive: true };
  expect(await changeEndpoint(services, actor, id, wish, before?.version)).toMatchObject({ ok: true });
  expect(await replayDeliveries(services, actor, { endpointId: id })).toMatchObject({ value: { replayed: 1 } });
  await turn();
  expect(await deliveries()).toMatchObject([{ state: "delivered", attempts: 11 }, { state: "waiting" }]);
});

test("an endpoint that says it is gone is turned off at once, and somebody is asked", async () => {
  await endpoint();
  await happen("parties.customer.added");
  answer = (_, reply) => reply.writeHead(410).end();
  const asked: string[] = [];
  await turn({ onDisabled: async (_tx, one) => void asked.push(one.name) });
  expect(asked).toEqual(["Hook"]);
  await happen("parties.customer.added");
  expect(await turn()).toBe(0);
});

test("a new secret signs at once, the old one along with it for a day", async () => {
  const { id, clear } = await endpoint();
  const rotated = await rotateSecret(services, t.actor(), id);
  if (!rotated.ok) throw new Error(rotated.code);
  await testEndpoint(services, t.actor(), id);
  await turn();
  const [message] = got;
  const seen = {
    id: String(message?.headers["webhook-id"]),
    timestamp: Number(message?.headers["webhook-timestamp"]),
    signatures: String(message?.headers["webhook-signature"]),
  };
  expect(JSON.parse(message?.body ?? "{}").type).toBe("platform.webhook.tested");
  expect([clear, rotated.value.secret].map((secret) => isSigned(secret, seen, message?.body ?? ""))).toEqual([
    true,
    true,
  ]);
});

test("two senders at once send each delivery once", async () => {
  await endpoint();
  for (let n = 0; n < 5; n += 1) await happen("parties.customer.added", { n });
  await Promise.all([turn(), turn(), turn()]);
  await turn();
  expect(got).toHaveLength(5);
});

test("addresses inside are refused where they are written and where they are sent", async () => {
  const write = (url: string) => addEndpoint(services, t.actor(), { name: "x", url, kinds: ["*"], isActive: true });
  for (const url of [
    "http://hooks.example/x",
    "ftp://x.example",
    "file:///etc/passwd",
    "https://u:p@x.example/",
    "nothing",
  ])
    expect(await write(url), url).toMatchObject({ ok: false, code: "webhook_url" });
  const hidden = await write("https://169.254.169.254/latest");
  if (!hidden.ok) throw new Error(hidden.code);
  await happen("parties.customer.added");
  await turn();
  expect(await deliveries()).toMatchObject([
    { state: "waiting", last_status: null, last_error: "address_not_allowed" },
  ]);
  expect(got).toEqual([]);
});
