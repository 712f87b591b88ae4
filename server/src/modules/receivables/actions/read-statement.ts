import type { Statement, StatementQuery } from "#contracts/receivables.ts";
import { type CalendarDate, day, daysBetween } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { findCustomer } from "#modules/parties/index.ts";
import type { Tx } from "#platform/database/index.ts";
import { openingBalances, STATEMENT_LIMIT, type StatementRow, statementRows } from "../store/statement.ts";
import { companyCodes } from "./company-codes.ts";

/** Statement of account of a customer, company by company, balances in the company's book currency. Undefined when there is no such customer. */
export async function readStatement(
  tx: Tx,
  customerId: Uuid,
  query: StatementQuery,
  today: CalendarDate,
): Promise<Statement | undefined> {
  if (!(await findCustomer(tx, customerId))) return undefined;
  const asOf = query.asOf ? day(query.asOf) : today;
  const from = query.from ? day(query.from) : null;
  const filter = { customerId, asOf, from, companyId: query.companyId, layers: query.layers };
  const rows = await statementRows(tx, filter);
  const isCut = rows.length > STATEMENT_LIMIT;
  const byCompany = Map.groupBy(rows.slice(0, STATEMENT_LIMIT), (row) => row.companyId);
  const codes = await companyCodes(tx);
  const balances = await openingBalances(tx, filter);
  return {
    customerId,
    asOf,
    from,
    layers: query.layers,
    companies: balances.flatMap(({ companyId, bookCurrency, minor }) => {
      const opening = from ? minor : 0n;
      const lines = byCompany.get(companyId) ?? [];
      if (lines.length === 0 && opening === 0n) return [];
      const { code, name } = codes(companyId);
      const money = (amount: bigint) => ({ minor: String(amount), currency: bookCurrency });
      const shown = withBalance(lines, opening, from !== null, asOf, code);
      return [
        {
          companyId,
          companyCode: code,
          companyName: name,
          opening: money(opening),
          closing: shown.at(-1)?.balance ?? money(opening),
          overdue: money(
            lines.reduce(
              (sum, row) => (row.dueOn < asOf && row.openBookMinor > 0n ? sum + row.openBookMinor : sum),
              0n,
            ),
          ),
          lines: shown,
          isCut,
        },
      ];
    }),
  };
}

function withBalance(
  rows: readonly StatementRow[],
  opening: bigint,
  isMovements: boolean,
  asOf: CalendarDate,
  companyCode: string,
) {
  let balance = opening;
  return rows.map((row) => {
    balance += isMovements ? row.originalBookMinor : row.openBookMinor;
    return {
      itemId: row.itemId,
      companyCode,
      kind: row.kind,
      documentNo: row.documentNo,
      label: row.label,
      issuedOn: row.issuedOn,
      postedOn: row.postedOn,
      dueOn: row.dueOn,
      daysPastDue: daysBetween(row.dueOn, asOf),
      original: { minor: String(row.originalMinor), currency: row.currency },
      open: { minor: String(row.openMinor), currency: row.currency },
      balance: { minor: String(balance), currency: row.bookCurrency },
    };
  });
}
