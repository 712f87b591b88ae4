-- How a bank's CSV is to be read, as a person said it once for an account: by shape, so that the next file of that shape needs nobody.
create table cash.csv_layout (
  tenant_id uuid not null,
  csv_layout_id uuid not null,
  bank_account_id uuid not null,
  shape text collate "C" not null,
  layout jsonb not null,
  confirmed_by text collate "C" not null,
  confirmed_at timestamptz not null default now(),
  primary key (tenant_id, csv_layout_id),
  constraint csv_layout_account foreign key (tenant_id, bank_account_id) references cash.bank_account (tenant_id, bank_account_id)
);
alter table cash.csv_layout enable row level security; alter table cash.csv_layout force row level security;
create policy tenant on cash.csv_layout using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on cash.csv_layout to :app;
grant select on cash.csv_layout to :read;
create unique index csv_layout_shape on cash.csv_layout (tenant_id, bank_account_id, shape);
