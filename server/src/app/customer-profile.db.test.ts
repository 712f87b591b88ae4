import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ListQuery } from "#contracts/lists.ts";
import { PERMISSIONS } from "#contracts/permissions.ts";
import { day } from "#kernel/calendar-date.ts";
import type { TenantId } from "#kernel/ids.ts";
import { currency, EUR } from "#kernel/money.ts";
import { sql, type Tx } from "#platform/database/index.ts";
import { prepareList, readList } from "#platform/lists/index.ts";
import { apiOf } from "../../testing/api.ts";
import { aTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { type TestServices, testServices } from "../../testing/services.ts";
import { LISTS } from "./catalogue.ts";
import { seedWorld } from "./demo/seed.ts";
import { demoSize, makeWorld } from "./demo/world.ts";

const TODAY = day("2026-11-21");

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
  const actor = t.actor(PERMISSIONS, tenant);
  await seedWorld(services, actor, makeWorld({ ...demoSize(TODAY), customers: 15, companies: 2 }), TODAY);
  ({ call, close } = await apiOf(services, actor));
});
afterAll(async () => {
  await close();
  await t.close();
});

const inside = <T>(work: (tx: Tx) => Promise<T>) => t.db.transaction(tenant, work);

const read = (given: Record<string, unknown>) =>
  inside(async (tx) => {
    const list = await prepareList(tx, LISTS.customer, ListQuery.parse(given), {
      today: TODAY,
      reportingCurrency: EUR,
      bookCurrencies: [currency("EUR")],
    });
    if (!list.ok) throw new Error(list.code);
    return readList(list.value, 500, undefined);
  });

const customers = () =>
  inside((tx) =>
    tx.rows<{ id: string; number: string }>(
      sql`select customer_id as id, number from parties.customer where tenant_id = ${tx.tenant} order by number`,
    ),
  );

const only = (criterion: string, value: unknown) => JSON.stringify({ criterion, operator: "is", value });

test("a free field is a criterion and a column from the day it is made, with the value of the day asked for", async () => {
  const [one] = await customers();
  const field = {
    key: "sector",
    label: { fr: "Secteur", en: "Sector" },
    type: "choice",
    choices: [
      { value: "food", fr: "Alimentaire", en: "Food" },
      { value: "wood", fr: "Bois", en: "Wood" },
    ],
  };
  const made = await call("POST", "/custom-fields", field);
  expect(made.status).toBe(201);
  expect((await call("POST", "/custom-fields", field)).body.code).toBe("duplicate_field");
  const refused = await call("PUT", `/customers/${one?.id}/fields`, { values: { sector: "steel" } });
  expect([refused.status, refused.body.code]).toEqual([422, "field_value_invalid"]);
  expect((await call("PUT", `/customers/${one?.id}/fields`, { values: { sector: "food" } })).status).toBe(200);
  const found = await read({
    filter: only("customer.field_sector", "food"),
    columns: "customer.number,customer.field_sector",
  });
  expect(found.rows.map((row) => row.values)).toEqual([
    { "customer.number": one?.number, "customer.field_sector": "food" },
  ]);
  const grouped = await read({ group: "customer.field_sector" });
  expect(grouped.groups.map((group) => [group.value, group.count])).toEqual([
    [null, 14],
    ["food", 1],
  ]);
  const criteria = await call("GET", "/criteria?subject=customer");
  expect(JSON.stringify(criteria.body)).toContain("customer.field_sector");
  // yesterday it had none
  expect((await read({ asOf: "2026-11-20", filter: only("customer.field_sector", "food") })).rows).toEqual([]);
  const fixed = await call(
    "PUT",
    `/custom-fields/${made.body["id"]}`,
    { ...field, type: "text", choices: null },
    { version: 1 },
  );
  expect(fixed.body.code).toBe("field_fixed");
  const profile = await call("GET", `/customers/${one?.id}/profile`);
  expect(profile.body["fields"]).toMatchObject([{ key: "sector", value: "food", origin: "person" }]);
});

test("a scenario takes customers by a free field, still when the field is no longer offered, and messages say its value", async () => {
  const makes = await call("POST", "/custom-fields", {
    key: "handling",
    label: { fr: "Traitement", en: "Handling" },
    type: "choice",
    choices: [
      { value: "soft", fr: "En douceur", en: "Gently" },
      { value: "firm", fr: "Fermement", en: "Firmly" },
    ],
  });
  expect(makes.status).toBe(201);
  type Decision = { readonly customerId: string; readonly bucket: string; readonly code: string | null };
  const decided = async (content?: object) => {
    const { body } = await call("POST", "/runs/preview", content ? { content } : {});
    return (body as unknown as { rows: Decision[] }).rows;
  };
  const written = (rows: readonly Decision[]) =>
    [...new Set(rows.filter((one) => one.bucket !== "skipped").map((one) => one.customerId))].sort();
  const [first, second] = written(await decided());
  if (!first || !second) throw new Error("the demo chases nobody");
  await call("PUT", `/customers/${first}/fields`, { values: { handling: "firm" } });
  await call("PUT", `/customers/${second}/fields`, { values: { handling: "soft" } });

  // what the editor offers, the plan answers
  const offered = (place: string) => call("GET", `/scenarios/criteria?place=${place}`);
  const keys = ((await offered("item")).body as unknown as { rows: { key: string }[] }).rows.map((one) => one.key);
  expect(keys).toContain("customer.field_handling");
  expect(keys).not.toContain("message.amount");
  const { rows } = (await call("GET", "/scenarios")).body as unknown as { rows: { scenarioId: string }[] };
  const scenario = (await call("GET", `/scenarios/${rows[0]?.scenarioId}`)).body as unknown as { content: object };
  const content = {
    ...scenario.content,
    itemCondition: { criterion: "customer.field_handling", operator: "is", value: "firm" },
  };
  expect(written(await decided(content))).toEqual([first]);
  const unknown = { ...content, itemCondition: { criterion: "customer.field_nothing", operator: "is", value: "firm" } };
  expect((await call("POST", "/runs/preview", { content: unknown })).body.code).toBe("scenario_invalid");

  const paragraph = (...content: object[]) => ({ type: "paragraph", content });
  const field = (key: string) => ({ type: "mergeField", attrs: { key } });
  const textWith = (key: string) => ({
    subject: { type: "doc", content: [paragraph({ type: "text", text: "x" })] },
    body: {
      type: "doc",
      content: [
        paragraph({ type: "text", text: "Bonjour" }),
        paragraph({ type: "text", text: "Suivi : " }, field(key)),
      ],
    },
  });
  const template = { fr: textWith("customer.field_handling"), en: textWith("customer.field_handling") };
  const preview = async (customerId: string, language: string) =>
    (await call("POST", "/templates/preview", { content: template, language, customerId })).body["text"];
  expect(await preview(first, "fr")).toBe("Bonjour\n\nSuivi : Fermement\n");
  expect(await preview(first, "en")).toBe("Bonjour\n\nSuivi : Firmly\n");
  const without = (await customers()).find((one) => one.id !== first && one.id !== second);
  expect(await preview(without?.id ?? "", "fr")).toBe("Bonjour\n");
  const fields = (await call("GET", "/merge-fields")).body as unknown as { rows: { key: string }[] };
  expect(fields.rows.map((one) => one.key)).toContain("customer.field_handling");
  const made = await call("POST", "/templates", {
    key: "handled",
    name: { fr: "Suivi" },
    content: { fr: textWith("customer.field_nothing") },
  });
  expect(made.body.code).toBe("template_invalid");

  const { rows: all } = (await call("GET", "/custom-fields")).body as unknown as {
    rows: { id: string; key: string; version: number }[];
  };
  const own = all.find((one) => one.key === "handling");
  const gone = await call(
    "PUT",
    `/custom-fields/${own?.id}`,
    { ...own, id: undefined, version: undefined, isActive: false },
    { version: own?.version },
  );
  expect(gone.status).toBe(200);
  expect(written(await decided(content))).toEqual([first]);
});

test("a flag makes a customer stand out until it is ended, and comes back", async () => {
  const [, two] = await customers();
  const made = await call("POST", `/customers/${two?.id}/flags`, { flag: "risk", reason: "Deux impayés" });
  expect(made.status).toBe(201);
  expect((await call("POST", `/customers/${two?.id}/flags`, { flag: "risk", reason: "x" })).body.code).toBe(
    "flag_exists",
  );
  const risky = async () => (await read({ filter: only("customer.is_risky", true) })).rows.length;
  expect(await risky()).toBe(1);
  await call("DELETE", `/flags/${made.body["id"]}`);
  expect(await risky()).toBe(0);
  await call("POST", `/flags/${made.body["id"]}/bring-back`, {});
  expect(await risky()).toBe(1);
});

test("a group is followed by its head, and never contains itself", async () => {
  const [a, b, c] = await customers();
  const tie = (from: string | undefined, to: string | undefined) =>
    call("POST", `/customers/${from}/relations`, { kind: "parent", otherId: to });
  expect((await tie(b?.id, a?.id)).status).toBe(201);
  expect((await tie(c?.id, a?.id)).status).toBe(201);
  expect((await tie(a?.id, b?.id)).body.code).toBe("relation_circular");
  expect((await tie(a?.id, a?.id)).body.code).toBe("relation_circular");
  const group = await read({ filter: only("customer.group", a?.number), columns: "customer.number,customer.members" });
  expect(group.rows.map((row) => row.values["customer.number"]).sort()).toEqual([a?.number, b?.number, c?.number]);
  const profile = await call("GET", `/customers/${a?.id}/profile`);
  expect(profile.body["members"]).toHaveLength(2);
});

test("a group, also of groups, is one customer: its page, the list, the aged balance and the items agree to the cent", async () => {
  const [a, b, c, , , , , , , last] = await customers();
  await call("POST", `/customers/${last?.id}/relations`, { kind: "parent", otherId: b?.id });
  const ids = [a, b, c, last].map((one) => one?.id).sort();
  type Group = { head: { id: string }; members: { id: string; accounts: { id: string }[] }[] };
  for (const one of ids) {
    const group = (await call("GET", `/customers/${one}/group`)).body as unknown as Group;
    expect(group.head.id).toBe(a?.id);
    expect(group.members.map((member) => member.id).sort()).toEqual(ids);
    expect(group.members.every((member) => member.accounts.length > 0)).toBe(true);
  }
  const columns = "customer.outstanding,customer.overdue,customer.open_items";
  const listed = await read({ filter: only("customer.group", a?.number), columns });
  expect(listed.rows.map((row) => row.id).sort()).toEqual(ids);
  type Aged = { totals: { currency: string; total: string; overdue: string }[]; rows: { key: string }[] };
  const aged = (await call("GET", `/aged-balance?by=customer&layers=working&groupOf=${c?.id}`)).body as unknown as Aged;
  expect(aged.totals).toHaveLength(1);
  expect(aged.totals[0]?.total).toBe(listed.sums[0]?.values["customer.outstanding"]);
  expect(aged.totals[0]?.overdue).toBe(listed.sums[0]?.values["customer.overdue"]);
  const open = (await call("GET", `/items?layers=working&limit=500&groupOf=${b?.id}`)).body as unknown as {
    rows: { customerId: string; openBook: { minor: string } }[];
    total: { count: number };
  };
  expect(new Set(open.rows.map((row) => row.customerId)).size).toBeGreaterThan(1);
  expect(String(open.rows.reduce((sum, row) => sum + BigInt(row.openBook.minor), 0n))).toBe(aged.totals[0]?.total);
  expect(open.total.count).toBe(
    listed.rows.reduce((sum, row) => sum + Number(row.values["customer.open_items"] ?? 0), 0),
  );
  const timeline = async (query: string) =>
    (await call("GET", `/customers/${a?.id}/timeline?${query}`)).body as unknown as {
      rows: { id: string; aboutId: string }[];
      next: string | null;
    };
  const whole = (await timeline("group=parent&limit=500")).rows;
  expect(new Set(whole.map((row) => row.id)).size).toBe(whole.length);
  expect(new Set(whole.map((row) => row.aboutId)).size).toBeGreaterThan(1);
  const paged: string[] = [];
  for (let next: string | null = ""; next !== null; ) {
    const page = await timeline(`group=parent&limit=2${next ? `&cursor=${encodeURIComponent(next)}` : ""}`);
    paged.push(...page.rows.map((row) => row.id));
    next = page.next;
  }
  expect(paged).toEqual(whole.map((row) => row.id));
  const alone = (await call("GET", `/customers/${a?.id}/group?kind=payer`)).body as unknown as Group;
  expect(alone.members.map((member) => member.id)).toEqual([a?.id]);
});

test("merging moves accounts, contacts and history to the one kept, no amount changes, and undoing brings all back", async () => {
  const [, , , d, e] = await customers();
  const whole = async () => (await read({ columns: "customer.outstanding,customer.accounts" })).sums[0]?.values;
  const before = await whole();
  const aged = async (id: string | undefined) =>
    (await call("GET", `/aged-balance?by=customer&layers=working&customerId=${id}`)).body;
  const contactsBefore = ((await call("GET", `/customers/${d?.id}/contacts`)).body["rows"] as unknown[]).length;
  const ownBefore = await aged(d?.id);
  const merged = await call("POST", `/customers/${d?.id}/merge`, { mergedId: e?.id, reason: "doublon" });
  expect(merged.status).toBe(201);
  expect(await whole()).toEqual(before);
  const alias = await call("GET", `/customers/${e?.id}`);
  expect(alias.body["id"]).toBe(d?.id);
  const contacts = (await call("GET", `/customers/${d?.id}/contacts`)).body["rows"] as unknown[];
  expect(contacts.length).toBeGreaterThan(contactsBefore);
  expect((await call("POST", `/customers/${e?.id}/merge`, { mergedId: d?.id })).body.code).toBe("merge_refused");
  expect((await call("POST", `/customers/${d?.id}/merge`, { mergedId: d?.id })).body.code).toBe("merge_refused");
  const undone = await call("POST", `/merges/${merged.body["mergeId"]}/undo`, {});
  expect(undone.status).toBe(200);
  expect(await aged(d?.id)).toEqual(ownBefore);
  expect((await call("GET", `/customers/${e?.id}`)).body["id"]).toBe(e?.id);
  expect((await call("POST", `/merges/${merged.body["mergeId"]}/undo`, {})).body.code).toBe("merge_refused");
});

test("whatever is merged and undone: every account has one customer, and undoing all gives the first state back", async () => {
  const all = await customers();
  const links = () =>
    inside((tx) =>
      tx.rows<{ account: string; customer: string }>(sql`
        select account_id as account, customer_id as customer from parties.account_customer
        where tenant_id = ${tx.tenant} and valid_to = 'infinity' order by account_id`),
    );
  const first = await links();
  const step = fc.tuple(fc.nat({ max: all.length - 1 }), fc.nat({ max: all.length - 1 }));
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      const made: string[] = [];
      for (const [kept, merged] of steps) {
        const answer = await call("POST", `/customers/${all[kept]?.id}/merge`, { mergedId: all[merged]?.id });
        if (answer.status === 201) made.push(String(answer.body["mergeId"]));
        const now = await links();
        expect(now.length).toBe(first.length);
        const aliases = await inside((tx) =>
          tx.rows<{ id: string }>(
            sql`select customer_id as id from parties.customer where tenant_id = ${tx.tenant} and merged_into is not null`,
          ),
        );
        const gone = new Set(aliases.map((one) => one.id));
        expect(now.some((one) => gone.has(one.customer))).toBe(false);
      }
      for (const mergeId of made.reverse())
        expect((await call("POST", `/merges/${mergeId}/undo`, {})).status).toBe(200);
      expect(await links()).toEqual(first);
    }),
    { numRuns: Number(process.env["ENCOURS_FUZZ_RUNS"] ?? 8) },
  );
});

test("what people said are two customers is not proposed again, until they say otherwise", async () => {
  const [a, b] = await customers();
  await inside((tx) =>
    tx.run(sql`
      update parties.customer set siren = '552100554'
      where tenant_id = ${tx.tenant} and customer_id = any(${[a?.id ?? "", b?.id ?? ""]}::uuid[])`),
  );
  const proposed = async () => {
    const rows = (await call("GET", "/duplicates")).body["rows"] as { left: { id: string }; right: { id: string } }[];
    return rows.some((row) => [row.left.id, row.right.id].sort().join() === [a?.id, b?.id].sort().join());
  };
  expect(await proposed()).toBe(true);
  await call("POST", "/duplicates/denied", { leftId: b?.id, rightId: a?.id });
  expect(await proposed()).toBe(false);
  await call("POST", "/duplicates/reopened", { leftId: a?.id, rightId: b?.id });
  expect(await proposed()).toBe(true);
});
