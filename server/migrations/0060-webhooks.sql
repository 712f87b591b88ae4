-- Outgoing webhooks: where events are told to, which deliveries are on their way, and every attempt.
create table platform.webhook_endpoint (
  tenant_id uuid not null,
  endpoint_id uuid not null,
  name text collate "C" not null,
  url text collate "C" not null,
  kinds text[] not null,
  secret text collate "C" not null,
  previous_secret text collate "C",
  previous_until timestamptz,
  is_active boolean not null default true,
  disabled_reason text collate "C",
  failing_since timestamptz,
  after_block bigint not null,
  created_by text collate "C" not null,
  created_at timestamptz not null default now(),
  removed_at timestamptz,
  version int not null default 1,
  primary key (tenant_id, endpoint_id),
  constraint webhook_endpoint_name check (length(trim(name)) between 1 and 100)
);

create table platform.webhook_delivery (
  tenant_id uuid not null,
  delivery_id uuid not null,
  endpoint_id uuid not null,
  event_id uuid not null,
  kind text collate "C" not null,
  state text collate "C" not null default 'waiting',
  attempts int not null default 0,
  next_attempt_at timestamptz not null,
  last_status int,
  last_error text collate "C",
  delivered_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, delivery_id),
  constraint webhook_delivery_once unique (tenant_id, endpoint_id, event_id),
  constraint webhook_delivery_state check (state in ('waiting', 'delivered', 'failed'))
);
create index webhook_delivery_due on platform.webhook_delivery (tenant_id, next_attempt_at) where state = 'waiting';
create index webhook_delivery_log on platform.webhook_delivery (tenant_id, endpoint_id, delivery_id desc);

create table platform.webhook_attempt (
  tenant_id uuid not null,
  delivery_id uuid not null,
  attempt_no int not null,
  attempted_at timestamptz not null,
  status int,
  error text collate "C",
  duration_ms int not null,
  answer text collate "C",
  primary key (tenant_id, delivery_id, attempt_no)
);

alter table platform.webhook_endpoint enable row level security; alter table platform.webhook_endpoint force row level security;
alter table platform.webhook_delivery enable row level security; alter table platform.webhook_delivery force row level security;
alter table platform.webhook_attempt enable row level security; alter table platform.webhook_attempt force row level security;
create policy tenant on platform.webhook_endpoint using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on platform.webhook_delivery using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on platform.webhook_attempt using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on platform.webhook_endpoint, platform.webhook_delivery to :app;
grant select, insert on platform.webhook_attempt to :app;
