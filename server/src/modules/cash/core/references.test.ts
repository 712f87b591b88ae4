import { expect, test } from "vitest";
import { creditorReference, isOneTypoAway, readReferences, structuredCommunication } from "./references.ts";

const read = (text: string) => readReferences({ text, creditorReference: null, documents: [] });

test("a creditor reference counts when its check digits hold", () => {
  expect(creditorReference("RF18 5390 0754 7034")).toBe("539007547034");
  expect(creditorReference("RF19 5390 0754 7034")).toBeUndefined();
  expect(read("paiement RF18539007547034 merci").checked).toEqual(["539007547034"]);
  expect(read("RF18 5390 0754 7034 FACTURE DE MAI").checked).toEqual(["539007547034"]);
});

test("a Belgian structured communication counts when its check digits hold", () => {
  expect(structuredCommunication("+++090/9337/55493+++")).toBe("0909337554");
  expect(structuredCommunication("+++090/9337/55494+++")).toBeUndefined();
  expect(structuredCommunication("000000000097")).toBe("0000000000");
  expect(read("***090/9337/55493***").checked).toEqual(["0909337554"]);
});

test("invoice numbers are read whatever signs stand between their parts", () => {
  for (const text of ["fact FA2405-00123", "FA 2405 00123", "Fa2405/00123.", "règlement FA240500123"])
    expect(read(text).numbers).toContain("FA240500123");
  expect(read("solde … 4587").digits).toContain("4587");
  expect(read("merci de votre confiance").numbers).toEqual([]);
});

test("a typo is one sign wrong, missing, too many, or two neighbours swapped", () => {
  for (const other of ["FA2405X0123", "FA24050123", "FA2405001123", "FA240500132"])
    expect([other, isOneTypoAway("FA240500123", other)]).toEqual([other, true]);
  for (const other of ["FA240500123", "FA250600123", "FA2405"]) expect(isOneTypoAway("FA240500123", other)).toBe(false);
});

test("any text is read in bounded time", () => {
  const { numbers } = read("123456 ".repeat(100_000));
  expect(numbers.length).toBeLessThan(10);
});
