import type { TemplateContent } from "#contracts/correspondence.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import {
  listTemplates,
  loadChannel,
  mergeFieldKeys,
  type PinnedItem,
  parseTemplateText,
  type Rendered,
  renderMessage,
} from "#modules/correspondence/index.ts";
import { type FreeValue, freeFieldName, freeValuesOf, listCustomFields } from "#modules/parties/index.ts";
import type { Tx } from "#platform/database/index.ts";
import { openItemsOfCustomers } from "../store/ledger-reads.ts";
import { type CompanyFacts, type CustomerFacts, companies, contactsOn, customersById } from "../store/party-reads.ts";
import { messageFacts, pinnedItems, senderOf } from "./message-facts.ts";

export type PreviewRequest = {
  readonly templateKey?: string | undefined;
  readonly content?: TemplateContent | undefined;
  readonly language: "fr" | "en";
  readonly customerId?: Uuid | undefined;
  readonly companyId?: Uuid | undefined;
};

/** A draft or a stored template as one customer would get it today: its overdue items, else all its open ones; an invented customer if none is named. */
export async function previewTemplate(
  tx: Tx,
  request: PreviewRequest,
  today: CalendarDate,
): Promise<Result<Rendered, "not_found" | "template_invalid">> {
  const stored = request.templateKey
    ? (await listTemplates(tx)).find((one) => one.key === request.templateKey)
    : undefined;
  const own = (request.content ?? stored?.content)?.[request.language];
  if (!own) return refuse("not_found");
  const parsed = parseTemplateText(own.subject, own.body, await mergeFieldKeys(tx));
  if (!parsed.ok) {
    const [first] = parsed.faults;
    return refuse("template_invalid", {
      path: first?.path ?? "",
      fault: first?.code ?? "",
      value: first?.detail ?? "",
    });
  }
  const subject = request.customerId ? await realCustomer(tx, request, today) : await invented(tx, today);
  if (!subject) return refuse("not_found");
  const { settings } = await loadChannel(tx);
  const { company, customer, recipientName, items, currency, free } = subject;
  const facts = messageFacts(
    {
      language: request.language,
      recipientName,
      company,
      customer,
      currency,
      messageDay: today,
      previousSentOn: today,
      sender: senderOf(settings, company),
      free,
    },
    items,
  );
  const rendered = renderMessage(parsed.value, facts, request.language);
  if (rendered.ok) return done(rendered.value);
  return refuse("template_invalid", { path: "", fault: rendered.fault.code, value: rendered.fault.detail });
}

type Subject = {
  readonly company: CompanyFacts;
  readonly customer: CustomerFacts;
  readonly recipientName: string;
  readonly items: readonly PinnedItem[];
  readonly currency: string;
  readonly free: readonly FreeValue[];
};

async function realCustomer(tx: Tx, request: PreviewRequest, today: CalendarDate): Promise<Subject | undefined> {
  const customerId = request.customerId ?? "";
  const customer = (await customersById(tx, [customerId])).get(customerId);
  const all = await openItemsOfCustomers(tx, today, [customerId]);
  const own = request.companyId ? all.filter((item) => item.companyId === request.companyId) : all;
  const known = await companies(tx);
  const [first] = own;
  const company = known.get(first?.companyId ?? request.companyId ?? [...known.keys()][0] ?? "");
  if (!customer || !company) return undefined;
  const currency = first?.currency ?? company.bookCurrency;
  const group = own.filter((item) => item.companyId === company.companyId && item.currency === currency);
  const overdue = group.filter((item) => item.openMinor < 0n || item.dueOn < today);
  const chosen = overdue.some((item) => item.openMinor > 0n) ? overdue : group;
  const details = new Map(chosen.map((item) => [item.itemId, item]));
  const contacts = (await contactsOn(tx, today, [customerId])).get(customerId) ?? [];
  return {
    company,
    customer,
    currency,
    recipientName: contacts[0]?.name ?? "",
    items: pinnedItems(chosen, details),
    free: (await freeValuesOf(tx, [customerId], today)).get(customerId) ?? [],
  };
}

const INVENTED: Partial<Record<FreeValue["type"], FreeValue["value"]>> = {
  integer: 12,
  boolean: true,
  day: "2026-11-24",
};

/** The example of the editor before a customer is chosen. */
async function invented(tx: Tx, today: CalendarDate): Promise<Subject> {
  const item = (number: string, openMinor: bigint): PinnedItem => ({
    itemId: number,
    number,
    kind: "invoice",
    issuedOn: today,
    dueOn: today,
    originalMinor: openMinor,
    openMinor,
  });
  return {
    company: {
      companyId: "",
      name: "Verdelin Emballages",
      bookCurrency: "EUR",
      email: "compta@verdelin.example",
      phone: "05 36 49 00 12",
      iban: "FR7630001007941234567890185",
    },
    customer: {
      customerId: "",
      number: "C-04127",
      name: "Cartonnages Lacaze",
      language: "fr",
      email: null,
      isChased: true,
    },
    recipientName: "Camille Vasseur",
    items: [item("FA-2026-07133", 894_000n), item("FA-2026-07502", 531_264n)],
    currency: "EUR",
    free: (await listCustomFields(tx)).map(({ key, label, type, choices }) => ({
      customerId: "",
      name: freeFieldName(key),
      type,
      choices,
      value: INVENTED[type] ?? choices?.[0]?.value ?? label.fr,
    })),
  };
}
