-- Sources: a connector with its settings, the companies that it feeds, its calendar and its runs. What files dropped by hand were known by keeps its
-- rows under a name of its own.
alter table connectors.source rename to dropped_source;

create table connectors.source (
  tenant_id uuid not null,
  source_id uuid not null,
  name text collate "C" not null,
  connector text collate "C" not null,
  settings jsonb not null,
  secrets text collate "C",
  calendar jsonb not null,
  is_active boolean not null default true,
  next_run_at timestamptz,
  failures int not null default 0,
  created_by text collate "C" not null,
  created_at timestamptz not null default now(),
  removed_at timestamptz,
  version int not null default 1,
  primary key (tenant_id, source_id),
  constraint source_name_not_blank check (length(trim(name)) between 1 and 100)
);

-- A company that a source feeds: the source of its ledger rows, what it is called over there, and how far it was read.
create table connectors.source_company (
  tenant_id uuid not null,
  source_id uuid not null,
  company_id uuid not null,
  ledger_source_id uuid not null,
  part text collate "C" not null,
  reached jsonb,
  primary key (tenant_id, source_id, company_id),
  constraint source_company_source foreign key (tenant_id, source_id) references connectors.source (tenant_id, source_id),
  constraint source_company_company foreign key (tenant_id, company_id) references parties.company (tenant_id, company_id)
);

create table connectors.sync_run (
  tenant_id uuid not null,
  run_id uuid not null,
  source_id uuid not null,
  origin text collate "C" not null,
  state text collate "C" not null,
  attempt int not null default 0,
  coverage jsonb,
  started_at timestamptz not null default now(),
  heartbeat_at timestamptz not null default now(),
  ended_at timestamptz,
  actor_kind text collate "C" not null,
  actor_id text collate "C" not null,
  fault jsonb,
  report jsonb,
  primary key (tenant_id, run_id),
  constraint sync_run_source foreign key (tenant_id, source_id) references connectors.source (tenant_id, source_id),
  constraint sync_run_origin check (origin in ('person', 'calendar', 'retry', 'push')),
  constraint sync_run_state check (state in ('queued', 'running', 'open', 'done', 'failed', 'abandoned'))
);
-- No two runs of one source at once.
create unique index sync_run_one_at_a_time on connectors.sync_run (tenant_id, source_id) where state in ('queued', 'running', 'open');
create index sync_run_of_source on connectors.sync_run (tenant_id, source_id, started_at desc);

-- Rows pushed to an open run, one per key; gone when the run ends.
create table connectors.pushed_row (
  tenant_id uuid not null,
  run_id uuid not null,
  kind text collate "C" not null,
  company_id uuid not null,
  key text collate "C" not null,
  row jsonb not null,
  pushed_at timestamptz not null default now(),
  primary key (tenant_id, run_id, kind, company_id, key),
  constraint pushed_row_kind check (kind in ('customer', 'contact', 'item', 'settlement', 'order', 'balance', 'present'))
);

alter table connectors.source enable row level security; alter table connectors.source force row level security;
alter table connectors.source_company enable row level security; alter table connectors.source_company force row level security;
alter table connectors.sync_run enable row level security; alter table connectors.sync_run force row level security;
alter table connectors.pushed_row enable row level security; alter table connectors.pushed_row force row level security;
create policy tenant on connectors.source using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on connectors.source_company using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on connectors.sync_run using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on connectors.pushed_row using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on connectors.source, connectors.sync_run to :app;
grant select, insert, update, delete on connectors.source_company, connectors.pushed_row to :app;
grant select on connectors.source_company, connectors.sync_run to :read;

-- When a source was last heard, also when it had nothing new to say.
alter table receivables.source add column heard_at timestamptz;

-- A key that may speak for one source only.
alter table access.api_key add column source_id uuid;
