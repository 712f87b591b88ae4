import { addDays, type CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { currency as currencyOf, money } from "#kernel/money.ts";
import {
  duePhrase,
  type FieldValue,
  freeFieldValue,
  greeting,
  type Language,
  type MessageFacts,
  openPhrase,
  type PinnedItem,
  subjectPhrase,
} from "#modules/correspondence/index.ts";
import type { FreeValue } from "#modules/parties/index.ts";
import type { PinnedLine } from "../core/recheck.ts";
import type { ItemDetail } from "../store/ledger-reads.ts";
import type { CompanyFacts, CustomerFacts } from "../store/party-reads.ts";

/** Asked for in messages: payment within this many days of the message. */
const PAY_WITHIN_DAYS = 10;

export type Sender = { readonly address: string; readonly name: string; readonly replyTo: string | null };

export type MessageSubject = {
  readonly language: Language;
  readonly recipientName: string;
  readonly company: CompanyFacts;
  readonly customer: CustomerFacts;
  readonly currency: string;
  readonly messageDay: CalendarDate;
  readonly previousSentOn: CalendarDate | undefined;
  readonly sender: Sender;
  /** The customer's free fields on the day of the message. */
  readonly free: readonly FreeValue[];
};

/** Who a message comes from: the channel's sender, or in the sandbox without one the company itself. */
export function senderOf(
  settings: { senderAddress: string; senderName: string; replyTo: string | null } | null,
  company: CompanyFacts,
): Sender {
  if (settings)
    return { address: settings.senderAddress, name: settings.senderName || company.name, replyTo: settings.replyTo };
  return { address: company.email ?? "relances@sandbox.example", name: company.name, replyTo: null };
}

/** The lines of a message with what is written about each; debits by due date, then credits. */
export function pinnedItems(lines: readonly PinnedLine[], details: ReadonlyMap<Uuid, ItemDetail>): PinnedItem[] {
  const items = lines.flatMap((line) => {
    const item = details.get(line.itemId);
    return item ? [{ ...item, openMinor: line.openMinor }] : [];
  });
  items.sort(
    (a, b) =>
      Number(a.openMinor < 0n) - Number(b.openMinor < 0n) ||
      (a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : 0) ||
      (a.itemId < b.itemId ? -1 : 1),
  );
  return items.map(({ itemId, number, kind, issuedOn, dueOn, originalMinor, openMinor }) => ({
    itemId,
    number,
    kind,
    issuedOn,
    dueOn,
    originalMinor,
    openMinor,
  }));
}

/** Values of every merge field and the lines of the table. Absent values are left out, not empty. */
export function messageFacts(subject: MessageSubject, items: readonly PinnedItem[]): MessageFacts {
  const { language, company, customer, sender } = subject;
  const currency = currencyOf(subject.currency);
  const invoices = items.filter((item) => item.openMinor > 0n);
  const dues = invoices.map((item) => item.dueOn).sort();
  const values = new Map<string, FieldValue>();
  const text = (key: string, value: string | null | undefined) => {
    if (value) values.set(key, { type: "text", text: value });
  };
  const day = (key: string, value: CalendarDate | undefined) => {
    if (value) values.set(key, { type: "day", day: value });
  };
  text("greeting", greeting(subject.recipientName, language));
  text("contact.name", subject.recipientName);
  text("customer.name", customer.name);
  text("customer.number", customer.number);
  text("company.name", company.name);
  text("company.iban", company.iban?.replace(/\s/g, "").replace(/(.{4})(?=.)/g, "$1 "));
  text("company.phone", company.phone);
  text("sender.name", sender.name);
  text("sender.email", sender.address);
  text("message.open_phrase", openPhrase(invoices.length, language));
  text("message.due_phrase", duePhrase(invoices.length, language));
  text("message.subject_phrase", subjectPhrase(invoices.length, language));
  values.set("message.count", { type: "count", count: invoices.length });
  const totalMinor = items.reduce((sum, item) => sum + item.openMinor, 0n);
  values.set("message.total", { type: "money", money: money(totalMinor, currency) });
  day("message.oldest_due_on", dues[0]);
  day("message.last_due_on", dues.at(-1));
  day("message.pay_before_on", addDays(subject.messageDay, PAY_WITHIN_DAYS));
  day("message.day", subject.messageDay);
  day("previous.sent_on", subject.previousSentOn);
  for (const one of subject.free) values.set(`customer.${one.name}`, freeFieldValue(one, language));
  const signature = [
    sender.name,
    ...(company.name === sender.name ? [] : [company.name]),
    ...(company.phone ? [company.phone] : []),
  ];
  return { currency, values, lines: items, signature };
}
