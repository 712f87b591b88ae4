-- Ground of every room: journal, files, settings, jobs, rates, search, idempotency, keys.
create schema platform;
grant usage on schema platform to :app, :read;

-- Tenants are listed by sign-in, workers and the clock before any tenant is chosen: outside row-level security.
create table platform.tenant (
  tenant_id uuid not null primary key,
  name text collate "C" not null,
  zone text collate "C" not null default 'Europe/Paris',
  reporting_currency char(3) not null default 'EUR',
  language text collate "C" not null default 'fr',
  is_demo boolean not null default false,
  version int not null default 1,
  created_at timestamptz not null default now(),
  constraint tenant_language check (language in ('fr', 'en')),
  constraint tenant_name_not_blank check (length(trim(name)) between 1 and 200)
);
grant select, insert, update on platform.tenant to :app;

create table platform.event (
  tenant_id uuid not null,
  event_id uuid not null,
  kind text collate "C" not null,
  kind_version int not null,
  subject_type text collate "C" not null,
  subject_id text collate "C" not null,
  actor_kind text collate "C" not null,
  actor_id text collate "C" not null,
  occurred_at timestamptz not null,
  payload jsonb not null,
  person_id uuid,
  sealed bytea,
  digest bytea not null,
  primary key (tenant_id, event_id)
);
create index event_of_subject on platform.event (tenant_id, subject_type, subject_id, event_id);

create table platform.event_subject (
  tenant_id uuid not null,
  subject_type text collate "C" not null,
  subject_id text collate "C" not null,
  event_id uuid not null,
  primary key (tenant_id, subject_type, subject_id, event_id)
);

create table platform.journal_pending (
  tenant_id uuid not null,
  event_id uuid not null,
  recorded_at timestamptz not null default now(),
  primary key (tenant_id, event_id)
);

create table platform.journal_block (
  tenant_id uuid not null,
  block_no bigint not null,
  previous_hash bytea not null,
  merkle_root bytea not null,
  block_hash bytea not null,
  event_ids uuid[] not null,
  sealed_at timestamptz not null,
  primary key (tenant_id, block_no)
);

create table platform.tenant_key (
  tenant_id uuid not null primary key,
  wrapped bytea not null,
  created_at timestamptz not null default now()
);

create table platform.person_key (
  tenant_id uuid not null,
  person_id uuid not null,
  wrapped bytea not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, person_id)
);

create table platform.file (
  tenant_id uuid not null,
  digest bytea not null,
  size_bytes bigint not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, digest),
  constraint file_size check (size_bytes >= 0)
);

create table platform.file_chunk (
  tenant_id uuid not null,
  digest bytea not null,
  chunk_no int not null,
  content bytea not null,
  primary key (tenant_id, digest, chunk_no)
);

create table platform.setting_version (
  tenant_id uuid not null,
  key text collate "C" not null,
  version int not null,
  value jsonb not null,
  valid_from date not null,
  author text collate "C" not null,
  recorded_at timestamptz not null default now(),
  primary key (tenant_id, key, version)
);

create table platform.job_run (
  tenant_id uuid not null,
  kind text collate "C" not null,
  business_date date not null,
  part text collate "C" not null default '',
  state text collate "C" not null default 'started',
  attempts int not null default 1,
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  outcome jsonb,
  primary key (tenant_id, kind, business_date, part),
  constraint job_run_state check (state in ('started', 'done', 'failed'))
);

create table platform.dead_letter (
  tenant_id uuid not null,
  dead_letter_id uuid not null,
  kind text collate "C" not null,
  payload jsonb not null,
  reason text collate "C" not null,
  attempts int not null,
  failed_at timestamptz not null default now(),
  resolved_at timestamptz,
  resolution text collate "C",
  primary key (tenant_id, dead_letter_id)
);

-- One index scan a minute over all tenants: outside row-level security, holds no business data.
create table platform.tenant_clock (
  tenant_id uuid not null,
  kind text collate "C" not null,
  next_at timestamptz not null,
  primary key (tenant_id, kind)
);
create index tenant_clock_next on platform.tenant_clock (next_at);

create table platform.idempotency_key (
  tenant_id uuid not null,
  key text collate "C" not null,
  operation text collate "C" not null,
  actor_id text collate "C" not null,
  request_hash bytea not null,
  status int,
  answer jsonb,
  etag text collate "C",
  created_at timestamptz not null default now(),
  primary key (tenant_id, actor_id, key)
);

-- Reference data shared by all tenants: units of `currency` for one euro.
create table platform.fx_rate (
  source text collate "C" not null,
  currency char(3) not null,
  rate_on date not null,
  per_euro numeric(24, 10) not null,
  primary key (source, currency, rate_on),
  constraint fx_rate_positive check (per_euro > 0)
);
grant select, insert, update on platform.fx_rate to :app;
grant select on platform.fx_rate to :read;

create table platform.fx_rate_override (
  tenant_id uuid not null,
  currency char(3) not null,
  rate_on date not null,
  per_euro numeric(24, 10) not null,
  author text collate "C" not null,
  recorded_at timestamptz not null default now(),
  primary key (tenant_id, currency, rate_on),
  constraint fx_rate_override_positive check (per_euro > 0)
);

alter table platform.event enable row level security; alter table platform.event force row level security;
alter table platform.event_subject enable row level security; alter table platform.event_subject force row level security;
alter table platform.journal_pending enable row level security; alter table platform.journal_pending force row level security;
alter table platform.journal_block enable row level security; alter table platform.journal_block force row level security;
alter table platform.tenant_key enable row level security; alter table platform.tenant_key force row level security;
alter table platform.person_key enable row level security; alter table platform.person_key force row level security;
alter table platform.file enable row level security; alter table platform.file force row level security;
alter table platform.file_chunk enable row level security; alter table platform.file_chunk force row level security;
alter table platform.setting_version enable row level security; alter table platform.setting_version force row level security;
alter table platform.job_run enable row level security; alter table platform.job_run force row level security;
alter table platform.dead_letter enable row level security; alter table platform.dead_letter force row level security;
alter table platform.idempotency_key enable row level security; alter table platform.idempotency_key force row level security;
alter table platform.fx_rate_override enable row level security; alter table platform.fx_rate_override force row level security;

create policy tenant on platform.event using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on platform.event_subject using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on platform.journal_pending using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on platform.journal_block using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on platform.tenant_key using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on platform.person_key using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on platform.file using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on platform.file_chunk using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on platform.setting_version using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on platform.job_run using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on platform.dead_letter using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on platform.idempotency_key using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on platform.fx_rate_override using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);

-- Append-only by grants: no update and no delete where history is kept.
grant select, insert on platform.event, platform.event_subject, platform.journal_block, platform.tenant_key, platform.setting_version to :app;
grant select, insert, delete on platform.journal_pending, platform.person_key, platform.file, platform.file_chunk to :app;
grant select, insert, update on platform.job_run, platform.dead_letter to :app;
grant select, insert, update, delete on platform.idempotency_key, platform.tenant_clock, platform.fx_rate_override to :app;
grant select on platform.event, platform.event_subject, platform.journal_block, platform.setting_version, platform.job_run to :read;
