import { afterAll, beforeAll, expect, test } from "vitest";
import { PERMISSIONS } from "#contracts/permissions.ts";
import type { Statement } from "#contracts/receivables.ts";
import { day } from "#kernel/calendar-date.ts";
import { currency, money } from "#kernel/money.ts";
import { formatMoney } from "#modules/correspondence/index.ts";
import { apiOf } from "../../testing/api.ts";
import { aTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { testServices } from "../../testing/services.ts";
import { seedWorld } from "./demo/seed.ts";
import { demoSize, makeWorld } from "./demo/world.ts";

const TODAY = day("2026-11-21");

let t: TestDatabase;
let call: Api["call"];
let close: Api["close"];
type Api = Awaited<ReturnType<typeof apiOf>>;

beforeAll(async () => {
  t = await aTestDatabase();
  const services = testServices(t);
  const actor = t.actor(PERMISSIONS);
  await seedWorld(services, actor, makeWorld({ ...demoSize(TODAY), customers: 20, companies: 3 }), TODAY);
  ({ call, close } = await apiOf(services, actor));
});
afterAll(async () => {
  await close();
  await t.close();
});

const LETTER = {
  recipient: "compta@client.example",
  recipientName: "Ada",
  language: "fr",
  note: "Un mot <b>à moi</b>.",
};

const statementOf = async (customerId: string) =>
  (await call("GET", `/customers/${customerId}/statement?layers=working`)).body as unknown as Statement;

const customers = async (): Promise<string[]> =>
  ((await call("GET", "/lists/customers?limit=500")).body["rows"] as { id: string }[]).map((row) => row.id);

test("the mail says what the statement says, per company and currency, to the cent, and what a person typed is no markup", async () => {
  let tables = 0;
  for (const customerId of await customers()) {
    const statement = await statementOf(customerId);
    const shown = await call("POST", `/customers/${customerId}/statement/preview`, LETTER);
    expect(shown.status).toBe(200);
    const text = String(shown.body["text"]);
    expect(String(shown.body["html"])).toContain("Un mot &lt;b&gt;à moi&lt;/b&gt;.");
    for (const company of statement.companies) {
      for (const [code, lines] of Map.groupBy(company.lines, (line) => line.open.currency)) {
        tables += 1;
        const total = lines.reduce((sum, line) => sum + BigInt(line.open.minor), 0n);
        expect(text).toContain(formatMoney(money(total, currency(code)), "fr"));
        for (const line of lines) if (line.documentNo) expect(text).toContain(line.documentNo);
      }
      if (statement.companies.length > 1) expect(text).toContain(company.companyName);
    }
    if (statement.companies.length === 0) expect(text).toContain("Votre compte est soldé");
  }
  expect(tables).toBeGreaterThan(10);
});

test("what is sent is what was seen; held, once per key, and in the history", async () => {
  let chosen = "";
  for (const customerId of await customers())
    if ((await statementOf(customerId)).companies.length > 0) chosen = customerId;
  const seen = (await call("POST", `/customers/${chosen}/statement/preview`, LETTER)).body;
  const first = await call("POST", `/customers/${chosen}/statement/send`, LETTER, { key: "one-statement" });
  expect(first.status).toBe(201);
  expect(first.body["state"]).toBe("held");
  const again = await call("POST", `/customers/${chosen}/statement/send`, LETTER, { key: "one-statement" });
  expect(again.body["messageId"]).toBe(first.body["messageId"]);
  const message = (await call("GET", `/messages/${String(first.body["messageId"])}`)).body;
  expect(message["rendered"]).toEqual(seen);
  const sent = (await call("GET", `/messages?customerId=${chosen}`)).body["rows"] as unknown[];
  expect(sent).toHaveLength(1);
  const timeline = (await call("GET", `/customers/${chosen}/timeline`)).body["rows"] as { kind: string }[];
  expect(timeline.map((one) => one.kind)).toContain("correspondence.statement.sent");
});

test("a wrong address, a day to come and an unknown company are refused, and nothing is kept", async () => {
  const [customerId] = await customers();
  const refused = async (part: object) =>
    (await call("POST", `/customers/${customerId}/statement/send`, { ...LETTER, ...part })).body["code"];
  expect(await refused({ recipient: "nobody" })).toBe("invalid_email");
  expect(await refused({ asOf: "2027-01-01" })).toBe("statement_of_the_future");
  expect(await refused({ companyId: "01990000-0000-7000-8000-000000000000" })).toBe("not_found");
  expect((await call("GET", `/messages?customerId=${customerId}`)).body["rows"]).toEqual([]);
});
