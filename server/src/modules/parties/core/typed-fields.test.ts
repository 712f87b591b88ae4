import { expect, test } from "vitest";
import type { ContactWrite } from "#contracts/parties.ts";
import { CONTACT_FIELDS, customerValue, fieldText, newlyTyped } from "./typed-fields.ts";

test("only what changed is typed, with what stood there before", () => {
  const before = {
    name: "A",
    email: "a@x.example",
    phone: null,
    language: null,
    roles: ["accounting" as const],
    isInCharge: true,
  };
  const after = { ...before, phone: "+33100000000", roles: ["accounting" as const, "buyer" as const] };
  expect(newlyTyped<ContactWrite>(CONTACT_FIELDS, before, after)).toEqual([
    { field: "phone", before: null },
    { field: "roles", before: "accounting" },
  ]);
});

test("a term in days comes back as a number, nothing as nothing", () => {
  expect(customerValue("termDays", fieldText(45))).toBe(45);
  expect(customerValue("termDays", null)).toBeNull();
  expect(customerValue("city", "Lyon")).toBe("Lyon");
});
