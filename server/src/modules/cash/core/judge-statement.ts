import { addDays, type CalendarDate } from "#kernel/calendar-date.ts";
import type { SourceStatement } from "./source-statement.ts";

/** What stands out in a statement before it is imported; `blocks`: it waits for a person's decision. */
export type Finding = {
  readonly code:
    | "unknown_account"
    | "inactive_account"
    | "other_company"
    | "other_currency"
    | "no_currency"
    | "chain_broken"
    | "opening_differs"
    | "gap"
    | "overlap"
    | "same_file"
    | "all_known"
    | "some_known"
    | "pending_left_out"
    | "nothing_in_it";
  readonly blocks: boolean;
  readonly values: Readonly<Record<string, string>>;
};

export type StatementContext = {
  /** The bank account of that number and currency; null when there is none. */
  readonly account: { readonly companyId: string; readonly currency: string; readonly isActive: boolean } | null;
  /** Currencies that the number is known in. */
  readonly knownCurrencies: readonly string[];
  /** The company that the file was meant for, when somebody said so. */
  readonly wantedCompanyId: string | null;
  /** The last statement imported for the account. */
  readonly previous: { readonly to: CalendarDate | null; readonly closingMinor: bigint | null } | null;
  readonly lines: number;
  readonly knownLines: number;
  readonly isSameFile: boolean;
};

/**
 * The verdict on one statement before anything is kept of it: is the account ours and the company's, does the balance chain close within it and with the
 * statement before, is there a gap or an overlap, which lines are known already (FEATURES ALC-01).
 */
export function judgeStatement(statement: SourceStatement, context: StatementContext): Finding[] {
  const found: Finding[] = [];
  const add = (code: Finding["code"], blocks: boolean, values: Finding["values"] = {}) =>
    found.push({ code, blocks, values });
  const { account, previous } = context;
  if (!account) {
    if (context.knownCurrencies.length > 0 && statement.currency)
      add("other_currency", true, { currency: statement.currency, known: context.knownCurrencies.join(", ") });
    else add("unknown_account", true, { account: statement.account });
  } else {
    if (!account.isActive) add("inactive_account", true);
    if (context.wantedCompanyId && account.companyId !== context.wantedCompanyId) add("other_company", true);
    if (!statement.currency) add("no_currency", false, { currency: account.currency });
  }
  if (context.isSameFile) add("same_file", false);
  if (statement.chain === "broken") add("chain_broken", true);
  if (statement.entries.length === 0) add("nothing_in_it", false);
  const pending = statement.entries.filter((entry) => entry.status !== "booked").length;
  if (pending > 0) add("pending_left_out", false, { count: String(pending) });
  if (context.lines > 0 && context.knownLines === context.lines) add("all_known", false);
  else if (context.knownLines > 0) add("some_known", false, { count: String(context.knownLines) });
  if (statement.scope === "statement" && previous) againstPrevious(statement, previous, context, add);
  return found;
}

type Add = (code: Finding["code"], blocks: boolean, values?: Finding["values"]) => void;

function againstPrevious(
  statement: SourceStatement,
  previous: NonNullable<StatementContext["previous"]>,
  context: StatementContext,
  add: Add,
): void {
  const { from, to } = statement;
  const isLater = from !== null && previous.to !== null && from > previous.to;
  const isNext = isLater && from <= addDays(previous.to, 1);
  const isOverlap = from !== null && to !== null && previous.to !== null && from <= previous.to;
  if (isOverlap && context.knownLines === 0 && context.lines > 0) add("overlap", false, { until: previous.to ?? "" });
  if (statement.opening === null || previous.closingMinor === null || !isLater) return;
  // equal balances close the chain whatever days lie between: nothing moved
  if (statement.opening.minor === previous.closingMinor) return;
  const values = { opening: String(statement.opening.minor), closing: String(previous.closingMinor) };
  if (isNext) add("opening_differs", true, values);
  else add("gap", true, { ...values, from: addDays(previous.to ?? from, 1), to: addDays(from, -1) });
}
