import type { AccountLedger, AccountLedgerLine, AccountLedgerQuery } from "#contracts/account-ledger.ts";
import { type CalendarDate, day } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { listCompanies } from "#modules/parties/index.ts";
import type { Tx } from "#platform/database/index.ts";
import { cutPage, totalOf } from "#platform/http/index.ts";
import { findLedgerAccount, type LedgerRow, type LedgerSpan, ledgerRows, ledgerSums } from "../store/account-ledger.ts";

/** A page of an account's ledger with the sums of all its lines; undefined when there is no such account. */
export async function readAccountLedger(
  tx: Tx,
  accountId: Uuid,
  query: AccountLedgerQuery,
  today: CalendarDate,
  after: readonly [string, string] | undefined,
): Promise<AccountLedger | undefined> {
  const account = await findLedgerAccount(tx, accountId);
  const company = account && (await listCompanies(tx)).find((one) => one.id === account.companyId);
  if (!account || !company) return undefined;
  const from = query.from ? day(query.from) : null;
  const to = query.to ? day(query.to) : today;
  const span: LedgerSpan = { accountId, from, to, layers: query.layers };
  const sums = await ledgerSums(tx, span);
  const found = await ledgerRows(tx, span, { limit: query.limit + 1, after });
  const { rows, next } = cutPage(found, query.limit, (row) => [row.postedOn, row.itemId]);
  const money = (minor: bigint) => ({ minor: String(minor), currency: company.bookCurrency });
  return {
    account: { ...account, companyCode: company.code },
    from,
    to,
    opening: money(sums.openingMinor),
    debit: money(sums.debitMinor),
    credit: money(sums.creditMinor),
    closing: money(sums.openingMinor + sums.debitMinor - sums.creditMinor),
    rows: rows.map(toLine),
    next,
    total: totalOf(Number(sums.lines)),
  };
}

function toLine(row: LedgerRow): AccountLedgerLine {
  const { originalMinor, originalBookMinor, currency, bookCurrency, balanceMinor, openBookMinor, settledOn, ...rest } =
    row;
  const book = (minor: bigint) => ({ minor: String(minor), currency: bookCurrency });
  return {
    ...rest,
    debit: originalBookMinor >= 0n ? book(originalBookMinor) : null,
    credit: originalBookMinor < 0n ? book(-originalBookMinor) : null,
    document: currency === bookCurrency ? null : { minor: String(originalMinor), currency },
    balance: book(balanceMinor),
    open: book(openBookMinor),
    settledOn: settledOn === "infinity" ? null : settledOn,
  };
}
