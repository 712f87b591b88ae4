import type { CalendarDate } from "#kernel/calendar-date.ts";

export type BlockCode = "stopped" | "disputed" | "promised" | "insolvent" | "excluded" | "covered" | "item_not_taken";

/** Why an item may not be claimed now. `until` is the last day it holds; absent: no day is known. */
export type Block = { readonly code: BlockCode; readonly until?: CalendarDate };

/** One open item as the planner sees it: working open, document and book currency, with the item's sign (credits and payments negative). */
export type ItemFacts = {
  readonly itemId: string;
  readonly dueOn: CalendarDate;
  readonly openMinor: bigint;
  readonly openBookMinor: bigint;
  readonly block?: Block | undefined;
  /** One bit per condition on items that it satisfies, as steps number them; absent: no step has one. */
  readonly holds?: number | undefined;
};

/** Does the item satisfy the condition with that bit? */
export const satisfies = (item: ItemFacts, bit: number | null): boolean =>
  bit === null || ((item.holds ?? 0) & (1 << bit)) !== 0;

/** What was sent to a group in its last cycle of reminders. */
export type CycleFacts = {
  readonly no: number;
  readonly lastStep: { readonly stepKey: string; readonly level: number; readonly sentOn: CalendarDate };
  /** Is an item that one of its messages listed still open? */
  readonly listedOpen: boolean;
  /** Day on which the last listed item was settled; absent while one is open, or when all of them turned out void. */
  readonly closedOn?: CalendarDate | undefined;
  readonly thanked: boolean;
};

export type History = {
  readonly cycle?: CycleFacts | undefined;
  /** Latest due date that a courtesy message of the group covered. */
  readonly courtesyUpTo?: CalendarDate | undefined;
  /** Day of the last message of any track. */
  readonly lastSentOn?: CalendarDate | undefined;
  /** A message of the group that is on its way, in doubt, or was refused for good. */
  readonly pending?: { readonly messageId: string; readonly state: "pending" | "in_doubt" | "refused" } | undefined;
};

export type Recipient = { readonly contactId: string | null; readonly address: string; readonly name: string };

/** All that the planner knows of one group on a day: one company, one currency, one payer by the scenario's grouping. */
export type GroupFacts = {
  readonly groupKey: string;
  readonly items: readonly ItemFacts[];
  /** Net overdue of the customer in the company after credits and unapplied cash, in book currency, over all its groups. */
  readonly customerNetBookMinor: bigint;
  readonly history: History;
  /** Who receives a step of that role, one message each; empty when nobody can be reached. */
  readonly recipientsFor: (role: string) => readonly Recipient[];
  /** Was the ledger of the company loaded within the tenant's limit? */
  readonly dataFresh: boolean;
  /** Do the customer's accounts in the company tie to what their source states, or were their differences waived? */
  readonly isProved: boolean;
  /** Do we owe the customer something in the company, with set-off agreed? */
  readonly isSetOffAgreed: boolean;
  /** What conditions of steps may read, besides the message's own figures. */
  readonly conditionFacts: Readonly<Record<string, string | bigint | boolean | null>>;
};

export type SkipCode =
  | BlockCode
  | "nothing_due"
  | "item_below_minimum"
  | "below_minimum"
  | "not_yet_due"
  | "too_soon"
  | "scenario_finished"
  | "condition_not_met"
  | "message_pending"
  | "in_doubt"
  | "refused"
  | "other_step_today"
  | "no_contact"
  | "data_stale"
  | "account_in_difference";

export type RemarkCode =
  | "step_to_confirm"
  | "manual_step"
  | "above_ceiling"
  | "set_off_agreed"
  | "data_stale"
  | "account_in_difference";

export type Values = Readonly<Record<string, string | number>>;

/** An item the message leaves out, and why. */
export type LeftOut = { readonly itemId: string; readonly code: SkipCode; readonly until?: CalendarDate | undefined };

export type MessageDecision = {
  readonly kind: "message";
  readonly track: "courtesy" | "reminder" | "thanks";
  readonly stepKey: string;
  readonly level: number;
  /** Occasion within the group: number of the cycle, or the last due date that a courtesy covers. */
  readonly cycle: string;
  readonly recipients: readonly Recipient[];
  /** Debits oldest first, then credits; their sum is `amountMinor`. */
  readonly items: readonly ItemFacts[];
  readonly amountMinor: bigint;
  readonly amountBookMinor: bigint;
  readonly oldestDueOn?: CalendarDate | undefined;
  readonly remarks: readonly RemarkCode[];
  readonly why: readonly { readonly code: string; readonly values: Values }[];
  readonly leftOut: readonly LeftOut[];
};

export type SkipDecision = {
  readonly kind: "skip";
  readonly code: SkipCode;
  readonly values: Values;
  /** First day on which the group may be written to again, when one is known. */
  readonly resumesOn?: CalendarDate | undefined;
  /** What stays unclaimed: the group's overdue debits. */
  readonly amountMinor: bigint;
  readonly oldestDueOn?: CalendarDate | undefined;
  readonly itemCount: number;
  readonly leftOut: readonly LeftOut[];
  /** Work for a person that would end the reason. */
  readonly task?: "match" | "complete_contact" | undefined;
  readonly stepKey?: string | undefined;
};

export type Decision = MessageDecision | SkipDecision;
