import { fold } from "#kernel/text.ts";
import { empty, type Sql, sql } from "#platform/database/index.ts";
import type { ListContext, ListKind, ListSource } from "#platform/lists/index.ts";
import { headsOf } from "./group-store.ts";

/** What lists of customers and of accounts are made of; criteria and sources of higher rooms are added by whoever assembles them. */
type Rows = Pick<ListKind, "from" | "id" | "where" | "currency" | "sources">;

/** Upper bound of all texts that start with `prefix` under binary order. */
const after = (prefix: string) => `${prefix}\u{10ffff}`;

/** Words of a folded name, or the beginning of a number. */
const named = (text: string, number: Sql): Sql => {
  const folded = fold(text);
  return folded
    ? sql`and ((c.folded_name >= ${folded} and c.folded_name < ${after(folded)})
        or (${number} >= ${text} and ${number} < ${after(text)})
        or position(${` ${folded}`} in c.folded_name) > 0)`
    : empty;
};

const inCompany = ({ tx, companyId }: ListContext): Sql =>
  companyId
    ? sql`and c.customer_id in (
        select l.customer_id
        from parties.account_customer l
        join parties.account p on p.tenant_id = l.tenant_id and p.account_id = l.account_id
        where l.tenant_id = ${tx.tenant} and l.valid_to = 'infinity' and p.company_id = ${companyId})`
    : empty;

const contacts: ListSource = ({ tx }) => sql`
  left join (
    select customer_id, count(*) as count, count(email) as with_email, count(phone) as with_phone,
           min(name) filter (where is_in_charge) as in_charge
    from parties.contact
    where tenant_id = ${tx.tenant} and valid_to = 'infinity'
    group by customer_id) contacts on contacts.customer_id = c.customer_id`;

const notes: ListSource = ({ tx }) => sql`
  left join (
    select subject_id, count(*) as count, max(written_at at time zone 'UTC')::date as last_on
    from parties.note
    where tenant_id = ${tx.tenant} and subject_type = 'customer' and removed_at is null
    group by subject_id) notes on notes.subject_id = c.customer_id`;

const accounts: ListSource = ({ tx }) => sql`
  left join (
    select l.customer_id, count(*) as count, string_agg(distinct k.code, ', ') as codes
    from parties.account_customer l
    join parties.account p on p.tenant_id = l.tenant_id and p.account_id = l.account_id
    join parties.company k on k.tenant_id = p.tenant_id and k.company_id = p.company_id
    where l.tenant_id = ${tx.tenant} and l.valid_to = 'infinity'
    group by l.customer_id) accounts on accounts.customer_id = c.customer_id`;

const flags: ListSource = ({ tx, asOf }) => sql`
  left join (
    select customer_id, string_agg(flag, ', ' order by flag) as all_flags, bool_or(flag = 'watch') as watch, bool_or(flag = 'risk') as risk,
           bool_or(flag = 'key_account') as key_account, bool_or(flag = 'insolvent') as insolvent, min(valid_from) as since
    from (
      select coalesce(m.merged_into, f.customer_id) as customer_id, f.flag, f.valid_from
      from parties.customer_flag f
      join parties.customer m on m.tenant_id = f.tenant_id and m.customer_id = f.customer_id
      where f.tenant_id = ${tx.tenant} and f.valid_from <= ${asOf}::date and f.valid_to > ${asOf}::date) f
    group by customer_id) flags on flags.customer_id = c.customer_id`;

const relations: ListSource = ({ tx, asOf }) => sql`
  left join (
    select customer_id, min(number) filter (where kind = 'head') as head_number, min(name) filter (where kind = 'parent') as parent_name,
           min(name) filter (where kind = 'buying_group') as buying_name, min(name) filter (where kind = 'payer') as payer_name,
           nullif(sum(members), 0)::bigint as members
    from (
      select r.customer_id, r.kind, o.number, o.name, 0 as members
      from parties.customer_relation r
      join parties.customer o on o.tenant_id = r.tenant_id and o.customer_id = r.other_id
      where r.tenant_id = ${tx.tenant} and r.valid_from <= ${asOf}::date and r.valid_to > ${asOf}::date
      union all
      select h.customer_id, 'head', o.number, o.name, 0
      from (${headsOf(tx, "parent", asOf)}) h
      join parties.customer o on o.tenant_id = ${tx.tenant} and o.customer_id = h.head_id
      union all
      select r.other_id, '', null, null, 1
      from parties.customer_relation r
      where r.tenant_id = ${tx.tenant} and r.kind <> 'payer' and r.valid_from <= ${asOf}::date and r.valid_to > ${asOf}::date) r
    group by customer_id) relations on relations.customer_id = c.customer_id`;

/** Customers `c`, without the aliases that merging left. Their money is in the reporting currency. */
export const customerRows: Rows = {
  from: sql`parties.customer c`,
  id: sql`c.customer_id`,
  where: (context, text) =>
    sql`c.tenant_id = ${context.tx.tenant} and c.merged_into is null ${inCompany(context)} ${named(text, sql`c.number`)}`,
  currency: ({ reporting }) => sql`${reporting.currency}::text`,
  sources: { contacts, notes, accounts, flags, relations },
};

/** Accounts `a` with their company `k` and customer `c`. Their money is in the company's book currency. */
export const accountRows: Rows = {
  from: sql`parties.account_current a
    join parties.company k on k.tenant_id = a.tenant_id and k.company_id = a.company_id
    join parties.customer c on c.tenant_id = a.tenant_id and c.customer_id = a.customer_id`,
  id: sql`a.account_id`,
  where: ({ tx, companyId }, text) =>
    sql`a.tenant_id = ${tx.tenant} ${companyId ? sql`and a.company_id = ${companyId}` : empty} ${named(text, sql`a.auxiliary`)}`,
  currency: () => sql`k.book_currency::text`,
  sources: {},
};
