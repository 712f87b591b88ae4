-- More of what lists ask of an account's open items, kept beside its ageing; debits only.
alter table receivables.account_state
  add column oldest_due_on date,
  add column next_due_on date,
  add column overdue_count int not null default 0,
  add column largest_book_minor bigint not null default 0,
  add column over_30_book_minor bigint not null default 0,
  add column over_60_book_minor bigint not null default 0,
  add column over_90_book_minor bigint not null default 0,
  add column over_180_book_minor bigint not null default 0,
  add column due_in_30_book_minor bigint not null default 0;

-- Twelve months of an account, and its first and last days, kept for one day. `settled_12m` invoices were late by `late_12m` days in all, paid after `to_pay_12m`.
create table receivables.account_year (
  tenant_id uuid not null,
  account_id uuid not null,
  as_of date not null,
  book_currency char(3) not null,
  first_invoice_on date,
  last_invoice_on date,
  last_payment_on date,
  invoices_12m int not null,
  invoiced_book_minor bigint not null,
  paid_book_minor bigint not null,
  rejections_12m int not null,
  settled_12m int not null,
  late_12m bigint not null,
  to_pay_12m bigint not null,
  primary key (tenant_id, account_id, book_currency)
);
alter table receivables.account_year enable row level security; alter table receivables.account_year force row level security;
create policy tenant on receivables.account_year using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on receivables.account_year to :app;
grant select on receivables.account_year to :read;

-- For which day everything above was last written whole. What is kept answers for that day only.
create table receivables.kept_day (
  tenant_id uuid primary key,
  as_of date not null,
  bucket_ends int[] not null
);
alter table receivables.kept_day enable row level security; alter table receivables.kept_day force row level security;
create policy tenant on receivables.kept_day using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on receivables.kept_day to :app;
grant select on receivables.kept_day to :read;
