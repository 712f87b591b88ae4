import type { z } from "zod";
import type { BankAccount, Statement } from "#contracts/cash.ts";
import type { BankAccountRow } from "./store/account-rows.ts";
import type { StatementRow } from "./store/statement-rows.ts";

const money = (minor: bigint | null, currency: string | null) =>
  minor === null || currency === null ? null : { minor: String(minor), currency };

export function statementView(row: StatementRow): z.input<typeof Statement> {
  const { openingMinor, closingMinor, creditMinor, debitMinor, findings, ...rest } = row;
  return {
    ...rest,
    opening: money(openingMinor, row.currency),
    closing: money(closingMinor, row.currency),
    credit: money(creditMinor, row.currency),
    debit: money(debitMinor, row.currency),
    findings: findings.map((one) => ({ ...one, values: { ...one.values } })),
  };
}

export const accountView = ({
  bookCurrency: _,
  lastClosingMinor,
  ...row
}: BankAccountRow): z.input<typeof BankAccount> => ({
  ...row,
  lastClosing: money(lastClosingMinor, row.currency),
});
