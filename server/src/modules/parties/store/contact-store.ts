import type { z } from "zod";
import type { ContactWrite, NoteSubject } from "#contracts/parties.ts";
import { empty, type Sql, sql, type Tx } from "#platform/database/index.ts";
import { isSameCustomer } from "./same-customer.ts";

export type ContactRow = ContactWrite & {
  id: string;
  customerId: string;
  origin: "person" | "source";
  version: number;
};

const CONTACT = sql`contact_id as id, customer_id as "customerId", name, email, phone, language, roles, is_in_charge as "isInCharge",
  origin, version`;

export const contactsOf = (tx: Tx, customerId: string) =>
  tx.rows<ContactRow>(sql`
    select ${CONTACT} from parties.contact
    where tenant_id = ${tx.tenant} and customer_id ${isSameCustomer(tx, customerId)} and valid_to = 'infinity'
    order by is_in_charge desc, name, contact_id`);

export const lockContact = (tx: Tx, id: string) =>
  tx.maybeOne<ContactRow>(sql`
    select ${CONTACT} from parties.contact
    where tenant_id = ${tx.tenant} and contact_id = ${id} and valid_to = 'infinity'
    for update`);

export const insertContact = (tx: Tx, id: string, customerId: string, contact: ContactWrite, validFrom: string) =>
  tx.run(sql`
    insert into parties.contact (tenant_id, contact_id, customer_id, name, email, phone, language, roles, is_in_charge, valid_from)
    values (${tx.tenant}, ${id}, ${customerId}, ${contact.name}, ${contact.email}, ${contact.phone}, ${contact.language},
      ${contact.roles}::text[], ${contact.isInCharge}, ${validFrom})`);

/** A contact keeps its origin: which of its fields a person typed is marked apart. */
export const updateContact = (tx: Tx, id: string, contact: ContactWrite) =>
  tx.run(sql`
    update parties.contact
    set name = ${contact.name}, email = ${contact.email}, phone = ${contact.phone}, language = ${contact.language},
      roles = ${contact.roles}::text[], is_in_charge = ${contact.isInCharge}, version = version + 1
    where tenant_id = ${tx.tenant} and contact_id = ${id}`);

/** Only one contact of a customer is in charge. Returns those that no longer are. */
export const clearInCharge = (tx: Tx, customerId: string, except: string) =>
  tx.rows<{ id: string; origin: "person" | "source" }>(sql`
    update parties.contact set is_in_charge = false, version = version + 1
    where tenant_id = ${tx.tenant} and customer_id = ${customerId} and contact_id <> ${except} and is_in_charge
    returning contact_id as id, origin`);

export const endContact = (tx: Tx, id: string, on: string) =>
  tx.run(sql`
    update parties.contact set valid_to = greatest(valid_from, ${on}::date), version = version + 1
    where tenant_id = ${tx.tenant} and contact_id = ${id} and valid_to = 'infinity'`);

export const reviveContact = (tx: Tx, id: string) =>
  tx.run(sql`
    update parties.contact set valid_to = 'infinity', version = version + 1
    where tenant_id = ${tx.tenant} and contact_id = ${id} and valid_to < 'infinity'`);

export type NoteRow = {
  id: string;
  subjectType: z.infer<typeof NoteSubject>;
  subjectId: string;
  text: string;
  isPinned: boolean;
  authorId: string;
  writtenAt: string;
  version: number;
};

const NOTE = sql`note_id as id, subject_type as "subjectType", subject_id as "subjectId", text, is_pinned as "isPinned",
  author_id as "authorId", written_at as "writtenAt", version`;

export const notesOf = (tx: Tx, subjectType: string, subjectId: string) =>
  tx.rows<NoteRow>(sql`
    select ${NOTE} from parties.note
    where tenant_id = ${tx.tenant} and subject_type = ${subjectType}
      and subject_id ${subjectType === "customer" ? isSameCustomer(tx, subjectId) : sql`= ${subjectId}`} and removed_at is null
    order by is_pinned desc, written_at desc
    limit 500`);

export const lockNote = (tx: Tx, id: string) =>
  tx.maybeOne<NoteRow>(
    sql`select ${NOTE} from parties.note where tenant_id = ${tx.tenant} and note_id = ${id} for update`,
  );

export const insertNote = (
  tx: Tx,
  note: {
    id: string;
    subjectType: string;
    subjectId: string;
    text: string;
    isPinned: boolean;
    authorId: string;
    writtenAt: string;
  },
) =>
  tx.run(sql`
    insert into parties.note (tenant_id, note_id, subject_type, subject_id, text, is_pinned, author_id, written_at)
    values (${tx.tenant}, ${note.id}, ${note.subjectType}, ${note.subjectId}, ${note.text}, ${note.isPinned}, ${note.authorId},
      ${note.writtenAt})`);

export const updateNote = (tx: Tx, id: string, change: { text: string; isPinned: boolean } | { removed: boolean }) =>
  tx.run(sql`
    update parties.note
    set ${"removed" in change ? sql`removed_at = ${change.removed ? sql`now()` : sql`null`}` : sql`text = ${change.text}, is_pinned = ${change.isPinned}`},
      version = version + 1
    where tenant_id = ${tx.tenant} and note_id = ${id} ${empty}`);

/** What notes say that still stand, by their id. */
export async function textsOfNotes(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.rows<{ id: string; text: string }>(sql`
    select note_id as id, text from parties.note
    where tenant_id = ${tx.tenant} and note_id = any(${[...ids]}::uuid[]) and removed_at is null`);
  return new Map(rows.map((row) => [row.id, row.text]));
}

/** A condition on an event `e`: it is of a note that says some words. */
export const notesSaying = (tx: Tx, words: string): Sql => sql`(
  e.kind like 'parties.note.%' and e.payload->>'noteId' in (
    select note_id::text from parties.note
    where tenant_id = ${tx.tenant} and removed_at is null and position(lower(${words}) in lower(text)) > 0))`;
