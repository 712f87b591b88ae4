import { expect, test } from "vitest";
import { checkIdentifiers } from "./identifiers.ts";

test("identifiers are stored compact; a wrong check digit is refused by name", () => {
  expect(checkIdentifiers({ siren: "732 829 320" }, "FR")).toEqual({ ok: true, value: { siren: "732829320" } });
  expect(checkIdentifiers({ siren: "732 829 320 00074" }, "FR")).toEqual({
    ok: true,
    value: { siren: "73282932000074" },
  });
  expect(checkIdentifiers({ siren: "732829321" }, "FR")).toMatchObject({ ok: false, code: "invalid_siren" });
  expect(checkIdentifiers({ vatNumber: "FR 44 732829320" }, "FR")).toMatchObject({
    value: { vatNumber: "FR44732829320" },
  });
  expect(checkIdentifiers({ vatNumber: "FR45732829320" }, "FR")).toMatchObject({ code: "invalid_vat_number" });
  expect(checkIdentifiers({ vatNumber: "BE0428.759.497" }, "BE")).toMatchObject({
    value: { vatNumber: "BE0428759497" },
  });
  expect(checkIdentifiers({ vatNumber: "732829320" }, "FR")).toMatchObject({ code: "invalid_vat_number" });
  expect(checkIdentifiers({ iban: "FR76 3000 6000 0112 3456 7890 189" }, "FR")).toMatchObject({
    value: { iban: "FR7630006000011234567890189" },
  });
  expect(checkIdentifiers({ iban: "FR7630006000011234567890188" }, "FR")).toMatchObject({ code: "invalid_iban" });
});

test("another country's registration number is kept as written, and nothing given is nothing checked", () => {
  expect(checkIdentifiers({ siren: "HRB84711" }, "DE")).toEqual({ ok: true, value: { siren: "HRB84711" } });
  expect(checkIdentifiers({ siren: null, vatNumber: " " }, "FR")).toMatchObject({ ok: true });
  expect(checkIdentifiers({}, "FR")).toEqual({ ok: true, value: {} });
});
