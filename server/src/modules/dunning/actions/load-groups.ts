import { addDays, type CalendarDate, fromDayNumber } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { parseEmailAddress, suppressedAddresses } from "#modules/correspondence/index.ts";
import { agreedOwed } from "#modules/credit/index.ts";
import type { Tx } from "#platform/database/index.ts";
import type { Block, CycleFacts, GroupFacts, History, ItemFacts } from "../core/facts.ts";
import { coverByCredits } from "../core/group-items.ts";
import { groupKeyOf } from "../core/occasion.ts";
import { recipientsOf } from "../core/recipients.ts";
import { type Scenario, stepsOf, THANKS_EXPIRE_DAYS } from "../core/scenario.ts";
import { type GroupHistoryRow, groupHistories, listedItems } from "../store/history-rows.ts";
import {
  codedItems,
  customersInDifference,
  type ItemConditions,
  type PackedAccount,
  packedOpenItems,
  settledDays,
} from "../store/ledger-reads.ts";
import { allCustomers, type ContactFacts, type CustomerFacts, contactsOn } from "../store/party-reads.ts";
import { stopsOn } from "../store/stop-rows.ts";

/** A group with what only the store needs to know of it. */
export type LoadedGroup = {
  readonly facts: GroupFacts;
  readonly companyId: Uuid;
  readonly customerId: Uuid;
  readonly currency: string;
  readonly languageOf: (contactId: Uuid | null) => "fr" | "en";
};

const NOT_TAKEN: Block = { code: "item_not_taken" };

type Draft = { groupKey: string; companyId: Uuid; customerId: Uuid; currency: string; items: ItemFacts[] };

export type LoadOptions = {
  readonly sandbox: boolean;
  readonly companyId?: Uuid | undefined;
  readonly isFresh: (companyId: Uuid) => boolean;
  /** Conditions on items by bit; bit 0 says which items the scenario takes. */
  readonly conditions: ItemConditions;
};

/** Everything the planner needs of a day, in a fixed number of queries whatever the volume. */
export async function loadGroups(
  tx: Tx,
  scenario: Scenario,
  asOf: CalendarDate,
  options: LoadOptions,
): Promise<LoadedGroup[]> {
  const soonDays = Math.max(0, ...stepsOf(scenario, "courtesy").map((step) => -step.delayDays));
  const accounts = await packedOpenItems(tx, asOf, soonDays, options.companyId, options.conditions);
  const customers = await allCustomers(tx);
  const contacts = await contactsOn(tx, asOf);
  const stops = await stopsOn(tx, asOf);
  const inDifference = await customersInDifference(tx);
  const owed = await agreedOwed(tx, asOf);
  const suppressed = await suppressedAddresses(tx);
  const rows = await groupHistories(tx, options.sandbox);
  const histories = new Map(rows.map((row) => [row.groupKey, row]));
  const subjects: Subjects = { customers, contacts, stops, coded: await codedItems(tx) };
  const { drafts, net } = draftGroups(accounts, scenario, asOf, subjects, options.conditions.length > 0);
  addThanked(drafts, rows, scenario, asOf, options.companyId);
  const known = await cyclesOf(tx, drafts, histories, scenario, asOf, options.sandbox);
  const isReachable = (address: string) =>
    parseEmailAddress(address) !== undefined && !suppressed.has(address.toLowerCase());
  return [...drafts.values()].map((draft) => {
    const { groupKey, companyId, customerId, currency, items } = draft;
    const customer = customers.get(customerId);
    const own = contacts.get(customerId) ?? [];
    const history = historyOf(histories.get(groupKey), known.get(groupKey));
    const facts: GroupFacts = {
      groupKey,
      items,
      customerNetBookMinor: net.get(`${companyId} ${customerId}`) ?? 0n,
      history,
      recipientsFor: (role) =>
        recipientsOf(own, role, isReachable, { address: customer?.email ?? null, name: customer?.name ?? "" }),
      dataFresh: options.isFresh(companyId),
      isSetOffAgreed: owed.has(`${companyId} ${customerId}`),
      isProved: !inDifference.has(`${companyId} ${customerId}`),
      conditionFacts: { "claim.currency": currency },
    };
    return { facts, companyId, customerId, currency, languageOf: languages(customer, own) };
  });
}

type Subjects = {
  readonly customers: ReadonlyMap<Uuid, CustomerFacts>;
  readonly contacts: ReadonlyMap<Uuid, readonly ContactFacts[]>;
  readonly stops: ReadonlyMap<Uuid, CalendarDate>;
  readonly coded: ReadonlyMap<Uuid, "disputed" | "promised">;
};

/** Contacts speak their own language, else the customer's; what we have no templates for is written in English. */
export function languages(customer: CustomerFacts | undefined, contacts: readonly ContactFacts[]) {
  return (contactId: Uuid | null): "fr" | "en" => {
    const contact = contacts.find((one) => one.contactId === contactId);
    return (contact?.language ?? customer?.language ?? "fr") === "fr" ? "fr" : "en";
  };
}

function draftGroups(
  accounts: readonly PackedAccount[],
  scenario: Scenario,
  asOf: CalendarDate,
  subjects: Subjects,
  hasConditions: boolean,
) {
  const drafts = new Map<string, Draft>();
  const net = new Map<string, bigint>();
  const days = new Map<string, CalendarDate>();
  const dayOf = (number: string) => {
    const known = days.get(number);
    if (known) return known;
    const made = fromDayNumber(Number(number));
    days.set(number, made);
    return made;
  };
  const put = (key: string, account: PackedAccount, items: readonly ItemFacts[]) => {
    const draft = drafts.get(key);
    if (draft) for (const item of items) draft.items.push(item);
    else {
      const { companyId, customerId, currency } = account;
      drafts.set(key, { groupKey: key, companyId, customerId, currency, items: [...items] });
    }
  };
  for (const account of accounts) {
    const block = customerBlock(subjects, account.customerId);
    const items: ItemFacts[] = [];
    let netMinor = 0n;
    for (const line of account.items.split("\n")) {
      const [itemId = "", due = "", open = "", book = "", mask = "0"] = line.split(" ");
      const dueOn = dayOf(due);
      const openMinor = BigInt(open);
      const openBookMinor = BigInt(book);
      if (openMinor < 0n ? scenario.creditsNotDue === "netted" || dueOn <= asOf : dueOn < asOf)
        netMinor += openBookMinor;
      const holds = hasConditions ? Number(mask) : undefined;
      const notTaken = holds !== undefined && openMinor > 0n && (holds & 1) === 0 ? NOT_TAKEN : undefined;
      items.push({
        itemId,
        dueOn,
        openMinor,
        openBookMinor,
        block: block ?? itemBlock(subjects, itemId) ?? notTaken,
        holds,
      });
    }
    const netKey = `${account.companyId} ${account.customerId}`;
    net.set(netKey, (net.get(netKey) ?? 0n) + netMinor);
    if (scenario.grouping === "item") {
      for (const item of coverByCredits(items, asOf))
        put(groupKeyOf("item", account.companyId, item.itemId, account.currency), account, [item]);
    } else
      put(
        groupKeyOf(scenario.grouping, account.companyId, subjectOf(scenario, account, subjects), account.currency),
        account,
        items,
      );
  }
  return { drafts, net };
}

function subjectOf(scenario: Scenario, account: PackedAccount, { contacts }: Subjects): Uuid {
  if (scenario.grouping === "account") return account.accountId;
  if (scenario.grouping === "contact") return contacts.get(account.customerId)?.[0]?.contactId ?? account.customerId;
  return account.customerId;
}

function customerBlock({ customers, stops }: Subjects, customerId: Uuid): Block | undefined {
  const until = stops.get(customerId);
  if (until) return { code: "stopped", until };
  return customers.get(customerId)?.isChased === false ? { code: "stopped" } : undefined;
}

function itemBlock({ stops, coded }: Subjects, itemId: Uuid): Block | undefined {
  const until = stops.get(itemId);
  if (until) return { code: "stopped", until };
  const code = coded.get(itemId);
  return code ? { code } : undefined;
}

/** Groups that owe nothing any more but may be due a word of thanks. */
function addThanked(
  drafts: Map<string, Draft>,
  rows: readonly GroupHistoryRow[],
  scenario: Scenario,
  asOf: CalendarDate,
  companyId: Uuid | undefined,
): void {
  if (stepsOf(scenario, "thanks").length === 0) return;
  for (const row of rows) {
    const last = lastReminder(row);
    if (!last || drafts.has(row.groupKey) || !row.customerId || (companyId && row.companyId !== companyId)) continue;
    if (last.level < scenario.thanksFromLevel || (row.thankedCycle ?? 0) >= last.cycle) continue;
    // A cycle silent for a year is not thanked for any more; it keeps this pass small.
    if (addDays(last.sentOn, 365) < asOf) continue;
    const currency = row.groupKey.slice(-3);
    drafts.set(row.groupKey, {
      groupKey: row.groupKey,
      companyId: row.companyId,
      customerId: row.customerId,
      currency,
      items: [],
    });
  }
}

type LastReminder = {
  readonly cycle: number;
  readonly sentOn: CalendarDate;
  readonly level: number;
  readonly stepKey: string;
  readonly debitIds: readonly Uuid[];
};

function lastReminder(row: GroupHistoryRow | undefined): LastReminder | undefined {
  if (!row?.lastReminder) return undefined;
  const [cycle = "", sentOn = "", level = "", stepKey = "", debits = ""] = row.lastReminder.split("|");
  const debitIds = debits === "" ? [] : debits.split(" ");
  return { cycle: Number(cycle), sentOn: sentOn as CalendarDate, level: Number(level), stepKey, debitIds };
}

/** For each group that was reminded: its last cycle, and whether an item that its messages listed is still open. */
async function cyclesOf(
  tx: Tx,
  drafts: ReadonlyMap<string, Draft>,
  histories: ReadonlyMap<string, GroupHistoryRow>,
  scenario: Scenario,
  asOf: CalendarDate,
  sandbox: boolean,
): Promise<Map<string, CycleFacts>> {
  const reminded = [...drafts.keys()].flatMap((groupKey) => {
    const row = histories.get(groupKey);
    const last = lastReminder(row);
    return row && last ? [{ groupKey, row, last }] : [];
  });
  // Most cycles are seen to be open by what their last message listed; only for the others are all their messages read.
  const isOpen = (groupKey: string, ids: readonly Uuid[]) => {
    const open = new Set(drafts.get(groupKey)?.items.map((item) => item.itemId));
    return ids.some((id) => open.has(id));
  };
  const unclear = reminded.filter(({ groupKey, last }) => !isOpen(groupKey, last.debitIds));
  const listed = await listedItems(
    tx,
    sandbox,
    unclear.map(({ groupKey, last }) => ({ groupKey, cycle: String(last.cycle) })),
  );
  const cycles = new Map<string, CycleFacts>();
  const closing: { groupKey: string; items: readonly Uuid[] }[] = [];
  for (const { groupKey, row, last } of reminded) {
    const items = listed.get(groupKey);
    const listedOpen = items === undefined ? isOpen(groupKey, last.debitIds) : isOpen(groupKey, items);
    const thanked = (row.thankedCycle ?? 0) >= last.cycle;
    const { cycle: no, stepKey, level, sentOn } = last;
    cycles.set(groupKey, { no, lastStep: { stepKey, level, sentOn }, listedOpen, thanked });
    if (!listedOpen && !thanked && last.level >= scenario.thanksFromLevel)
      closing.push({ groupKey, items: items ?? [] });
  }
  const settled = await settledDays(
    tx,
    asOf,
    closing.flatMap((one) => one.items),
  );
  for (const { groupKey, items } of closing) {
    const cycle = cycles.get(groupKey);
    const closedOn = items
      .flatMap((itemId) => settled.get(itemId) ?? [])
      .sort()
      .at(-1);
    const isRecent = closedOn && addDays(closedOn, THANKS_EXPIRE_DAYS * 2) >= asOf;
    if (cycle && closedOn && isRecent) cycles.set(groupKey, { ...cycle, closedOn });
  }
  return cycles;
}

function historyOf(row: GroupHistoryRow | undefined, cycle: CycleFacts | undefined): History {
  if (!row) return {};
  const pending = row.inDoubtId
    ? { messageId: row.inDoubtId, state: "in_doubt" as const }
    : row.pendingId
      ? { messageId: row.pendingId, state: "pending" as const }
      : undefined;
  return { cycle, courtesyUpTo: row.courtesyUpTo ?? undefined, lastSentOn: row.lastSentOn ?? undefined, pending };
}
