-- Orders in progress: kept beside the ledger until exposure and limits come.
create schema credit;
grant usage on schema credit to :app, :read;

create table credit.sales_order (
  tenant_id uuid not null,
  order_id uuid not null,
  company_id uuid not null,
  customer_id uuid not null,
  source_id uuid not null,
  source_key text collate "C" not null,
  number text collate "C" not null,
  ordered_on date not null,
  expected_on date,
  currency char(3) not null,
  total_minor bigint not null,
  open_minor bigint not null,
  known_on date not null,
  gone_on date,
  primary key (tenant_id, order_id),
  constraint sales_order_key unique (tenant_id, company_id, source_id, source_key),
  constraint sales_order_company foreign key (tenant_id, company_id) references parties.company (tenant_id, company_id),
  constraint sales_order_customer foreign key (tenant_id, customer_id) references parties.customer (tenant_id, customer_id),
  constraint sales_order_open check (open_minor between least(0, total_minor) and greatest(0, total_minor))
);
create index sales_order_of_customer on credit.sales_order (tenant_id, customer_id, ordered_on);
alter table credit.sales_order enable row level security; alter table credit.sales_order force row level security;
create policy tenant on credit.sales_order using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on credit.sales_order to :app;
grant select on credit.sales_order to :read;
