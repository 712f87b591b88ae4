import { day } from "#kernel/calendar-date.ts";
import type { SourceDetail, SourceEntry, SourceFile, SourceStatement } from "../core/source-statement.ts";

/** For tests: a booked credit of one detail; a test states only what matters. */
export function anEntry(
  minor: bigint,
  given: Partial<SourceEntry> & { detail?: Partial<SourceDetail> } = {},
): SourceEntry {
  const { detail, ...entry } = given;
  return {
    position: "1",
    amountMinor: minor,
    isReversal: false,
    status: "booked",
    bookedOn: day("2026-03-10"),
    valueOn: day("2026-03-10"),
    bankReference: null,
    kind: "transfer",
    text: "",
    key: `key-${minor}-${detail?.remittance ?? ""}-${detail?.endToEndId ?? ""}`,
    details: [
      {
        amountMinor: minor,
        endToEndId: null,
        mandateId: null,
        payerName: null,
        payerIban: null,
        ultimatePayer: null,
        creditorReference: null,
        documents: [],
        remittance: "",
        reason: null,
        feeMinor: null,
        ...detail,
      },
    ],
    ...entry,
  };
}

/** For tests: a statement whose chain closes over its entries. */
export function aStatement(
  account: string,
  entries: readonly SourceEntry[],
  given: Partial<SourceStatement> = {},
): SourceStatement {
  const opening = given.opening?.minor ?? 0n;
  return {
    account,
    currency: "EUR",
    number: "1",
    from: day("2026-03-10"),
    to: day("2026-03-10"),
    closing: { on: day("2026-03-10"), minor: opening + entries.reduce((sum, entry) => sum + entry.amountMinor, 0n) },
    chain: "ok",
    scope: "statement",
    entries,
    ...given,
    opening: { on: day("2026-03-10"), minor: opening },
  };
}

export const aFile = (...statements: SourceStatement[]): SourceFile => ({
  format: "test",
  statements,
  returns: [],
  warnings: [],
});
