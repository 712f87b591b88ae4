import { afterAll, beforeAll, expect, test } from "vitest";
import { PERMISSIONS } from "#contracts/permissions.ts";
import { day } from "#kernel/calendar-date.ts";
import type { TenantId } from "#kernel/ids.ts";
import { systemActor } from "#modules/access/index.ts";
import { createTasks } from "#modules/tasks/index.ts";
import { apiOf } from "../../testing/api.ts";
import { aTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { type TestServices, testServices } from "../../testing/services.ts";
import { seedWorld } from "./demo/seed.ts";
import { demoSize, makeWorld } from "./demo/world.ts";
import { followPortfolioRules } from "./portfolios.ts";

const TODAY = day("2026-11-21");
const [ANNA, BRUNO, CLARA, GONE] = ["user-anna", "user-bruno", "user-clara", "user-gone"] as const;

let t: TestDatabase;
let tenant: TenantId;
let services: TestServices;
let call: Api["call"];
let close: Api["close"];
type Api = Awaited<ReturnType<typeof apiOf>>;

beforeAll(async () => {
  t = await aTestDatabase();
  services = testServices(t);
  tenant = await t.anotherTenant();
  const actor = { ...t.actor(PERMISSIONS, tenant), id: ANNA };
  await seedWorld(services, actor, makeWorld({ ...demoSize(TODAY), customers: 24, companies: 2 }), TODAY);
  for (const [id, name, isActive] of [
    [ANNA, "Anna", true],
    [BRUNO, "Bruno", true],
    [CLARA, "Clara", true],
    [GONE, "Gone", false],
  ]) {
    await t.ownerQuery(
      `insert into sign_in."user" ("id", "name", "email", "emailVerified", "updatedAt") values ($1, $2, $1 || '@x.example', true, now())`,
      [id, name],
    );
    await t.ownerQuery(
      "insert into access.membership (tenant_id, user_id, role, is_active) values ($1, $2, 'collector', $3)",
      [tenant, id, isActive],
    );
  }
  ({ call, close } = await apiOf(services, actor));
});
afterAll(async () => {
  await close();
  await t.close();
});

const where = (criterion: string, operator: string, value?: unknown) =>
  JSON.stringify({ criterion, operator, ...(value === undefined ? {} : { value }) });

type Page = {
  rows: { id: string; values: Record<string, string | null> }[];
  total: { count: number };
  groups: { value: string | null; count: number; values: Record<string, string> }[];
  sums: { values: Record<string, string> }[];
};
const list = async (query: Record<string, string> = {}): Promise<Page> =>
  (await call("GET", `/lists/customers?${new URLSearchParams({ limit: "500", ...query })}`)).body as unknown as Page;
const ownedBy = async (value: string) =>
  (await list({ filter: where("customer.owner", "is", value) })).rows.map((row) => row.id);
const owner = async (id: string | undefined) => (await call("GET", `/customers/${id}/owner`)).body;

test("customers are given by hand, named or all that a list shows; what changed since is not undone", async () => {
  const [first, second] = (await list()).rows;
  const named = await call("PUT", "/portfolio/owners", { ownerId: ANNA, customerIds: [first?.id, second?.id] });
  expect(named.body).toMatchObject({ moved: 2 });
  expect(await owner(first?.id)).toMatchObject({ ownerName: "Anna", origin: "person", since: TODAY });
  expect((await ownedBy(ANNA)).sort()).toEqual([first?.id, second?.id].sort());
  expect(await ownedBy("me")).toEqual(await ownedBy(ANNA));
  const filter = where("customer.outstanding", "is_not", "0");
  const many = await call("PUT", "/portfolio/owners", { ownerId: BRUNO, list: { filter } });
  expect(many.body["moved"]).toBe((await list({ filter })).total.count);
  await call("PUT", "/portfolio/owners", { ownerId: CLARA, customerIds: [second?.id] });
  const undone = await call("POST", `/portfolio/changes/${String(many.body["changeId"])}/undo`, {});
  expect(undone.status).toBe(200);
  expect(await ownedBy(BRUNO)).toEqual([]);
  expect(await owner(first?.id)).toMatchObject({ ownerName: "Anna" });
  expect(await owner(second?.id)).toMatchObject({ ownerName: "Clara" });
  const again = await call("POST", `/portfolio/changes/${String(many.body["changeId"])}/undo`, {});
  expect(again.body).toEqual({ changeId: null, moved: 0 });
});

test("nobody gets customers who is not an active user here; unknown customers are refused whole", async () => {
  const [first] = (await list()).rows;
  for (const ownerId of [GONE, "somebody"])
    expect((await call("PUT", "/portfolio/owners", { ownerId, customerIds: [first?.id] })).body["code"]).toBe(
      "owner_unknown",
    );
  const unknown = { ownerId: ANNA, customerIds: [first?.id, "01990000-0000-7000-8000-000000000000"] };
  expect((await call("PUT", "/portfolio/owners", unknown)).status).toBe(404);
  expect((await call("PUT", "/portfolio/owners", { ownerId: ANNA })).status).toBe(400);
});

test("the first rule that a customer meets counts, a hand assignment wins, and the preview is what happens", async () => {
  const rules = [
    { name: "Gros", ownerId: ANNA, filter: where("customer.overdue", "at_least", "100000") },
    { name: "Reste", ownerId: BRUNO, filter: where("customer.outstanding", "is_not", "0") },
  ];
  const before = await list({ columns: "customer.overdue,customer.outstanding,customer.owner" });
  const byHand = new Set(before.rows.filter((row) => row.values["customer.owner"]).map((row) => row.id));
  expect(byHand.size).toBe(2);
  const preview = (await call("POST", "/portfolio/preview", { rules })).body;
  expect((await call("PUT", "/portfolio/rules", { rules })).body["code"]).toBe("version_required");
  const saved = (await call("PUT", "/portfolio/rules", { rules }, { version: 0 })).body;
  expect(saved["moved"]).toBe(preview["moved"]);
  const after = await list({ columns: "customer.overdue,customer.outstanding,customer.owner" });
  for (const [index, row] of after.rows.entries()) {
    const { "customer.overdue": overdue, "customer.outstanding": outstanding, "customer.owner": who } = row.values;
    const rule = BigInt(overdue ?? 0) >= 100_000n ? ANNA : outstanding !== "0" ? BRUNO : null;
    expect(who).toBe(byHand.has(row.id) ? before.rows[index]?.values["customer.owner"] : rule);
  }
  const owners = preview["owners"] as { ownerId: string | null; after: number }[];
  for (const { ownerId, after: count } of owners)
    expect(after.rows.filter((row) => row.values["customer.owner"] === ownerId).length).toBe(count);
  // the night changes nothing more, and what is given back to the rules follows them at once again
  const system = systemActor({ id: tenant, zone: "Europe/Paris", language: "fr" } as never, "portfolio.rules");
  expect(await followPortfolioRules(services, system, TODAY)).toMatchObject({ moved: 0 });
  const [free] = [...byHand];
  await call("PUT", "/portfolio/owners", { ownerId: null, customerIds: [free] });
  expect(await owner(free)).toMatchObject({ ownerId: null, origin: "none" });
  await followPortfolioRules(services, system, TODAY);
  const now = await owner(free);
  expect(now["ownerId"]).toBe((now["rule"] as { ownerId: string } | null)?.ownerId ?? null);
});

test("rules rest on facts, not on owners, and name active users", async () => {
  const version = Number((await call("GET", "/portfolio/rules")).body["version"]);
  const save = (rule: object) =>
    call("PUT", "/portfolio/rules", { rules: [{ name: "x", ownerId: ANNA, ...rule }] }, { version });
  expect((await save({ filter: where("customer.owner", "is", BRUNO) })).body["code"]).toBe("filter_invalid");
  expect((await save({ filter: "{}" })).body["code"]).toBe("filter_invalid");
  expect((await save({ filter: JSON.stringify({ all: [] }), ownerId: GONE })).body["code"]).toBe("owner_unknown");
});

test("lists, groups, items and the aged balance of portfolios add up to the whole, to the cent", async () => {
  const whole = await list({ group: "customer.owner", columns: "customer.outstanding,customer.overdue" });
  const sum = (key: string) => whole.groups.reduce((all, group) => all + BigInt(group.values[key] ?? 0), 0n);
  expect(sum("customer.outstanding")).toBe(BigInt(whole.sums[0]?.values["customer.outstanding"] ?? 0));
  expect(whole.groups.length).toBeGreaterThan(2);
  const aged = async (query: string) =>
    (await call("GET", `/aged-balance?by=customer&layers=working&${query}`)).body as {
      consolidated: { total: string } | null;
      totals: { currency: string; total: string }[];
      rowCount: number;
    };
  for (const { value } of whole.groups) {
    if (value === null) continue;
    const mine = await aged(`ownerId=${value}`);
    const owned = await list({ filter: where("customer.owner", "is", value), columns: "customer.outstanding" });
    const owing = owned.rows.filter((row) => row.values["customer.outstanding"] !== "0");
    expect(mine.rowCount).toBeGreaterThanOrEqual(owing.length);
    const total = mine.consolidated?.total ?? mine.totals[0]?.total ?? "0";
    expect(total).toBe(owned.sums[0]?.values["customer.outstanding"]);
    const items = async (filter: string) =>
      Number(
        (
          (await call("GET", `/items?status=all&limit=1&filter=${encodeURIComponent(filter)}`)).body["total"] as {
            count: number;
          }
        ).count,
      );
    const all = await items(JSON.stringify({ all: [] }));
    const theirs = where("item.customer_owner", "is", value);
    expect((await items(theirs)) + (await items(JSON.stringify({ not: JSON.parse(theirs) })))).toBe(all);
  }
  expect(await aged("ownerId=me")).toEqual(await aged(`ownerId=${ANNA}`));
});

test("a task that nobody was given goes to the owner of its customer", async () => {
  const [mine] = await ownedBy(ANNA);
  const free = (await list({ filter: where("customer.owner", "is_empty") })).rows[0]?.id ?? null;
  const task = (title: string, customerId: string | null, assigneeId: string | null) =>
    t.db.transaction(tenant, (tx) =>
      createTasks(tx, { kind: "system", id: "x" }, [
        { kind: "manual", title, details: null, customerId, dueOn: null, assigneeId },
      ]),
    );
  await task("of my customer", mine ?? null, null);
  await task("of my customer, for Bruno", mine ?? null, BRUNO);
  await task("of a customer without owner", free, null);
  await task("mine", null, ANNA);
  const of = async (assignee: string) =>
    ((await call("GET", `/tasks?assignee=${assignee}`)).body["rows"] as { title: string }[])
      .map((row) => row.title)
      .sort();
  expect(await of("me")).toEqual(["mine", "of my customer"]);
  expect(await of("nobody")).toEqual(["of a customer without owner"]);
});

test("who leaves hands over evenly by overdue; tasks follow their customers; the rules do not bring it back", async () => {
  const before = await ownedBy(ANNA);
  const overdue = async (id: string) =>
    BigInt((await list({ filter: where("customer.owner", "is", id) })).sums[0]?.values["customer.overdue"] ?? 0);
  expect((await call("POST", "/portfolio/hand-over", { fromId: ANNA, takerIds: [ANNA] })).body["code"]).toBe(
    "taker_is_giver",
  );
  const bruno = await overdue(BRUNO);
  const handed = (await call("POST", "/portfolio/hand-over", { fromId: ANNA, takerIds: [BRUNO, CLARA] })).body;
  expect(handed).toMatchObject({ moved: before.length, tasks: 1, rules: 1 });
  expect(await ownedBy(ANNA)).toEqual([]);
  const shares = handed["shares"] as { ownerId: string; customers: number; overdueMinor: string }[];
  expect(shares.reduce((all, one) => all + one.customers, 0)).toBe(before.length);
  expect((await overdue(BRUNO)) - bruno).toBe(BigInt(shares.find((one) => one.ownerId === BRUNO)?.overdueMinor ?? 0));
  const system = systemActor({ id: tenant, zone: "Europe/Paris", language: "fr" } as never, "portfolio.rules");
  await followPortfolioRules(services, system, TODAY);
  expect(await ownedBy(ANNA)).toEqual([]);
  expect(await owner(before[0])).toMatchObject({ origin: "person", byName: "Anna" });
  const timeline = (await call("GET", `/customers/${before[0]}/timeline?rooms=parties`)).body["rows"] as {
    kind: string;
  }[];
  expect(timeline[0]?.kind).toBe("parties.owner.changed");
});

test("who is mentioned in a note gets one task that leads to it, once, and loses it with the mention; the words are found", async () => {
  const [customer] = (await list()).rows;
  const tasks = async () =>
    (
      (await call("GET", "/tasks?limit=500")).body["rows"] as {
        kind: string;
        details: string;
        assigneeId: string;
        subjectId: string;
      }[]
    ).filter((task) => task.kind === "mention");
  const write = (text: string) => call("POST", "/notes", { subjectType: "customer", subjectId: customer?.id, text });
  expect((await write(`Vois <@${GONE}>`)).body["code"]).toBe("mention_unknown");
  const made = (await write(`Vois <@${BRUNO}> et <@${CLARA}>, encore <@${BRUNO}> : palettes cassées`)).body;
  expect((await tasks()).map((task) => task.assigneeId).sort()).toEqual([BRUNO, CLARA]);
  const [first] = await tasks();
  expect(first).toMatchObject({ subjectId: made["id"] });
  expect(first?.details).toMatch(/^Anna : Vois @Bruno et @Clara/);
  const change = { text: `Vois <@${CLARA}> : palettes remplacées`, isPinned: false };
  expect((await call("PUT", `/notes/${String(made["id"])}`, change, { version: 1 })).status).toBe(200);
  expect((await tasks()).map((task) => task.assigneeId)).toEqual([CLARA]);
  const timeline = async (text: string) =>
    (await call("GET", `/customers/${customer?.id}/timeline?text=${encodeURIComponent(text)}`)).body["rows"] as {
      kind: string;
      note: string | null;
    }[];
  const found = await timeline("PALETTES remplacées");
  expect(found.map((entry) => entry.kind)).toEqual(["parties.note.changed", "parties.note.written"]);
  expect(found[0]?.note).toBe(change.text);
  expect(await timeline("palettes cassées")).toEqual([]);
});
