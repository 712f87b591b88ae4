-- What we owe to customers who also sell to us: balances as the books state them, and which supplier is which customer.
create table credit.supplier_balance (
  tenant_id uuid not null,
  company_id uuid not null,
  supplier_no text collate "C" not null,
  stated_on date not null,
  known_on date not null,
  name text collate "C" not null,
  -- book currency of the company; what we owe is positive
  owed_minor bigint not null,
  batch_id uuid,
  gone_on date,
  primary key (tenant_id, company_id, supplier_no, stated_on, known_on),
  constraint supplier_balance_company foreign key (tenant_id, company_id) references parties.company (tenant_id, company_id),
  constraint supplier_balance_no check (supplier_no <> '')
);
create index supplier_balance_of_batch on credit.supplier_balance (tenant_id, batch_id) where batch_id is not null;

create table credit.offset_link (
  tenant_id uuid not null,
  offset_id uuid not null,
  customer_id uuid not null,
  company_id uuid not null,
  supplier_no text collate "C" not null,
  is_agreed boolean not null,
  note text collate "C",
  valid_from date not null,
  valid_to date not null default 'infinity',
  known_on date not null,
  created_by text collate "C" not null,
  primary key (tenant_id, offset_id),
  constraint offset_link_customer foreign key (tenant_id, customer_id) references parties.customer (tenant_id, customer_id),
  constraint offset_link_company foreign key (tenant_id, company_id) references parties.company (tenant_id, company_id)
);
-- a supplier account is the account of one customer
create unique index offset_link_one on credit.offset_link (tenant_id, company_id, supplier_no) where valid_to = 'infinity';
create index offset_link_of_customer on credit.offset_link (tenant_id, customer_id);

alter table credit.supplier_balance enable row level security; alter table credit.supplier_balance force row level security;
alter table credit.offset_link enable row level security; alter table credit.offset_link force row level security;
create policy tenant on credit.supplier_balance using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on credit.offset_link using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on credit.supplier_balance, credit.offset_link to :app;
grant select on credit.supplier_balance, credit.offset_link to :read;
