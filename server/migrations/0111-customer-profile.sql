-- What a tenant adds to what its books say of a customer: free fields, flags, relations; all dated. And customers merged into others.
create table parties.custom_field (
  tenant_id uuid not null,
  field_id uuid not null,
  key text collate "C" not null,
  label jsonb not null,
  type text collate "C" not null,
  choices jsonb,
  source_field text collate "C",
  is_active boolean not null default true,
  version int not null default 1,
  created_at timestamptz not null default now(),
  primary key (tenant_id, field_id),
  constraint custom_field_key_unique unique (tenant_id, key),
  constraint custom_field_key_shape check (key ~ '^[a-z][a-z0-9_]{0,39}$'),
  constraint custom_field_type check (type in ('text', 'choice', 'integer', 'day', 'boolean'))
);

-- Typed, so that a filter needs no conversion. The value of a day is the row in force on it.
create table parties.custom_value (
  tenant_id uuid not null,
  customer_id uuid not null,
  field_id uuid not null,
  valid_from date not null,
  valid_to date not null default 'infinity',
  text_value text collate "C",
  integer_value bigint,
  day_value date,
  boolean_value boolean,
  origin text collate "C" not null,
  known_on date not null,
  primary key (tenant_id, customer_id, field_id, valid_from),
  constraint custom_value_field foreign key (tenant_id, field_id) references parties.custom_field (tenant_id, field_id),
  constraint custom_value_customer foreign key (tenant_id, customer_id) references parties.customer (tenant_id, customer_id),
  constraint custom_value_origin check (origin in ('person', 'source')),
  constraint custom_value_one check (num_nonnulls(text_value, integer_value, day_value, boolean_value) <= 1)
);
create index custom_value_by_field on parties.custom_value (tenant_id, field_id, customer_id);

create table parties.customer_flag (
  tenant_id uuid not null,
  flag_id uuid not null,
  customer_id uuid not null,
  flag text collate "C" not null,
  reason text collate "C" not null,
  valid_from date not null,
  valid_to date not null default 'infinity',
  known_on date not null,
  created_by text collate "C" not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, flag_id),
  constraint customer_flag_customer foreign key (tenant_id, customer_id) references parties.customer (tenant_id, customer_id),
  constraint customer_flag_kind check (flag in ('watch', 'risk', 'key_account', 'insolvent', 'dispute_prone', 'other')),
  constraint customer_flag_reason check (length(trim(reason)) between 1 and 300)
);
create index customer_flag_customer_index on parties.customer_flag (tenant_id, customer_id);
create unique index customer_flag_once on parties.customer_flag (tenant_id, customer_id, flag) where valid_to = 'infinity';

-- `other_id` is the head of the group, the buying group, or who pays, as of a customer.
create table parties.customer_relation (
  tenant_id uuid not null,
  relation_id uuid not null,
  customer_id uuid not null,
  kind text collate "C" not null,
  other_id uuid not null,
  valid_from date not null,
  valid_to date not null default 'infinity',
  known_on date not null,
  created_by text collate "C" not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, relation_id),
  constraint customer_relation_customer foreign key (tenant_id, customer_id) references parties.customer (tenant_id, customer_id),
  constraint customer_relation_other foreign key (tenant_id, other_id) references parties.customer (tenant_id, customer_id),
  constraint customer_relation_kind check (kind in ('parent', 'buying_group', 'payer')),
  constraint customer_relation_not_self check (customer_id <> other_id)
);
create unique index customer_relation_once on parties.customer_relation (tenant_id, customer_id, kind) where valid_to = 'infinity';
create index customer_relation_other_index on parties.customer_relation (tenant_id, other_id, kind);

-- A merge re-points the accounts' links and leaves the merged customer as an alias; undoing closes both.
create table parties.customer_merge (
  tenant_id uuid not null,
  merge_id uuid not null,
  kept_id uuid not null,
  merged_id uuid not null,
  account_ids uuid[] not null,
  reason text collate "C",
  merged_by text collate "C" not null,
  merged_on date not null,
  merged_at timestamptz not null default now(),
  undone_by text collate "C",
  undone_at timestamptz,
  primary key (tenant_id, merge_id),
  constraint customer_merge_kept foreign key (tenant_id, kept_id) references parties.customer (tenant_id, customer_id),
  constraint customer_merge_merged foreign key (tenant_id, merged_id) references parties.customer (tenant_id, customer_id),
  constraint customer_merge_not_self check (kept_id <> merged_id)
);
create unique index customer_merge_once on parties.customer_merge (tenant_id, merged_id) where undone_at is null;
create index customer_merge_kept_index on parties.customer_merge (tenant_id, kept_id);

-- Two customers that people looked at and said are not the same: not proposed again.
create table parties.not_duplicate (
  tenant_id uuid not null,
  customer_id uuid not null,
  other_id uuid not null,
  said_by text collate "C" not null,
  said_at timestamptz not null default now(),
  primary key (tenant_id, customer_id, other_id),
  constraint not_duplicate_order check (customer_id < other_id)
);
create index customer_merged on parties.customer (tenant_id, merged_into) where merged_into is not null;

alter table parties.custom_field enable row level security; alter table parties.custom_field force row level security;
alter table parties.custom_value enable row level security; alter table parties.custom_value force row level security;
alter table parties.customer_flag enable row level security; alter table parties.customer_flag force row level security;
alter table parties.customer_relation enable row level security; alter table parties.customer_relation force row level security;
alter table parties.customer_merge enable row level security; alter table parties.customer_merge force row level security;
alter table parties.not_duplicate enable row level security; alter table parties.not_duplicate force row level security;
create policy tenant on parties.custom_field using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on parties.custom_value using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on parties.customer_flag using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on parties.customer_relation using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on parties.customer_merge using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on parties.not_duplicate using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on parties.custom_field, parties.custom_value, parties.customer_flag, parties.customer_relation, parties.customer_merge to :app;
grant select, insert, delete on parties.not_duplicate to :app;
grant select on parties.custom_field, parties.custom_value, parties.customer_flag, parties.customer_relation, parties.customer_merge to :read;
