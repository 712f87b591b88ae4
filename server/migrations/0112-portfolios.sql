-- Whose portfolio a customer is in: one dated row per change. `customer.owner_id` repeats the row in force, for lists.
alter table parties.customer alter column owner_id type text collate "C";
create index customer_of_owner on parties.customer (tenant_id, owner_id) where owner_id is not null;

-- One decision that moved customers: by hand, by the rules, by handing over, or taking another one back.
create table parties.owner_change (
  tenant_id uuid not null,
  change_id uuid not null,
  reason text collate "C" not null,
  made_by text collate "C" not null,
  made_at timestamptz not null,
  undone_by uuid,
  primary key (tenant_id, change_id),
  constraint owner_change_reason check (reason in ('hand', 'rules', 'hand_over', 'undo'))
);

-- origin none: nobody by decision, the rules may choose; person: by hand, the rules leave it alone.
create table parties.customer_owner (
  tenant_id uuid not null,
  customer_id uuid not null,
  change_id uuid not null,
  owner_id text collate "C",
  origin text collate "C" not null,
  rule_name text collate "C",
  was_owner_id text collate "C",
  was_origin text collate "C" not null,
  was_rule_name text collate "C",
  valid_from date not null,
  valid_to date not null default 'infinity',
  known_on date not null,
  primary key (tenant_id, customer_id, change_id),
  constraint customer_owner_customer foreign key (tenant_id, customer_id) references parties.customer (tenant_id, customer_id),
  constraint customer_owner_change foreign key (tenant_id, change_id) references parties.owner_change (tenant_id, change_id),
  constraint customer_owner_origin check (origin in ('person', 'rule', 'none') and was_origin in ('person', 'rule', 'none')),
  constraint customer_owner_none check ((origin = 'none') = (owner_id is null)),
  constraint customer_owner_period check (valid_from <= valid_to)
);
create unique index customer_owner_current on parties.customer_owner (tenant_id, customer_id) where valid_to = 'infinity';
create index customer_owner_of_change on parties.customer_owner (tenant_id, change_id);

alter table parties.owner_change enable row level security; alter table parties.owner_change force row level security;
alter table parties.customer_owner enable row level security; alter table parties.customer_owner force row level security;
create policy tenant on parties.owner_change using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on parties.customer_owner using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on parties.owner_change, parties.customer_owner to :app;
grant select on parties.owner_change, parties.customer_owner to :read;
