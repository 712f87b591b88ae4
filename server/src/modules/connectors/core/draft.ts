import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { SourceItem } from "#modules/receivables/index.ts";

/** One ledger row as a file gives it: its account by name, its due day where the file has one. */
export type ItemDraft = Omit<SourceItem, "accountId" | "dueOn" | "isDueEstimated" | "line"> & {
  readonly controlAccount: string;
  readonly auxiliary: string;
  readonly accountName: string;
  readonly dueOn: CalendarDate | null;
  /** Term in days that the row itself states, before those of the customer. */
  readonly termDays?: number;
  readonly line: number;
};
