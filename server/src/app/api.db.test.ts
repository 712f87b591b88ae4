import path from "node:path";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { PERMISSIONS, ROLE_PERMISSIONS, ROLES, type Role } from "#contracts/permissions.ts";
import { day } from "#kernel/calendar-date.ts";
import { newId, type TenantId } from "#kernel/ids.ts";
import type { SignIn } from "#modules/access/index.ts";
import type { Actor } from "#platform/actor.ts";
import type { Route } from "#platform/http/index.ts";
import { aTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { sampleOf } from "../../testing/sample-of-schema.ts";
import { type TestServices, testServices } from "../../testing/services.ts";
import { seedBank } from "./demo/bank.ts";
import { seedWorld } from "./demo/seed.ts";
import { demoSize, makeWorld } from "./demo/world.ts";
import { allRoutes } from "./routes.ts";
import { buildWebServer } from "./web-server.ts";

const TODAY = day("2026-11-21");
const NOBODY: SignIn = {
  handle: async () => new Response(null, { status: 404 }),
  userOf: async () => undefined,
  createUser: async () => ({ id: "u", isNew: true }),
  checkPassword: async () => false,
  close: async () => {},
};

let t: TestDatabase;
let services: TestServices;
let routes: Route[];
let other: TenantId;
const apps: FastifyInstance[] = [];

beforeAll(async () => {
  t = await aTestDatabase();
  services = testServices(t);
  routes = allRoutes(NOBODY);
  other = await t.anotherTenant();
  const world = makeWorld({ ...demoSize(TODAY), customers: 12, companies: 2 });
  await seedWorld(services, t.actor(PERMISSIONS, other), world, TODAY);
  await seedBank(services, t.actor(PERMISSIONS, other), TODAY);
});
afterAll(async () => {
  for (const app of apps) await app.close();
  await t.close();
});

async function appFor(caller: Actor | undefined): Promise<FastifyInstance> {
  const app = await buildWebServer({ services, signIn: NOBODY, routes, logger: false, ...(caller ? { caller } : {}) });
  apps.push(app);
  return app;
}

const RANDOM = () => newId();

/** An address with every parameter filled; `idOf` gives the value of a parameter by its name. */
const addressOf = (route: Route, idOf: (name: string) => string): string =>
  `/api/v1${route.path.replace(/:(\w+)/g, (_, name: string) => (name === "format" ? "csv" : idOf(name)))}`;

type Sent = { status: number; body: string };

async function send(
  app: FastifyInstance,
  route: Route,
  idOf: (name: string) => string,
  bodies: Readonly<Record<string, unknown>> = {},
): Promise<Sent> {
  const query = route.query ? sampleOf(route.query) : undefined;
  const search = query
    ? `?${new URLSearchParams(Object.entries(query as Record<string, unknown>).map(([key, value]): [string, string] => [key, String(value)]))}`
    : "";
  const headers: Record<string, string> = { "if-match": '"1"' };
  let payload: Buffer | string | undefined;
  if (route.upload) {
    headers["content-type"] = "multipart/form-data; boundary=xx";
    payload =
      '--xx\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\nClient;Facture;Date;Montant\r\nA;F1;01/02/2026;1,00\r\n--xx--\r\n';
  } else if (route.body) {
    headers["content-type"] = "application/json";
    payload = JSON.stringify(bodies[route.operationId] ?? sampleOf(route.body));
  }
  const answer = await app.inject({
    method: route.method,
    url: addressOf(route, idOf) + search,
    headers,
    ...(payload ? { payload } : {}),
  });
  return { status: answer.statusCode, body: answer.body };
}

test("every operation has its own name, a permission and a summary, and stands in the OpenAPI 3.1 document", async () => {
  const app = await appFor(t.actor());
  await app.ready();
  const document = (await app.inject({ url: "/api/openapi.json" })).json();
  expect(document.openapi).toBe("3.1.0");
  const documented = Object.values(document.paths as Record<string, Record<string, { operationId?: string }>>).flatMap(
    (operations) => Object.values(operations).flatMap((one) => one.operationId ?? []),
  );
  const declared = routes.map((route) => route.operationId);
  expect(new Set(declared).size).toBe(declared.length);
  expect([...documented].sort()).toEqual([...declared].sort());
  expect(routes.filter((route) => route.permission !== "public" && !PERMISSIONS.includes(route.permission))).toEqual(
    [],
  );
  expect(
    routes
      .filter((route) => route.permission === "public")
      .map((route) => route.operationId)
      .sort(),
  ).toEqual(["acceptInvitation", "seeInvitation"]);
});

test("without a session every operation answers 401", async () => {
  const app = await appFor(undefined);
  for (const route of routes.filter((one) => one.permission !== "public")) {
    expect((await send(app, route, RANDOM)).status, route.operationId).toBe(401);
  }
});

test.each(ROLES)("role %s is refused exactly what it lacks", async (role: Role) => {
  const app = await appFor(t.actor(ROLE_PERMISSIONS[role]));
  for (const route of routes) {
    if (route.permission === "public") continue;
    const allowed = ROLE_PERMISSIONS[role].includes(route.permission);
    if (allowed) continue;
    const { status, body } = await send(app, route, RANDOM);
    expect(status, `${role} ${route.operationId}`).toBe(403);
    expect(JSON.parse(body).code).toBe("not_permitted");
  }
});

/** One real id of the other tenant by parameter name. A new parameter must be added here, or the test below fails. */
async function idsOfOther(): Promise<Record<string, string>> {
  const first = async (text: string) =>
    String((await t.ownerQuery<{ id: string }>(`${text} limit 1`, [other]))[0]?.id ?? "");
  const actor = t.actor(PERMISSIONS, other);
  const app = await appFor(actor);
  const post = async (url: string, body: unknown) =>
    (await app.inject({ method: "POST", url: `/api/v1${url}`, payload: body as object })).json();
  const customerId = await first("select customer_id as id from parties.customer where tenant_id = $1");
  const itemId = await first(
    "select item_id as id from receivables.item_state where tenant_id = $1 and settled_on = 'infinity' and original_minor > 0",
  );
  const note = await post("/notes", { subjectType: "customer", subjectId: customerId, text: "x" });
  const task = await post("/tasks", { title: "x", customerId });
  const aDifference = async () => {
    await t.ownerQuery(
      `insert into receivables.account_difference (tenant_id, difference_id, account_id, batch_id, found_on, here_minor, source_minor)
       select tenant_id, gen_random_uuid(), account_id, gen_random_uuid(), '2026-11-01', 1, 2 from parties.account where tenant_id = $1 limit 1
       on conflict do nothing`,
      [other],
    );
    return first("select difference_id as id from receivables.account_difference where tenant_id = $1");
  };
  const aCsvLayout = async () => {
    await t.ownerQuery(
      `insert into cash.csv_layout (tenant_id, csv_layout_id, bank_account_id, shape, layout, confirmed_by)
       select tenant_id, gen_random_uuid(), bank_account_id, 'x', '{}', 'x' from cash.bank_account where tenant_id = $1 limit 1
       on conflict do nothing`,
      [other],
    );
    return first("select csv_layout_id as id from cash.csv_layout where tenant_id = $1");
  };
  const customField = await post("/custom-fields", { key: "x", label: { fr: "x", en: "x" }, type: "text" });
  const flag = await post(`/customers/${customerId}/flags`, { flag: "watch", reason: "x" });
  const another = await first("select max(customer_id::text) as id from parties.customer where tenant_id = $1");
  const relation = await post(`/customers/${customerId}/relations`, { kind: "payer", otherId: another });
  const twin = await post("/customers", { number: `T${newId()}`, name: "x" });
  const merge = await post(`/customers/${customerId}/merge`, { mergedId: twin.id });
  const colleague = "colleague-of-other";
  await t.ownerQuery(
    `insert into sign_in."user" ("id", "name", "email", "emailVerified", "updatedAt") values ($1, 'X', 'x@x.example', true, now())
     on conflict do nothing`,
    [colleague],
  );
  await t.ownerQuery(
    "insert into access.membership (tenant_id, user_id, role) values ($1, $2, 'collector') on conflict do nothing",
    [other, colleague],
  );
  await app.inject({
    method: "PUT",
    url: "/api/v1/portfolio/owners",
    payload: { ownerId: colleague, customerIds: [customerId] },
  });
  const view = await post("/views", { list: "customers", name: "x", search: {} });
  const key = await post("/api-keys", {
    name: "x",
    permissions: ["customers.read"],
    expiresOn: "2027-01-01",
  });
  const invitation = await post("/invitations", { email: "x@y.example", name: "x", role: "sales" });
  const stop = await post("/stops", { subject: "customer", subjectId: customerId, reason: "x", validTo: "2026-12-21" });
  const run = await post("/runs", { asOf: "2026-11-21" });
  const document = await app.inject({
    method: "POST",
    url: `/api/v1/documents?subjectType=customer&subjectId=${customerId}`,
    headers: { "content-type": "multipart/form-data; boundary=xx" },
    payload:
      '--xx\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nabc\r\n--xx--\r\n',
  });
  const upload = await app.inject({
    method: "POST",
    url: "/api/v1/imports",
    headers: { "content-type": "multipart/form-data; boundary=xx" },
    payload:
      '--xx\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\nClient;Facture;Date;Montant\r\nA;F1;01/02/2026;1,00\r\n--xx--\r\n',
  });
  const source = await post("/sources", {
    name: "x",
    connector: "folder",
    settings: {},
    calendar: { mode: "none", times: [], everyMinutes: 60, isBusinessDaysOnly: false },
    companies: [
      { companyId: await first("select company_id as id from parties.company where tenant_id = $1"), part: "" },
    ],
  });
  const pushed = await post("/sources", {
    name: "pushed",
    connector: "push",
    settings: {},
    calendar: { mode: "none", times: [], everyMinutes: 60, isBusinessDaysOnly: false },
    companies: [
      { companyId: await first("select company_id as id from parties.company where tenant_id = $1"), part: "" },
    ],
  });
  await post("/sync/runs", { sourceId: pushed.id });
  const offset = await post(`/customers/${customerId}/offsets`, {
    companyId: await first("select company_id as id from parties.company where tenant_id = $1"),
    supplierNo: "F1",
    isAgreed: true,
  });
  const webhook = await post("/webhooks", { name: "x", url: "https://hooks.example/x", kinds: ["*"] });
  const tested = await post(`/webhooks/${webhook.webhook?.id}/test`, {});
  const syncRun = await post(`/sources/${source.id}/runs`, {});
  await t.ownerQuery(
    "insert into platform.dead_letter (tenant_id, dead_letter_id, kind, payload, reason, attempts) values ($1, $2, 'x', '{}', 'x', 1)",
    [other, newId()],
  );
  return {
    customerId,
    itemId,
    bankAccountId: await first("select bank_account_id as id from cash.bank_account where tenant_id = $1"),
    csvLayoutId: await aCsvLayout(),
    bankFileId: await first("select bank_file_id as id from cash.bank_file where tenant_id = $1"),
    statementId: await first("select statement_id as id from cash.statement where tenant_id = $1"),
    bankLineId: await first("select bank_line_id as id from cash.bank_line where tenant_id = $1 and state = 'waiting'"),
    companyId: await first("select company_id as id from parties.company where tenant_id = $1"),
    contactId: await first("select contact_id as id from parties.contact where tenant_id = $1"),
    accountId: await first("select account_id as id from parties.account where tenant_id = $1"),
    differenceId: await aDifference(),
    batchId: await first("select batch_id as id from receivables.batch where tenant_id = $1"),
    noteId: note.id,
    taskId: task.id,
    viewId: view.id,
    ownerChangeId: await first("select change_id as id from parties.owner_change where tenant_id = $1"),
    customFieldId: customField.id,
    flagId: flag.id,
    offsetId: offset.id ?? "",
    relationId: relation.id,
    mergeId: merge.mergeId,
    apiKeyId: key.apiKey?.id ?? "",
    invitationId: invitation.invitation?.id ?? "",
    documentId: document.json().id,
    importId: upload.json().id,
    sourceId: source.id ?? "",
    webhookId: webhook.webhook?.id ?? "",
    deliveryId: tested.deliveryId ?? "",
    syncRunId: syncRun.id ?? "",
    deadLetterId: await first("select dead_letter_id as id from platform.dead_letter where tenant_id = $1"),
    runId: run.runId ?? "",
    decisionId: await first("select decision_id as id from dunning.run_decision where tenant_id = $1"),
    scenarioId: await first("select scenario_id as id from dunning.scenario where tenant_id = $1"),
    stopId: stop.stopId ?? "",
    templateId: await first("select template_id as id from correspondence.template where tenant_id = $1"),
    messageId: await first("select message_id as id from correspondence.message where tenant_id = $1"),
  };
}

/** Bodies whose content has rules that a schema cannot tell: the other tenant's own, as read. */
async function contentsOfOther(ids: Readonly<Record<string, string>>): Promise<Record<string, unknown>> {
  const app = await appFor(t.actor(PERMISSIONS, other));
  const content = async (url: string) => (await app.inject({ url: `/api/v1${url}` })).json().content;
  return {
    saveTemplate: { content: await content(`/templates/${ids["templateId"]}`) },
    saveScenario: { content: await content(`/scenarios/${ids["scenarioId"]}`) },
  };
}

/** Parameters that are no ids of rows. */
const NO_IDS = new Set([
  "format",
  "token",
  "userId",
  "templateKey",
  "key",
  "channel",
  "versionNo",
  "language",
  "level",
  "address",
]);

test("another tenant's id answers like an id that does not exist: 404, the same body", async () => {
  const ids = await idsOfOther();
  const bodies = await contentsOfOther(ids);
  const app = await appFor(t.actor());
  await app.inject({ url: "/api/v1/scenarios" });
  await app.inject({ url: "/api/v1/templates" });
  const missing = new Set<string>();
  const wrong: string[] = [];
  for (const route of routes) {
    const names = [...route.path.matchAll(/:(\w+)/g)]
      .map((match) => match[1] ?? "")
      .filter((name) => !NO_IDS.has(name));
    if (names.length === 0) continue;
    for (const name of names) if (!ids[name]) missing.add(`${name} of ${route.operationId}`);
    const random = newId();
    const plain = (name: string) => (NO_IDS.has(name) ? "1" : (ids[name] ?? random));
    const foreign = await send(app, route, plain, bodies);
    const unknown = await send(app, route, (name) => (NO_IDS.has(name) ? "1" : random), bodies);
    if (unknown.status !== 404)
      wrong.push(`${route.operationId}: ${unknown.status} for an id that does not exist ${unknown.body.slice(0, 120)}`);
    if (foreign.status !== unknown.status || foreign.body !== unknown.body)
      wrong.push(`${route.operationId}: another tenant's id gives ${foreign.status} ${foreign.body.slice(0, 120)}`);
  }
  expect(wrong).toEqual([]);
  expect([...missing]).toEqual([]);
});

test("lists of one tenant hold nothing of another", async () => {
  const app = await appFor(t.actor());
  for (const url of [
    "/customers",
    "/items?status=all",
    "/tasks",
    "/imports",
    "/sources",
    "/sync/runs",
    "/runs",
    "/messages",
    "/aged-balance?asOf=2026-11-21",
    "/search?q=sarl",
    "/stops",
    "/bank-statements",
    "/bank-lines",
    "/unbooked-items?olderThanDays=0",
  ]) {
    const answer = await app.inject({ url: `/api/v1${url}` });
    expect([url, answer.statusCode, answer.json().rows]).toEqual([url, 200, []]);
  }
});

test("a request with an idempotency key has one effect; another body with the same key is refused", async () => {
  const app = await appFor(t.actor());
  const post = (name: string) =>
    app.inject({
      method: "POST",
      url: "/api/v1/companies",
      headers: { "idempotency-key": "k1" },
      payload: { code: "K1", name, bookCurrency: "EUR" },
    });
  const [first, second] = [await post("Un"), await post("Un")];
  expect([first.statusCode, second.statusCode]).toEqual([201, 201]);
  expect(second.json()).toEqual(first.json());
  expect((await post("Deux")).json()).toMatchObject({ status: 409, code: "idempotency_key_reused" });
});

test("a stale version is refused with 412, a missing one with 428, and errors speak the caller's language", async () => {
  const app = await appFor(t.actor());
  const made = (
    await app.inject({
      method: "POST",
      url: "/api/v1/companies",
      payload: { code: "V1", name: "V", bookCurrency: "EUR" },
    })
  ).json();
  const put = (headers: Record<string, string>) =>
    app.inject({
      method: "PUT",
      url: `/api/v1/companies/${made.id}`,
      headers,
      payload: { code: "V1", name: "W", bookCurrency: "EUR" },
    });
  expect((await put({})).statusCode).toBe(428);
  expect((await put({ "if-match": '"1"' })).statusCode).toBe(200);
  const stale = await put({ "if-match": '"1"', "accept-language": "en" });
  expect(stale.json()).toMatchObject({ status: 412, detail: expect.stringContaining("Somebody changed this") });
  expect((await put({ "if-match": '"1"', "accept-language": "fr" })).json().detail).toContain("entre-temps");
});

test("wrong input is a 400 that names the field, never a 500", async () => {
  const app = await appFor(t.actor());
  const bad = await app.inject({
    method: "POST",
    url: "/api/v1/companies",
    payload: { code: "é", name: "", bookCurrency: 3 },
  });
  expect(bad.json()).toMatchObject({ status: 400, code: "invalid_request" });
  expect(bad.json().errors.map((error: { path: string }) => error.path)).toContain("body.bookCurrency");
  for (const route of routes.filter((one) => one.body && one.permission !== "public")) {
    for (const payload of [
      null,
      [],
      "x",
      { __proto__: { a: 1 } },
      { constructor: 1, nested: { deep: Array(50).fill({}) } },
    ]) {
      const answer = await app.inject({
        method: route.method,
        url: addressOf(route, RANDOM),
        headers: { "content-type": "application/json", "if-match": '"1"' },
        payload: JSON.stringify(payload),
      });
      expect(answer.statusCode, `${route.operationId} ${JSON.stringify(payload)}`).toBeLessThan(500);
    }
  }
});

/** What a list of the fresh demo needs to hold rows. */
const LIST_QUERIES: Readonly<Record<string, Record<string, string>>> = { listUnbookedItems: { olderThanDays: "0" } };

/** Lists that are read page by page, as the other tenant would call them with a cursor. */
async function pagedLists() {
  const ids = await idsOfOther();
  const app = await appFor(t.actor(PERMISSIONS, other));
  const paged = routes.filter((one) => one.query instanceof z.ZodObject && "cursor" in one.query.shape && !one.file);
  return paged.map((route) => ({
    name: route.operationId,
    read: async (query: Record<string, string>) => {
      const url = `${addressOf(route, (name) => ids[name] ?? "")}?${new URLSearchParams({ ...LIST_QUERIES[route.operationId], ...query })}`;
      const answer = await app.inject({ url });
      return { status: answer.statusCode, ...answer.json<{ rows: unknown[]; next: string | null; code?: string }>() };
    },
  }));
}

test("pages of one row give each row of the list once, and the last announces no other", async () => {
  const lists = await pagedLists();
  expect(lists.length).toBeGreaterThanOrEqual(8);
  for (const { name, read } of lists) {
    const whole = (await read({ limit: "30" })).rows;
    const walked: unknown[] = [];
    let cursor: string | null = "";
    while (cursor !== null && walked.length < whole.length) {
      const page: { rows: unknown[]; next: string | null } = await read({ limit: "1", ...(cursor ? { cursor } : {}) });
      walked.push(...page.rows);
      cursor = page.next;
    }
    expect(walked, name).toEqual(whole);
    if (whole.length < 30) expect(cursor, name).toBeNull();
  }
});

test("a cursor that is not ours is a 400, never a 500", async () => {
  const forged = (...position: unknown[]) => Buffer.from(JSON.stringify(position), "utf8").toString("base64url");
  const id = newId();
  const cursors = [
    "x",
    forged(),
    forged("x"),
    forged("x", "y"),
    forged("x", id),
    forged("2026-13-45", id),
    forged("\u0000", id),
    forged(1, id),
    forged(id, id, id),
  ];
  for (const { name, read } of await pagedLists())
    for (const cursor of cursors)
      for (const sort of name === "listItems" ? ["due", "posted", "amount"] : [undefined]) {
        const { status, code } = await read({ cursor, ...(sort ? { sort } : {}) });
        const isReadable = name === "listCustomers" && [forged("x", id), forged("2026-13-45", id)].includes(cursor);
        expect([status, code], `${name} ${sort} ${Buffer.from(cursor, "base64url")}`).toEqual(
          isReadable ? [200, undefined] : [400, "invalid_request"],
        );
      }
});

test("the published contract changes on purpose only", async () => {
  const app = await appFor(t.actor());
  await app.ready();
  const document = (await app.inject({ url: "/api/openapi.json" })).json();
  const outline = Object.entries(document.paths as Record<string, Record<string, { operationId?: string }>>)
    .flatMap(([at, operations]) =>
      Object.entries(operations).map(([method, one]) => `${method.toUpperCase()} ${at} ${one.operationId ?? ""}`),
    )
    .sort()
    .join("\n");
  const file = path.resolve(import.meta.dirname, "../../../docs/api-outline.generated.txt");
  await expect(`${outline}\n`).toMatchFileSnapshot(file);
});

test("every export holds the rows of its list, and our own export of items maps by itself", async () => {
  const app = await appFor(t.actor(PERMISSIONS, other));
  const exported = async (url: string) => {
    const answer = await app.inject({ url: `/api/v1${url}` });
    expect([url, answer.statusCode]).toEqual([url, 200]);
    return answer.body.trimEnd().split("\r\n").length - 1;
  };
  const counted = async (url: string) => (await app.inject({ url: `/api/v1${url}` })).json().total.count;
  expect(await exported("/exports/items.csv?status=all")).toBe(await counted("/items?status=all"));
  expect(await exported("/exports/customers.csv")).toBe(await counted("/customers"));
  expect(await exported("/exports/tasks.csv")).toBe(await counted("/tasks"));
  expect(await exported("/exports/messages.csv")).toBe(await counted("/messages"));
  const items = await app.inject({ url: "/api/v1/exports/items.csv?status=open" });
  const uploaded = await app.inject({
    method: "POST",
    url: "/api/v1/imports",
    headers: { "content-type": "multipart/form-data; boundary=xx" },
    payload: `--xx\r\nContent-Disposition: form-data; name="file"; filename="items.csv"\r\nContent-Type: text/csv\r\n\r\n${items.body}\r\n--xx--\r\n`,
  });
  const { kind, profile } = uploaded.json();
  expect(kind).toBe("items");
  const unmapped = profile.headers.filter((_: string, index: number) => profile.mapping[index] === null);
  expect(unmapped).toEqual(["Société", "Jours de retard"]);
});
