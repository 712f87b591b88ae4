-- What the bank says before the books do: statements, their lines, what was proposed and applied, payers learnt.
create schema cash;
grant usage on schema cash to :app, :read;

create table cash.bank_account (
  tenant_id uuid not null,
  bank_account_id uuid not null,
  company_id uuid not null,
  identifier text collate "C" not null,
  currency char(3) not null,
  name text collate "C" not null,
  is_active boolean not null default true,
  version int not null default 1,
  created_at timestamptz not null default now(),
  primary key (tenant_id, bank_account_id),
  constraint bank_account_company foreign key (tenant_id, company_id) references parties.company (tenant_id, company_id),
  constraint bank_account_identifier check (identifier ~ '^[A-Z0-9]{3,40}$'),
  constraint bank_account_name_size check (length(name) between 1 and 100)
);
alter table cash.bank_account enable row level security; alter table cash.bank_account force row level security;
create policy tenant on cash.bank_account using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on cash.bank_account to :app;
grant select on cash.bank_account to :read;
-- One account may hold several currencies under one number.
create unique index bank_account_identifier_unique on cash.bank_account (tenant_id, identifier, currency);

create table cash.bank_file (
  tenant_id uuid not null,
  bank_file_id uuid not null,
  name text collate "C" not null,
  format text collate "C" not null,
  digest text collate "C" not null,
  size_bytes bigint not null,
  warnings jsonb not null default '[]',
  received_by text collate "C" not null,
  received_at timestamptz not null default now(),
  primary key (tenant_id, bank_file_id)
);
alter table cash.bank_file enable row level security; alter table cash.bank_file force row level security;
create policy tenant on cash.bank_file using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on cash.bank_file to :app;
grant select on cash.bank_file to :read;
create index bank_file_digest on cash.bank_file (tenant_id, digest);

-- One statement of a file. `checked` waits to be imported, `quarantined` for a decision; lines of both are held and take no part in anything.
create table cash.statement (
  tenant_id uuid not null,
  statement_id uuid not null,
  bank_file_id uuid not null,
  bank_account_id uuid,
  identifier text collate "C" not null,
  currency char(3),
  number text collate "C",
  scope text collate "C" not null,
  from_on date,
  to_on date,
  opening_minor bigint,
  closing_minor bigint,
  chain text collate "C" not null,
  line_count int not null,
  known_count int not null,
  credit_minor bigint not null,
  debit_minor bigint not null,
  findings jsonb not null,
  state text collate "C" not null,
  decided_by text collate "C",
  decided_at timestamptz,
  reason text collate "C",
  version int not null default 1,
  received_at timestamptz not null default now(),
  primary key (tenant_id, statement_id),
  constraint statement_file foreign key (tenant_id, bank_file_id) references cash.bank_file (tenant_id, bank_file_id),
  constraint statement_account foreign key (tenant_id, bank_account_id) references cash.bank_account (tenant_id, bank_account_id),
  constraint statement_state check (state in ('checked', 'quarantined', 'imported', 'refused')),
  constraint statement_scope check (scope in ('statement', 'intraday', 'notification', 'returns')),
  constraint statement_chain check (chain in ('ok', 'broken', 'unknown'))
);
alter table cash.statement enable row level security; alter table cash.statement force row level security;
create policy tenant on cash.statement using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on cash.statement to :app;
grant select on cash.statement to :read;
create index statement_of_account on cash.statement (tenant_id, bank_account_id, to_on);
create index statement_newest on cash.statement (tenant_id, received_at, statement_id);
create index statement_of_file on cash.statement (tenant_id, bank_file_id);

-- One line that can be applied: a detail of an entry. Known by key within its bank account (the nil id for returns that name none), in whatever file it comes
-- again. Of the payer: the name as the bank wrote it, a digest of the IBAN and its last four signs.
create table cash.bank_line (
  tenant_id uuid not null,
  bank_line_id uuid not null,
  statement_id uuid not null,
  bank_account_id uuid,
  company_id uuid,
  owner_id uuid not null,
  entry_key text collate "C" not null,
  detail_no int not null,
  position text collate "C" not null,
  state text collate "C" not null,
  side text collate "C" not null,
  kind text collate "C" not null,
  booked_on date not null,
  value_on date not null,
  currency char(3) not null,
  amount_minor bigint not null,
  text text collate "C" not null,
  payer_name text collate "C",
  payer_iban_digest text collate "C",
  payer_iban_tail text collate "C",
  creditor_reference text collate "C",
  end_to_end_id text collate "C",
  mandate_id text collate "C",
  bank_reference text collate "C",
  documents jsonb not null default '[]',
  reason_code text collate "C",
  reason_text text collate "C",
  fee_minor bigint,
  top_probability_bp int,
  why_not text collate "C",
  proposed_on date,
  set_aside_reason text collate "C",
  version int not null default 1,
  primary key (tenant_id, bank_line_id),
  constraint bank_line_statement foreign key (tenant_id, statement_id) references cash.statement (tenant_id, statement_id),
  constraint bank_line_state check (state in ('held', 'waiting', 'applied', 'set_aside', 'replaced')),
  constraint bank_line_side check (side in ('receipt', 'return', 'other')),
  constraint bank_line_amount check (amount_minor <> 0)
);
alter table cash.bank_line enable row level security; alter table cash.bank_line force row level security;
create policy tenant on cash.bank_line using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on cash.bank_line to :app;
grant select on cash.bank_line to :read;
create unique index bank_line_key on cash.bank_line (tenant_id, owner_id, entry_key, detail_no) where state not in ('held', 'replaced');
create index bank_line_list on cash.bank_line (tenant_id, state, side, booked_on, bank_line_id);
create index bank_line_of_statement on cash.bank_line (tenant_id, statement_id);
create index bank_line_end_to_end on cash.bank_line (tenant_id, end_to_end_id) where end_to_end_id is not null;
create index bank_line_amount on cash.bank_line (tenant_id, amount_minor, booked_on);

-- The proposal of a waiting line as it was last worked out, and of an applied one as it was decided upon.
create table cash.proposal (
  tenant_id uuid not null,
  bank_line_id uuid not null,
  candidates jsonb not null,
  why_not text collate "C",
  options_version int not null,
  proposed_on date not null,
  primary key (tenant_id, bank_line_id),
  constraint proposal_line foreign key (tenant_id, bank_line_id) references cash.bank_line (tenant_id, bank_line_id)
);
alter table cash.proposal enable row level security; alter table cash.proposal force row level security;
create policy tenant on cash.proposal using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on cash.proposal to :app;
grant select on cash.proposal to :read;

-- What was posted for a line, by rule or by a person. Undone by opposite lines; the row stays.
create table cash.application (
  tenant_id uuid not null,
  application_id uuid not null,
  bank_line_id uuid not null,
  company_id uuid not null,
  kind text collate "C" not null,
  origin text collate "C" not null,
  candidate_no int,
  method text collate "C",
  probability_bp int,
  reasons jsonb not null,
  settlement_ids uuid[] not null,
  applied_by text collate "C" not null,
  applied_on date not null,
  applied_at timestamptz not null default now(),
  undone_by text collate "C",
  undone_on date,
  undone_at timestamptz,
  undo_reason text collate "C",
  primary key (tenant_id, application_id),
  constraint application_line foreign key (tenant_id, bank_line_id) references cash.bank_line (tenant_id, bank_line_id),
  constraint application_kind check (kind in ('receipt', 'rejection')),
  constraint application_origin check (origin in ('person', 'rule'))
);
alter table cash.application enable row level security; alter table cash.application force row level security;
create policy tenant on cash.application using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on cash.application to :app;
grant select on cash.application to :read;
create unique index application_live on cash.application (tenant_id, bank_line_id) where undone_at is null;
create index application_day on cash.application (tenant_id, applied_on);

-- The overlay items that an application made: one payment per account, what was given up, the rejection, the bank's charge.
create table cash.application_item (
  tenant_id uuid not null,
  application_id uuid not null,
  item_id uuid not null,
  account_id uuid not null,
  role text collate "C" not null,
  amount_minor bigint not null,
  primary key (tenant_id, application_id, item_id),
  constraint application_item_application foreign key (tenant_id, application_id) references cash.application (tenant_id, application_id),
  constraint application_item_role check (role in ('payment', 'discount', 'fee', 'difference', 'rejection', 'charge'))
);
alter table cash.application_item enable row level security; alter table cash.application_item force row level security;
create policy tenant on cash.application_item using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert on cash.application_item to :app;
grant select on cash.application_item to :read;
create index application_item_item on cash.application_item (tenant_id, item_id);

-- What of which item was settled; for a rejection, the payment it cancels.
create table cash.application_part (
  tenant_id uuid not null,
  application_id uuid not null,
  item_id uuid not null,
  account_id uuid not null,
  amount_minor bigint not null,
  primary key (tenant_id, application_id, item_id),
  constraint application_part_application foreign key (tenant_id, application_id) references cash.application (tenant_id, application_id)
);
alter table cash.application_part enable row level security; alter table cash.application_part force row level security;
create policy tenant on cash.application_part using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert on cash.application_part to :app;
grant select on cash.application_part to :read;
create index application_part_item on cash.application_part (tenant_id, item_id);

-- Who pays for which account, learnt from what was applied.
create table cash.payer_alias (
  tenant_id uuid not null,
  company_id uuid not null,
  kind text collate "C" not null,
  value text collate "C" not null,
  account_id uuid not null,
  confirmed int not null,
  contradicted int not null,
  last_on date not null,
  primary key (tenant_id, company_id, kind, value, account_id),
  constraint payer_alias_kind check (kind in ('iban', 'name'))
);
alter table cash.payer_alias enable row level security; alter table cash.payer_alias force row level security;
create policy tenant on cash.payer_alias using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on cash.payer_alias to :app;
grant select on cash.payer_alias to :read;
