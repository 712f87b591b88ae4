import { expect, test } from "vitest";
import { day } from "#kernel/calendar-date.ts";
import { EUR } from "#kernel/money.ts";
import type { EInvoice } from "./invoice.ts";
import { claimOf, isParty } from "./invoice-claim.ts";

const party = (more: Partial<EInvoice["seller"]> = {}): EInvoice["seller"] => ({
  name: "Alpha",
  siren: null,
  siret: null,
  registration: null,
  vat: null,
  country: "FR",
  endpoint: null,
  email: null,
  ...more,
});
const invoice = (more: Partial<EInvoice> = {}): EInvoice => ({
  syntax: "cii",
  profile: null,
  guideline: null,
  number: "F1",
  type: "380",
  issuedOn: day("2026-01-10"),
  dueOn: day("2026-02-10"),
  currency: EUR,
  netMinor: 10_000n,
  taxMinor: 2_000n,
  totalMinor: 12_000n,
  prepaidMinor: 2_000n,
  roundingMinor: null,
  payableMinor: 10_000n,
  lines: 1,
  seller: party(),
  buyer: party(),
  payee: null,
  ibans: [],
  debitedIban: null,
  orderNumber: null,
  contractNumber: null,
  buyerReference: null,
  paymentReference: null,
  paymentMeans: null,
  precedingInvoices: [],
  instalments: [],
  notes: [],
  terms: null,
  ...more,
});

test("what is left to pay is the claim, and a credit note lowers it", () => {
  expect(claimOf(invoice())).toMatchObject({ totalMinor: 12_000n, payableMinor: 10_000n, isCredit: false });
  expect(claimOf(invoice({ type: "381" }))).toMatchObject({
    totalMinor: -12_000n,
    payableMinor: -10_000n,
    isCredit: true,
  });
});

test("instalments count when they add up to what is left, else there is one due day", () => {
  const two = [
    { dueOn: day("2026-02-10"), minor: 4_000n },
    { dueOn: day("2026-03-10"), minor: 6_000n },
  ];
  expect(claimOf(invoice({ instalments: two })).instalments).toHaveLength(2);
  expect(claimOf(invoice({ instalments: [two[0] ?? { dueOn: day("2026-02-10"), minor: null }] })).instalments).toEqual(
    [],
  );
  expect(claimOf(invoice({ instalments: two, payableMinor: 9_000n })).instalments).toEqual([]);
});

test("what a ledger row cannot do without is refused by the name of the field", () => {
  for (const [field, column] of [
    ["number", "BT-1"],
    ["issuedOn", "BT-2"],
    ["currency", "BT-5"],
  ] as const)
    expect(() => claimOf(invoice({ [field]: null }))).toThrowError(
      expect.objectContaining({ fault: expect.objectContaining({ code: "invoice_incomplete", column }) }),
    );
});

test("a party is known by SIREN, SIRET or VAT number, and another by another", () => {
  const alpha = { siren: "732829320", vatNumber: null };
  expect(isParty(party({ siret: "73282932000074" }), alpha)).toBe(true);
  expect(isParty(party({ vat: "FR 44 732829320" }), alpha)).toBe(true);
  expect(isParty(party({ siren: "542051180" }), alpha)).toBe(false);
  expect(isParty(party(), alpha)).toBeUndefined();
  expect(isParty(party({ vat: "DE123456789" }), { siren: null, vatNumber: "DE 123456789" })).toBe(true);
});
