import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fold } from "#kernel/text.ts";
import { type Comparable, findDuplicates, nameWords } from "./duplicates.ts";

const customer = (id: string, name: string, more: Partial<Comparable> = {}): Comparable => ({
  id,
  number: `X${id}`,
  foldedName: fold(name),
  country: "FR",
  siren: null,
  vatNumber: null,
  email: null,
  phone: null,
  postalCode: null,
  ...more,
});

const pairs = (...customers: Comparable[]) =>
  findDuplicates(customers).map((pair) => [pair.left, pair.right, pair.reasons] as const);

test("names that differ by legal form, accents or word order are the same name", () => {
  expect(nameWords(fold("SARL Les Vergers d’Été"))).toEqual(nameWords(fold("VERGERS ETE SAS")));
  expect(pairs(customer("1", "WAL-MAR corp"), customer("2", "WAL-MAR us"))).toEqual([["1", "2", ["same_name"]]]);
  expect(pairs(customer("1", "Dupont Frères"), customer("2", "Durand Frères"))).toEqual([]);
});

test("numbers that differ by leading zeros are proposed, short ones are not", () => {
  expect(pairs(customer("1", "A", { number: "0200769623" }), customer("2", "B", { number: "200769623" }))).toEqual([
    ["1", "2", ["number_zeros"]],
  ]);
  expect(pairs(customer("1", "A", { number: "01" }), customer("2", "B", { number: "1" }))).toEqual([]);
});

test("the same registration number wins, two different ones speak against the same name", () => {
  expect(
    pairs(customer("1", "Alpha", { siren: "552 100 554" }), customer("2", "Omega", { siren: "552100554" })),
  ).toEqual([["1", "2", ["siren"]]]);
  expect(pairs(customer("1", "Alpha", { siren: "552100554" }), customer("2", "Alpha", { siren: "542107651" }))).toEqual(
    [],
  );
});

test("a mailbox shared by a crowd says nothing", () => {
  const crowd = Array.from({ length: 60 }, (_, n) =>
    customer(String(n), `Client numéro ${n}x`, { email: "compta@x.example", phone: "+33100000000" }),
  );
  expect(findDuplicates(crowd)).toEqual([]);
});

test("whatever the customers: pairs are of two different customers, once each, whatever their order", () => {
  const any = fc.record({
    name: fc.constantFrom("Alpha SAS", "ALPHA", "Beta Gamma", "Gamma Béta SARL", "Delta"),
    number: fc.constantFrom("001234", "1234", "A1", "9876"),
    siren: fc.option(fc.constantFrom("552100554", "542107651"), { nil: null }),
    postalCode: fc.option(fc.constantFrom("75001", "69002"), { nil: null }),
  });
  fc.assert(
    fc.property(fc.array(any, { maxLength: 25 }), (rows) => {
      const customers = rows.map(({ name, ...more }, n) => customer(String(n).padStart(3, "0"), name, more));
      const found = findDuplicates(customers);
      expect(new Set(found.map((pair) => `${pair.left}/${pair.right}`)).size).toBe(found.length);
      for (const pair of found) expect(pair.left < pair.right).toBe(true);
      expect(findDuplicates([...customers].reverse())).toEqual(found);
    }),
  );
});

const samples = process.env["ENCOURS_SAMPLES"];
const file = samples ? path.join(samples, "receivables/highradius-open-invoices-U001.csv") : "";
test.skipIf(!existsSync(file))("a public list of invoices: the same customer under many names is found", () => {
  const lines = readFileSync(file, "utf8").split(/\r?\n/).slice(1).filter(Boolean);
  const byNumber = new Map<string, string>();
  const header = readFileSync(file, "utf8").split(/\r?\n/)[0]?.split(",") ?? [];
  const [number, name] = [header.indexOf("cust_number"), header.indexOf("name_customer")];
  for (const line of lines) {
    const cells = line.split(",");
    byNumber.set(cells[number] ?? "", cells[name] ?? "");
  }
  const customers = [...byNumber].map(([no, text], n) => customer(String(n).padStart(5, "0"), text, { number: no }));
  const found = findDuplicates(customers);
  const zeros = found.filter((pair) => pair.reasons.includes("number_zeros"));
  const stripped = new Set(customers.map((one) => one.number.toLowerCase().replace(/^0+/, "")));
  expect(zeros.length).toBeGreaterThanOrEqual(customers.length - stripped.size);
  expect(zeros.length).toBeGreaterThan(100);
});
