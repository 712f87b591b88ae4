import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#kernel/ids.ts";
import { find, replaceEntries } from "#platform/search/index.ts";
import { aTestDatabase, type TestDatabase } from "../../testing/database.ts";

let t: TestDatabase;
const ids = new Map<string, string>();
beforeAll(async () => {
  t = await aTestDatabase();
  const texts = [
    "C00012 Café de l’Été compta@cafe.example",
    "C00120 Boulangerie du Parc",
    "C01200 Parc Agencement",
    "FA2609-4587 1240.50",
    "FA2609-4588 99.00",
    "Müller GmbH",
  ];
  await t.db.transaction(t.tenant, (tx) =>
    replaceEntries(
      tx,
      texts.map((text) => {
        const id = newId();
        ids.set(id, text);
        return { kind: "customer", id, text };
      }),
    ),
  );
  const other = await t.anotherTenant();
  await t.db.transaction(other, (tx) => replaceEntries(tx, [{ kind: "customer", id: newId(), text: "Café secret" }]));
});
afterAll(() => t.close());

const found = async (text: string) =>
  (await t.db.transaction(t.tenant, (tx) => find(tx, text, 10))).map((one) => ids.get(one.id));

test.each([
  ["cafe", ["C00012 Café de l’Été compta@cafe.example"]],
  ["ÉTÉ", ["C00012 Café de l’Été compta@cafe.example"]],
  ["C0012", ["C00120 Boulangerie du Parc"]],
  ["4587", ["FA2609-4587 1240.50"]],
  ["1240.50", ["FA2609-4587 1240.50"]],
  ["muler", ["Müller GmbH"]],
  ["boulangeri du", ["C00120 Boulangerie du Parc"]],
  ["compta@", ["C00012 Café de l’Été compta@cafe.example"]],
])("%s is found, accents and case aside, inside numbers, with one mistake in a word", async (text, expected) => {
  expect(await found(text)).toEqual(expect.arrayContaining(expected));
});

test("beginnings come before insides, near numbers are not guessed, and another tenant's entries are not there", async () => {
  expect((await found("parc"))[0]).toBe("C00120 Boulangerie du Parc");
  expect(await found("C09999")).toEqual([]);
  expect(await found("secret")).toEqual([]);
  expect(await found("%_%")).toEqual([]);
  expect(await found("x")).toEqual([]);
});
