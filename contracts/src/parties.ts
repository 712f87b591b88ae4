import { z } from "zod";
import { Id, Instant, PageQuery, pageOf } from "./common.ts";
import { RelationKind } from "./customer-profile.ts";

const shortText = z.string().trim().max(200);
const nullableText = shortText.nullable();

export const CompanyWrite = z.object({
  code: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$/),
  name: z.string().trim().min(1).max(200),
  bookCurrency: z.string().trim().length(3),
  country: z
    .string()
    .trim()
    .regex(/^[A-Z]{2}$/)
    .default("FR"),
  zone: z.string().trim().max(60).default("Europe/Paris"),
  siren: nullableText.default(null),
  vatNumber: nullableText.default(null),
  email: nullableText.default(null),
  phone: nullableText.default(null),
  address: z.string().trim().max(1000).nullable().default(null),
  iban: nullableText.default(null),
  /** Days after the invoice when the customer has no terms of its own. */
  defaultTermDays: z.number().int().min(0).max(365).default(30),
});
export type CompanyWrite = z.infer<typeof CompanyWrite>;
export const Company = CompanyWrite.extend({ id: Id, version: z.number().int() });
export type Company = z.infer<typeof Company>;
export const CompanyList = z.object({ rows: z.array(Company) });

/** Payment terms: net days; days then end of month; end of month then days; or on the Nth after the end of month. */
export const TermKind = z.enum(["net", "days_then_end_of_month", "end_of_month", "on_the"]);

export const CustomerWrite = z.object({
  number: z.string().trim().min(1).max(100),
  name: z.string().trim().min(1).max(300),
  language: z
    .string()
    .regex(/^[a-z]{2}$/)
    .default("fr"),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .default("FR"),
  siren: nullableText.default(null),
  vatNumber: nullableText.default(null),
  phone: nullableText.default(null),
  email: nullableText.default(null),
  address: z.string().trim().max(1000).nullable().default(null),
  postalCode: nullableText.default(null),
  city: nullableText.default(null),
  termDays: z.number().int().min(0).max(365).nullable().default(null),
  termKind: TermKind.nullable().default(null),
  paymentMethod: nullableText.default(null),
  /** False: never chased (CUS-13). */
  isChased: z.boolean().default(true),
  salesPerson: nullableText.default(null),
});
export type CustomerWrite = z.infer<typeof CustomerWrite>;

export const Account = z.object({
  id: Id,
  companyId: Id,
  companyCode: z.string(),
  controlAccount: z.string(),
  auxiliary: z.string(),
  name: z.string(),
});

/** A field that a person typed: loads leave it alone; `sourceValue` is what the source says, null when it says nothing. */
export const TypedField = z.object({
  field: z.string(),
  sourceValue: z.string().nullable(),
  isSourceKnown: z.boolean(),
});
export type TypedField = z.infer<typeof TypedField>;
export const TakeSource = z.object({ field: z.string().max(40) });

export const Customer = CustomerWrite.extend({
  id: Id,
  version: z.number().int(),
  accounts: z.array(Account),
  typedFields: z.array(TypedField),
  createdAt: Instant,
});
export type Customer = z.infer<typeof Customer>;

/** Roles of a contact decide which kinds of message they get. */
export const ContactRole = z.enum(["accounting", "buyer", "manager", "legal", "sales", "other"]);

export const ContactWrite = z.object({
  name: z.string().trim().min(1).max(200),
  email: nullableText.default(null),
  phone: nullableText.default(null),
  language: z
    .string()
    .regex(/^[a-z]{2}$/)
    .nullable()
    .default(null),
  roles: z.array(ContactRole).min(1).default(["accounting"]),
  /** The contact in charge of the account is written to first. */
  isInCharge: z.boolean().default(false),
});
export type ContactWrite = z.infer<typeof ContactWrite>;
export const Contact = ContactWrite.extend({
  id: Id,
  customerId: Id,
  origin: z.enum(["person", "source"]),
  version: z.number().int(),
});
export type Contact = z.infer<typeof Contact>;
export const ContactList = z.object({ rows: z.array(Contact) });

/** In texts of notes `<@user id>` mentions a user, who gets a task. */
export const NoteSubject = z.enum(["customer", "item"]);
export const NoteWrite = z.object({
  subjectType: NoteSubject,
  subjectId: Id,
  text: z.string().trim().min(1).max(10_000),
  isPinned: z.boolean().default(false),
});
export const NoteChange = z.object({ text: z.string().trim().min(1).max(10_000), isPinned: z.boolean() });
export const Note = z.object({
  id: Id,
  subjectType: NoteSubject,
  subjectId: Id,
  text: z.string(),
  isPinned: z.boolean(),
  authorId: z.string(),
  authorName: z.string(),
  writtenAt: Instant,
  version: z.number().int(),
});
export type Note = z.infer<typeof Note>;
export const NoteList = z.object({ rows: z.array(Note) });

/** One line of a customer's or item's history. `text` parts come from the event's kind in the reader's language. */
export const TimelineEntry = z.object({
  id: Id,
  kind: z.string(),
  subjectType: z.string(),
  subjectId: z.string(),
  /** The customer or item that it is about, in the timeline of a group. */
  aboutId: z.string(),
  actorKind: z.string(),
  actorName: z.string(),
  occurredAt: Instant,
  payload: z.record(z.string(), z.unknown()),
  /** What a note says, where the event is of one that still stands; mentions as `<@user id>`. */
  note: z.string().nullable(),
  /** Opened personal data, when the reader may see it and the person was not erased. */
  personal: z.record(z.string(), z.unknown()).nullable(),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;
/** `rooms`: kinds of event by the room they come from, `correspondence,parties`; `text`: what their values hold. */
export const TimelineQuery = PageQuery.extend({
  rooms: z
    .preprocess(
      (value) => (typeof value === "string" ? value.split(",").filter(Boolean) : value),
      z.array(z.string().regex(/^[a-z_]{2,30}$/)).max(20),
    )
    .optional(),
  text: z.string().trim().min(1).max(100).optional(),
  /** Of everybody in the customer's group of that kind. */
  group: RelationKind.optional(),
});
export const TimelinePage = z.object({ rows: z.array(TimelineEntry), next: z.string().nullable() });

export const CustomerQuery = PageQuery.extend({
  /** Prefix of number or name, or any word of the name. */
  text: z.string().max(100).optional(),
  companyId: Id.optional(),
  isChased: z.enum(["true", "false"]).optional(),
});
export const CustomerRow = z.object({
  id: Id,
  number: z.string(),
  name: z.string(),
  language: z.string(),
  country: z.string(),
  city: z.string().nullable(),
  isChased: z.boolean(),
  salesPerson: z.string().nullable(),
});
export const CustomerPage = pageOf(CustomerRow);

export const SearchQuery = z.object({
  q: z.string().trim().min(1).max(100),
  limit: z.coerce.number().int().min(1).max(50).default(12),
});
export const SearchHit = z.object({
  kind: z.enum(["customer", "item", "contact", "bank_line"]),
  id: Id,
  customerId: Id.nullable(),
  title: z.string(),
  detail: z.string(),
});
export type SearchHit = z.infer<typeof SearchHit>;
export const SearchHits = z.object({ rows: z.array(SearchHit) });
