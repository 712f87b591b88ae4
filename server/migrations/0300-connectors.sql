-- Where data comes from: sources, files imported, and the column mappings people confirmed.
create schema connectors;
grant usage on schema connectors to :app, :read;

create table connectors.source (
  tenant_id uuid not null,
  source_id uuid not null,
  company_id uuid not null,
  kind text collate "C" not null,
  name text collate "C" not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, source_id),
  constraint source_unique unique (tenant_id, company_id, kind),
  constraint source_company foreign key (tenant_id, company_id) references parties.company (tenant_id, company_id),
  constraint source_kind check (kind in ('fec', 'items'))
);

create table connectors.import (
  tenant_id uuid not null,
  import_id uuid not null,
  kind text collate "C" not null,
  format text collate "C" not null,
  file_name text collate "C" not null,
  file_digest text collate "C" not null,
  size_bytes bigint not null,
  state text collate "C" not null,
  company_id uuid,
  profile jsonb not null,
  choices jsonb not null,
  report jsonb,
  batch_id uuid,
  created_by text collate "C" not null,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  version int not null default 1,
  primary key (tenant_id, import_id),
  constraint import_kind check (kind in ('fec', 'items', 'customers', 'contacts')),
  constraint import_format check (format in ('fec', 'csv', 'xlsx')),
  constraint import_state check (state in ('uploaded', 'checking', 'checked', 'applying', 'applied', 'undone', 'failed'))
);
create index import_by_day on connectors.import (tenant_id, created_at desc, import_id);

create table connectors.mapping (
  tenant_id uuid not null,
  kind text collate "C" not null,
  header_digest text collate "C" not null,
  mapping jsonb not null,
  confirmed_at timestamptz not null default now(),
  primary key (tenant_id, kind, header_digest)
);

alter table connectors.source enable row level security; alter table connectors.source force row level security;
alter table connectors.import enable row level security; alter table connectors.import force row level security;
alter table connectors.mapping enable row level security; alter table connectors.mapping force row level security;
create policy tenant on connectors.source using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on connectors.import using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on connectors.mapping using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on connectors.source, connectors.import, connectors.mapping to :app;
grant select on connectors.source, connectors.import to :read;
