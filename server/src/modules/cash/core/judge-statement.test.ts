import { describe, expect, test } from "vitest";
import { day } from "#kernel/calendar-date.ts";
import { judgeStatement, type StatementContext } from "./judge-statement.ts";
import {
  applicable,
  plainAccount,
  type SourceDetail,
  type SourceEntry,
  type SourceStatement,
  sideOf,
} from "./source-statement.ts";

const statement = (given: Partial<SourceStatement> = {}): SourceStatement => ({
  account: "FR7630006000011234567890189",
  currency: "EUR",
  number: "12",
  from: day("2026-03-01"),
  to: day("2026-03-31"),
  opening: { on: day("2026-03-01"), minor: 1_000n },
  closing: { on: day("2026-03-31"), minor: 5_000n },
  chain: "ok",
  scope: "statement",
  entries: [],
  ...given,
});
const context: StatementContext = {
  account: { companyId: "c", currency: "EUR", isActive: true },
  knownCurrencies: ["EUR"],
  wantedCompanyId: null,
  previous: { to: day("2026-02-28"), closingMinor: 1_000n },
  lines: 3,
  knownLines: 0,
  isSameFile: false,
};
const codes = (s: SourceStatement, c: Partial<StatementContext> = {}, only: "all" | "blocking" = "blocking") =>
  judgeStatement(s, { ...context, ...c })
    .filter((one) => only === "all" || one.blocks)
    .map((one) => one.code);

describe("the verdict on a statement", () => {
  test("a statement that follows on is taken", () => expect(codes(statement())).toEqual([]));

  test("an account nobody knows, of another company, in another currency, or closed waits for a decision", () => {
    expect(codes(statement(), { account: null, knownCurrencies: [] })).toEqual(["unknown_account"]);
    expect(codes(statement({ currency: "USD" }), { account: null })).toEqual(["other_currency"]);
    expect(codes(statement(), { wantedCompanyId: "d" })).toEqual(["other_company"]);
    expect(codes(statement(), { account: { companyId: "c", currency: "EUR", isActive: false } })).toEqual([
      "inactive_account",
    ]);
  });

  test("a chain that does not close within the file or with the statement before waits", () => {
    expect(codes(statement({ chain: "broken" }))).toEqual(["chain_broken"]);
    expect(codes(statement({ opening: { on: null, minor: 999n } }))).toEqual(["opening_differs"]);
    const late = statement({ from: day("2026-03-10"), opening: { on: null, minor: 999n } });
    expect(judgeStatement(late, context).filter((one) => one.blocks)).toEqual([
      { code: "gap", blocks: true, values: { opening: "999", closing: "1000", from: "2026-03-01", to: "2026-03-09" } },
    ]);
    expect(codes(statement({ from: day("2026-03-10") }))).toEqual([]);
  });

  test("known lines and a file seen before are said, and block nothing", () => {
    expect(codes(statement(), { knownLines: 3, isSameFile: true }, "all")).toEqual([
      "same_file",
      "nothing_in_it",
      "all_known",
    ]);
    expect(codes(statement({ from: day("2026-02-20"), opening: null }), {}, "all")).toContain("overlap");
    expect(codes(statement(), { knownLines: 1 }, "all")).toContain("some_known");
  });
});

test("a line is a receipt, a return, or none of the ledger's business", () => {
  const detail = (minor: bigint, reason: SourceDetail["reason"] = null) =>
    ({ amountMinor: minor, reason }) as SourceDetail;
  const side = (kind: Parameters<typeof sideOf>[0]["kind"], minor: bigint, isReversal = false, code?: string) =>
    sideOf({ kind, isReversal }, detail(minor, code ? { code, text: null } : null));
  expect([side("transfer", 1n), side("cheque", 1n), side("direct_debit", 1n)]).toEqual([
    "receipt",
    "receipt",
    "receipt",
  ]);
  expect([side("return", -1n), side("direct_debit", -1n, true), side("direct_debit", -1n, false, "AM04")]).toEqual([
    "return",
    "return",
    "return",
  ]);
  expect([side("fee", -1n), side("interest", 1n), side("transfer", -1n), side("transfer", 1n, true)]).toEqual([
    "other",
    "other",
    "other",
    "other",
  ]);
  expect(plainAccount("fr76 3000-6000")).toBe("FR7630006000");
});

test("details make up their entry, or the entry counts as one line with all that they say", () => {
  const detail = (minor: bigint, remittance: string) =>
    ({ amountMinor: minor, remittance, documents: [], payerName: "A" }) as unknown as SourceDetail;
  const entry = (minor: bigint, ...details: SourceDetail[]) =>
    ({ amountMinor: minor, details }) as unknown as SourceEntry;
  expect(applicable(entry(30n, detail(10n, "F1"), detail(20n, "F2")))).toHaveLength(2);
  expect(applicable(entry(30n, detail(0n, "F1"), detail(0n, "F2")))).toMatchObject([
    { amountMinor: 30n, remittance: "F1 F2", payerName: null },
  ]);
  expect(applicable(entry(30n, detail(29n, "F1")))).toMatchObject([{ amountMinor: 30n, payerName: "A" }]);
});
