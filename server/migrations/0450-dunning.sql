-- Whom to write to, and why not: scenarios, stops, runs and their decisions.
create schema dunning;
grant usage on schema dunning to :app, :read;

create table dunning.scenario (
  tenant_id uuid not null,
  scenario_id uuid not null,
  key text collate "C" not null,
  name jsonb not null,
  version int not null default 1,
  created_at timestamptz not null,
  primary key (tenant_id, scenario_id),
  constraint scenario_key_unique unique (tenant_id, key)
);

-- A change is a new version; the one in force on a day is the last with valid_from on or before it.
create table dunning.scenario_version (
  tenant_id uuid not null,
  scenario_id uuid not null,
  version_no int not null,
  valid_from date not null,
  content jsonb not null,
  known_on date not null,
  created_by text collate "C" not null,
  created_at timestamptz not null,
  primary key (tenant_id, scenario_id, version_no),
  constraint scenario_version_scenario foreign key (tenant_id, scenario_id) references dunning.scenario (tenant_id, scenario_id)
);

-- Dated facts: lifting or moving a stop adds a version, the last one counts. valid_to is the last day on which nothing leaves.
create table dunning.stop (
  tenant_id uuid not null,
  stop_id uuid not null,
  version_no int not null,
  subject text collate "C" not null,
  subject_id uuid not null,
  reason text collate "C" not null,
  valid_from date not null,
  valid_to date not null,
  known_on date not null,
  created_by text collate "C" not null,
  created_at timestamptz not null,
  primary key (tenant_id, stop_id, version_no),
  constraint stop_subject check (subject in ('customer', 'item')),
  constraint stop_reason_not_blank check (length(trim(reason)) between 1 and 300),
  constraint stop_has_known_end check (valid_to < 'infinity')
);
create index stop_of_subject on dunning.stop (tenant_id, subject, subject_id);

create view dunning.current_stop with (security_invoker = true) as
select distinct on (tenant_id, stop_id)
  tenant_id, stop_id, version_no, subject, subject_id, reason, valid_from, valid_to, known_on, created_by, created_at
from dunning.stop
order by tenant_id, stop_id, version_no desc;

create table dunning.run (
  tenant_id uuid not null,
  run_id uuid not null,
  as_of date not null,
  company_id uuid,
  state text collate "C" not null,
  sandbox boolean not null,
  scenario_id uuid not null,
  scenario_version_no int not null,
  summary jsonb not null,
  group_count int not null,
  plan_ms int not null,
  hold_until timestamptz,
  created_by text collate "C" not null,
  created_at timestamptz not null,
  version int not null default 1,
  primary key (tenant_id, run_id),
  constraint run_state check (state in ('review', 'approved', 'superseded', 'discarded')),
  constraint run_scenario foreign key (tenant_id, scenario_id, scenario_version_no)
    references dunning.scenario_version (tenant_id, scenario_id, version_no)
);
-- One run under review per scope: two people who start the same run get one.
create unique index run_under_review on dunning.run (tenant_id, coalesce(company_id, '00000000-0000-0000-0000-000000000000'::uuid))
  where state = 'review';

create table dunning.run_decision (
  tenant_id uuid not null,
  run_id uuid not null,
  decision_id uuid not null,
  position int not null,
  bucket text collate "C" not null,
  group_key text collate "C" not null,
  company_id uuid not null,
  customer_id uuid,
  currency char(3) not null,
  track text collate "C",
  step_key text collate "C",
  level int,
  cycle text collate "C",
  mode text collate "C",
  code text collate "C",
  amount_minor bigint not null,
  amount_book_minor bigint not null,
  item_count int not null,
  oldest_due_on date,
  resumes_on date,
  remarks text[] not null,
  reasons jsonb not null,
  recipient text collate "C",
  recipient_name text collate "C",
  message_ids uuid[] not null,
  item_ids uuid[] not null,
  item_opens bigint[] not null,
  left_out jsonb not null,
  note text collate "C",
  primary key (tenant_id, run_id, decision_id),
  constraint run_decision_run foreign key (tenant_id, run_id) references dunning.run (tenant_id, run_id),
  constraint run_decision_bucket check (bucket in ('leaves', 'to_decide', 'skipped')),
  constraint run_decision_skip_has_code check ((bucket = 'skipped') = (code is not null))
);
create index run_decision_listed on dunning.run_decision (tenant_id, run_id, bucket, position);
create index run_decision_customer on dunning.run_decision (tenant_id, customer_id, run_id);

alter table dunning.scenario enable row level security; alter table dunning.scenario force row level security;
alter table dunning.scenario_version enable row level security; alter table dunning.scenario_version force row level security;
alter table dunning.stop enable row level security; alter table dunning.stop force row level security;
alter table dunning.run enable row level security; alter table dunning.run force row level security;
alter table dunning.run_decision enable row level security; alter table dunning.run_decision force row level security;

create policy tenant on dunning.scenario using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on dunning.scenario_version using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on dunning.stop using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on dunning.run using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on dunning.run_decision using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);

grant select, insert, update on dunning.scenario, dunning.run, dunning.run_decision to :app;
grant select, insert on dunning.scenario_version, dunning.stop to :app;
grant select on dunning.current_stop to :app, :read;
grant select on dunning.scenario, dunning.scenario_version, dunning.stop, dunning.run, dunning.run_decision to :read;
