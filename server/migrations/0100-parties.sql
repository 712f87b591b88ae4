-- Who sells and who owes: companies, customers, accounts in books, contacts, notes.
create schema parties;
grant usage on schema parties to :app, :read;

create table parties.company (
  tenant_id uuid not null,
  company_id uuid not null,
  code text collate "C" not null,
  name text collate "C" not null,
  book_currency char(3) not null,
  country char(2) not null default 'FR',
  zone text collate "C" not null default 'Europe/Paris',
  siren text collate "C",
  vat_number text collate "C",
  email text collate "C",
  phone text collate "C",
  address text collate "C",
  iban text collate "C",
  default_term_days int not null default 30,
  version int not null default 1,
  created_at timestamptz not null default now(),
  primary key (tenant_id, company_id),
  constraint company_code_unique unique (tenant_id, code),
  constraint company_code_shape check (code ~ '^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$'),
  constraint company_name_not_blank check (length(trim(name)) between 1 and 200),
  constraint company_term check (default_term_days between 0 and 365)
);

create table parties.customer (
  tenant_id uuid not null,
  customer_id uuid not null,
  number text collate "C" not null,
  name text collate "C" not null,
  folded_name text collate "C" not null,
  sort_key text collate "C" not null,
  language text collate "C" not null default 'fr',
  country char(2) not null default 'FR',
  siren text collate "C",
  vat_number text collate "C",
  phone text collate "C",
  email text collate "C",
  address text collate "C",
  postal_code text collate "C",
  city text collate "C",
  term_days int,
  term_kind text collate "C",
  payment_method text collate "C",
  is_name_typed boolean not null default false,
  is_chased boolean not null default true,
  owner_id uuid,
  sales_person text collate "C",
  merged_into uuid,
  version int not null default 1,
  created_at timestamptz not null default now(),
  primary key (tenant_id, customer_id),
  constraint customer_number_unique unique (tenant_id, number),
  constraint customer_name_not_blank check (length(name) between 1 and 300),
  constraint customer_language check (language ~ '^[a-z]{2}$'),
  constraint customer_term_days check (term_days between 0 and 365),
  constraint customer_term_kind check (term_kind in ('net', 'end_of_month', 'days_then_end_of_month', 'on_the'))
);
create index customer_sorted on parties.customer (tenant_id, sort_key, customer_id);
create index customer_folded on parties.customer (tenant_id, folded_name);

-- An account is one customer in the books of one selling company: control account + auxiliary.
create table parties.account (
  tenant_id uuid not null,
  account_id uuid not null,
  company_id uuid not null,
  control_account text collate "C" not null,
  auxiliary text collate "C" not null,
  name text collate "C" not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, account_id),
  constraint account_unique unique (tenant_id, company_id, control_account, auxiliary),
  constraint account_company foreign key (tenant_id, company_id) references parties.company (tenant_id, company_id)
);

-- Dated link; merging customers adds rows, undoing closes them. The latest row in force on a day decides.
create table parties.account_customer (
  tenant_id uuid not null,
  account_id uuid not null,
  customer_id uuid not null,
  valid_from date not null,
  valid_to date not null default 'infinity',
  known_on date not null,
  primary key (tenant_id, account_id, valid_from, customer_id),
  constraint account_customer_account foreign key (tenant_id, account_id) references parties.account (tenant_id, account_id),
  constraint account_customer_customer foreign key (tenant_id, customer_id) references parties.customer (tenant_id, customer_id),
  constraint account_customer_period check (valid_from <= valid_to)
);
create unique index account_customer_current on parties.account_customer (tenant_id, account_id) where valid_to = 'infinity';
create index account_customer_customer_index on parties.account_customer (tenant_id, customer_id, account_id);

create view parties.account_current with (security_invoker = true) as
select a.tenant_id, a.account_id, a.company_id, l.customer_id, a.control_account, a.auxiliary, a.name as account_name,
       c.number as customer_number, c.name as customer_name, c.sort_key as customer_sort_key, c.language as customer_language
from parties.account a
join parties.account_customer l on l.tenant_id = a.tenant_id and l.account_id = a.account_id and l.valid_to = 'infinity'
join parties.customer c on c.tenant_id = l.tenant_id and c.customer_id = l.customer_id;

create table parties.contact (
  tenant_id uuid not null,
  contact_id uuid not null,
  customer_id uuid not null,
  name text collate "C" not null,
  email text collate "C",
  phone text collate "C",
  language text collate "C",
  roles text[] not null default '{accounting}',
  is_in_charge boolean not null default false,
  origin text collate "C" not null default 'person',
  source_key text collate "C",
  valid_from date not null,
  valid_to date not null default 'infinity',
  version int not null default 1,
  created_at timestamptz not null default now(),
  primary key (tenant_id, contact_id),
  constraint contact_customer foreign key (tenant_id, customer_id) references parties.customer (tenant_id, customer_id),
  constraint contact_origin check (origin in ('person', 'source')),
  constraint contact_name_not_blank check (length(name) between 1 and 200)
);
create index contact_customer_index on parties.contact (tenant_id, customer_id);

create table parties.note (
  tenant_id uuid not null,
  note_id uuid not null,
  subject_type text collate "C" not null,
  subject_id uuid not null,
  text text collate "C" not null,
  is_pinned boolean not null default false,
  author_id text collate "C" not null,
  written_at timestamptz not null,
  removed_at timestamptz,
  version int not null default 1,
  primary key (tenant_id, note_id),
  constraint note_subject check (subject_type in ('customer', 'item')),
  constraint note_text_size check (length(text) between 1 and 10000)
);
create index note_subject_index on parties.note (tenant_id, subject_type, subject_id, written_at);

alter table parties.company enable row level security; alter table parties.company force row level security;
alter table parties.customer enable row level security; alter table parties.customer force row level security;
alter table parties.account enable row level security; alter table parties.account force row level security;
alter table parties.account_customer enable row level security; alter table parties.account_customer force row level security;
alter table parties.contact enable row level security; alter table parties.contact force row level security;
alter table parties.note enable row level security; alter table parties.note force row level security;

create policy tenant on parties.company using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on parties.customer using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on parties.account using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on parties.account_customer using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on parties.contact using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on parties.note using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);

grant select, insert, update on parties.company, parties.customer, parties.account, parties.account_customer, parties.contact, parties.note to :app;
grant select on parties.company, parties.customer, parties.account, parties.account_customer, parties.account_current, parties.contact to :app, :read;
