-- How messages leave: templates, the outbox, its proofs and archive, the e-mail channel.
create schema correspondence;
grant usage on schema correspondence to :app, :read;

create table correspondence.template (
  tenant_id uuid not null,
  template_id uuid not null,
  key text collate "C" not null,
  name jsonb not null,
  level int,
  version_no int not null default 1,
  version int not null default 1,
  changed_at timestamptz not null,
  primary key (tenant_id, template_id),
  constraint template_key_unique unique (tenant_id, key),
  constraint template_key_shape check (key ~ '^[a-z][a-z0-9-]{0,39}$')
);

-- Content never changes: messages pin the version they were rendered from.
create table correspondence.template_version (
  tenant_id uuid not null,
  template_id uuid not null,
  version_no int not null,
  content jsonb not null,
  created_by text collate "C" not null,
  created_at timestamptz not null,
  primary key (tenant_id, template_id, version_no),
  constraint template_version_template foreign key (tenant_id, template_id) references correspondence.template (tenant_id, template_id)
);

-- The outbox. Unique per occasion, whatever the run; a withdrawn message frees its occasion, for no byte of it left.
create table correspondence.message (
  tenant_id uuid not null,
  message_id uuid not null,
  kind text collate "C" not null,
  channel text collate "C" not null default 'email',
  sandbox boolean not null,
  occasion text collate "C" not null,
  group_key text collate "C",
  track text collate "C",
  cycle text collate "C",
  step_key text collate "C",
  level int,
  run_id uuid,
  company_id uuid,
  customer_id uuid,
  contact_id uuid,
  mode text collate "C" not null,
  state text collate "C" not null,
  reason text collate "C",
  language text collate "C" not null,
  template_id uuid,
  template_version_no int,
  recipient_address text collate "C" not null,
  recipient_name text collate "C" not null,
  recipient_domain text collate "C" not null,
  sender_address text collate "C",
  sender_name text collate "C",
  reply_to text collate "C",
  currency char(3),
  amount_minor bigint,
  item_count int not null default 0,
  -- Debits that the message lists, as of its last rendition: the plan of a day reads them for every group at once.
  debit_ids uuid[] not null default '{}',
  subject text collate "C",
  business_date date not null,
  rendition int not null default 0,
  approved_by text collate "C",
  approved_at timestamptz,
  leaves_at timestamptz,
  attempts int not null default 0,
  claimed_by text collate "C",
  lease_until timestamptz,
  handing_over_at timestamptz,
  accepted_at timestamptz,
  sent_on date,
  changed_at timestamptz not null default now(),
  version int not null default 1,
  primary key (tenant_id, message_id),
  constraint message_kind check (kind in ('dunning', 'manual')),
  constraint message_track check (track in ('courtesy', 'reminder', 'thanks')),
  constraint message_mode check (mode in ('auto', 'confirm', 'manual')),
  constraint message_state check (state in ('planned', 'approved', 'held', 'claimed', 'handing_over', 'accepted', 'refused', 'in_doubt',
    'delivered', 'returned', 'withdrawn')),
  constraint message_claim check (state not in ('claimed', 'handing_over') or (claimed_by is not null and lease_until is not null)),
  constraint message_pinned check (state in ('planned', 'withdrawn') or rendition > 0),
  constraint message_sent_on check (state not in ('accepted', 'delivered', 'returned') or sent_on is not null)
);
create unique index message_occasion on correspondence.message (tenant_id, sandbox, occasion) where state <> 'withdrawn';
create index message_ready on correspondence.message (tenant_id, leaves_at, message_id) where state = 'held';
create index message_leased on correspondence.message (tenant_id, lease_until) where state in ('claimed', 'handing_over');
create index message_in_doubt on correspondence.message (tenant_id, message_id) where state = 'in_doubt';
create index message_customer on correspondence.message (tenant_id, customer_id, message_id);
create index message_run on correspondence.message (tenant_id, run_id, message_id);
create index message_group on correspondence.message (tenant_id, group_key) where state <> 'withdrawn';

-- What was rendered: 1 at approval, the next when less was owed at hand-over. Both hashes are kept.
create table correspondence.message_content (
  tenant_id uuid not null,
  message_id uuid not null,
  rendition int not null,
  subject text collate "C" not null,
  html text collate "C" not null,
  text text collate "C" not null,
  parts_hash bytea not null,
  amount_minor bigint,
  rendered_at timestamptz not null,
  primary key (tenant_id, message_id, rendition)
);

-- The items a rendition lists, as they were written to the customer.
create table correspondence.message_item (
  tenant_id uuid not null,
  message_id uuid not null,
  rendition int not null,
  item_id uuid not null,
  line_no int not null,
  number text collate "C" not null,
  kind text collate "C" not null,
  issued_on date not null,
  due_on date not null,
  original_minor bigint not null,
  open_minor bigint not null,
  primary key (tenant_id, message_id, rendition, item_id)
);
create index message_item_item on correspondence.message_item (tenant_id, item_id, message_id);

-- Send proof: the facts that allowed each hand-over, and what the server answered.
create table correspondence.hand_over (
  tenant_id uuid not null,
  message_id uuid not null,
  attempt_no int not null,
  worker text collate "C" not null,
  started_at timestamptz not null,
  facts jsonb not null,
  pinned_hash bytea not null,
  sent_hash bytea not null,
  ended_at timestamptz,
  outcome text collate "C",
  stage text collate "C",
  reply_code int,
  reply text collate "C",
  primary key (tenant_id, message_id, attempt_no)
);

-- The very bytes of each message that left, or that the sandbox caught.
create table correspondence.archived_message (
  tenant_id uuid not null,
  message_id uuid not null,
  raw bytea not null,
  sha256 bytea not null,
  archived_at timestamptz not null,
  primary key (tenant_id, message_id)
);

-- Addresses that a server refused for good: not written to until a person clears them.
create table correspondence.suppressed_address (
  tenant_id uuid not null,
  address text collate "C" not null,
  reason text collate "C" not null,
  message_id uuid,
  since timestamptz not null,
  primary key (tenant_id, address)
);

create table correspondence.channel (
  tenant_id uuid not null,
  channel text collate "C" not null,
  armed_at timestamptz,
  armed_by text collate "C",
  disarmed_reason text collate "C" default 'never_armed',
  settings jsonb,
  sealed_password text collate "C",
  hold_minutes int not null default 10,
  last_test jsonb,
  paused_until timestamptz,
  paused_for text collate "C",
  failures int not null default 0,
  version int not null default 1,
  primary key (tenant_id, channel),
  constraint channel_name check (channel = 'email'),
  constraint channel_armed_has_settings check (armed_at is null or settings is not null),
  constraint channel_armed_or_reason check ((armed_at is null) = (disarmed_reason is not null)),
  constraint channel_disarmed_reason check (disarmed_reason in ('never_armed', 'by_person', 'restored'))
);

alter table correspondence.template enable row level security; alter table correspondence.template force row level security;
alter table correspondence.template_version enable row level security; alter table correspondence.template_version force row level security;
alter table correspondence.message enable row level security; alter table correspondence.message force row level security;
alter table correspondence.message_content enable row level security; alter table correspondence.message_content force row level security;
alter table correspondence.message_item enable row level security; alter table correspondence.message_item force row level security;
alter table correspondence.hand_over enable row level security; alter table correspondence.hand_over force row level security;
alter table correspondence.archived_message enable row level security; alter table correspondence.archived_message force row level security;
alter table correspondence.suppressed_address enable row level security; alter table correspondence.suppressed_address force row level security;
alter table correspondence.channel enable row level security; alter table correspondence.channel force row level security;

create policy tenant on correspondence.template using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on correspondence.template_version using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on correspondence.message using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on correspondence.message_content using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on correspondence.message_item using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on correspondence.hand_over using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on correspondence.archived_message using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on correspondence.suppressed_address using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on correspondence.channel using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);

grant select, insert, update on correspondence.template, correspondence.message, correspondence.channel, correspondence.hand_over to :app;
grant select, insert on correspondence.template_version, correspondence.message_content, correspondence.message_item, correspondence.archived_message to :app;
grant select, insert, delete on correspondence.suppressed_address to :app;
grant select on correspondence.template, correspondence.template_version, correspondence.message, correspondence.message_item, correspondence.hand_over to :read;

-- Published to dunning: what was sent to a group, and what each message listed.
create view correspondence.group_message with (security_invoker = true) as
select tenant_id, message_id, sandbox, group_key, track, cycle, step_key, level, state, sent_on, rendition, run_id, customer_id, company_id, debit_ids,
  state in ('accepted', 'delivered', 'returned') as is_sent,
  state in ('planned', 'approved', 'held', 'claimed', 'handing_over') as is_pending
from correspondence.message
where group_key is not null and state <> 'withdrawn';

create view correspondence.listed_item with (security_invoker = true) as
select tenant_id, message_id, rendition, item_id, open_minor
from correspondence.message_item;

grant select on correspondence.group_message, correspondence.listed_item to :app, :read;

create view correspondence.message_progress with (security_invoker = true) as
select tenant_id, message_id, run_id, state, reason, leaves_at, recipient_address, recipient_name, contact_id, language, mode, rendition
from correspondence.message;
grant select on correspondence.message_progress to :app, :read;

create index message_recipient on correspondence.message (tenant_id, recipient_address, sent_on) where sent_on is not null;
create view correspondence.recipient_message with (security_invoker = true) as
select tenant_id, recipient_address, sent_on from correspondence.message where sent_on is not null;
grant select on correspondence.recipient_message to :app;
create view correspondence.withdrawn_message with (security_invoker = true) as
select tenant_id, message_id, occasion, group_key, track, cycle, step_key, level, run_id, company_id, customer_id, contact_id, mode, language,
  recipient_address, recipient_name, currency, amount_minor, item_count, business_date
from correspondence.message
where state = 'withdrawn' and kind = 'dunning';
grant select on correspondence.withdrawn_message to :app;
create view correspondence.refused_address with (security_invoker = true) as
select tenant_id, address from correspondence.suppressed_address;
grant select on correspondence.refused_address to :app;
