-- The customers' ledger: what was posted, what extinguished what, and when that was known.
create schema receivables;
grant usage on schema receivables to :app, :read;

-- One row per company: the lock of the only writer of its ledger.
create table receivables.book (
  tenant_id uuid not null,
  company_id uuid not null,
  primary key (tenant_id, company_id)
);

create table receivables.source (
  tenant_id uuid not null,
  source_id uuid not null,
  company_id uuid not null,
  kind text collate "C" not null,
  name text collate "C" not null,
  settles_leftovers boolean not null,
  is_of_record boolean not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, source_id)
);
create unique index source_of_record on receivables.source (tenant_id, company_id) where is_of_record;

create table receivables.batch (
  tenant_id uuid not null,
  batch_id uuid not null,
  source_id uuid not null,
  company_id uuid not null,
  undoes_batch_id uuid,
  coverage text collate "C" not null,
  covers_from date,
  covers_to date,
  fiscal_from date,
  fiscal_to date,
  known_on date not null,
  is_first_load boolean not null,
  file_name text collate "C",
  file_hash text collate "C",
  counts jsonb not null,
  totals jsonb not null,
  proof jsonb not null,
  actor_kind text collate "C" not null,
  actor_id text collate "C" not null,
  recorded_at timestamptz not null default now(),
  primary key (tenant_id, batch_id),
  constraint batch_coverage check (coverage in ('movements', 'open_snapshot', 'full', 'undo')),
  constraint batch_undone_once unique (tenant_id, undoes_batch_id)
);
create index batch_source on receivables.batch (tenant_id, source_id, batch_id);

-- What never changes of an item. What a source may edit is in item_version.
create table receivables.item (
  tenant_id uuid not null,
  item_id uuid not null,
  account_id uuid not null,
  source_id uuid,
  batch_id uuid,
  layer text collate "C" not null,
  kind text collate "C" not null,
  currency char(3) not null,
  book_currency char(3) not null,
  posted_on date not null,
  issued_on date not null,
  instalment_no int not null,
  order_key text collate "C" not null,
  is_opening boolean not null,
  is_book_converted boolean not null,
  journal text collate "C",
  entry_no text collate "C",
  primary key (tenant_id, item_id),
  constraint item_account foreign key (tenant_id, account_id) references parties.account (tenant_id, account_id),
  constraint item_layer check (layer in ('ledger', 'overlay')),
  constraint item_kind check (kind in ('invoice', 'credit_note', 'payment', 'rejection', 'opening', 'exchange_difference', 'adjustment', 'other')),
  constraint item_instalment check (instalment_no >= 1)
);
create index item_of_account on receivables.item (tenant_id, account_id, item_id);
create index item_opening on receivables.item (tenant_id, posted_on) where is_opening;

create table receivables.item_version (
  tenant_id uuid not null,
  item_id uuid not null,
  version_no int not null,
  original_minor bigint not null,
  original_book_minor bigint not null,
  due_on date not null,
  is_due_estimated boolean not null,
  document_no text collate "C",
  label text collate "C",
  payment_method text collate "C",
  letter text collate "C",
  lettered_on date,
  fiscal_year date,
  links jsonb,
  void_reason text collate "C",
  known_on date not null,
  is_known_assumed boolean not null,
  batch_id uuid,
  recorded_at timestamptz not null default now(),
  primary key (tenant_id, item_id, version_no),
  constraint item_version_void check (void_reason in ('absent', 'set_aside', 'undone', 'unbooked')),
  constraint item_version_number check (version_no >= 1)
);
create index item_version_batch on receivables.item_version (tenant_id, batch_id) where version_no > 1;

-- Many keys to one item. `digest` is of the row as last seen; absent while the item is void, so that a row that returns is noticed.
create table receivables.external_ref (
  tenant_id uuid not null,
  source_id uuid not null,
  key text collate "C" not null,
  item_id uuid not null,
  account_id uuid not null,
  digest bigint,
  primary key (tenant_id, source_id, key)
);
create index external_ref_account on receivables.external_ref (tenant_id, account_id);

create table receivables.settlement (
  tenant_id uuid not null,
  settlement_id uuid not null,
  account_id uuid not null,
  layer text collate "C" not null,
  origin text collate "C" not null,
  group_key text collate "C" not null,
  replaces_id uuid,
  batch_id uuid,
  recorded_at timestamptz not null default now(),
  primary key (tenant_id, settlement_id),
  constraint settlement_layer check (layer in ('ledger', 'overlay')),
  constraint settlement_origin check (origin in ('source', 'person', 'rule'))
);
create index settlement_account on receivables.settlement (tenant_id, account_id, settlement_id);

create table receivables.settlement_line (
  tenant_id uuid not null,
  item_id uuid not null,
  effective_on date not null,
  settlement_id uuid not null,
  entry_no int not null,
  layer text collate "C" not null,
  amount_minor bigint not null,
  book_minor bigint not null,
  known_on date not null,
  primary key (tenant_id, item_id, effective_on, settlement_id, entry_no),
  constraint settlement_line_layer check (layer in ('ledger', 'overlay')),
  constraint settlement_line_entry check (entry_no >= 0)
);
create index settlement_line_settlement on receivables.settlement_line (tenant_id, settlement_id);

-- What an open snapshot moved: with the item's sign it was cleared, with the opposite it came back.
create table receivables.clearing (
  tenant_id uuid not null,
  item_id uuid not null,
  batch_id uuid not null,
  account_id uuid not null,
  cleared_on date not null,
  amount_minor bigint not null,
  book_minor bigint not null,
  known_on date not null,
  undone_by uuid,
  primary key (tenant_id, item_id, batch_id)
);
create index clearing_account on receivables.clearing (tenant_id, account_id);

-- A booked item stands in for an overlay item.
create table receivables.booking (
  tenant_id uuid not null,
  overlay_item_id uuid not null,
  booked_item_id uuid not null,
  account_id uuid not null,
  adjustment_item_id uuid not null,
  booked_on date not null,
  is_live boolean not null,
  took_over uuid[] not null,
  recorded_at timestamptz not null default now(),
  primary key (tenant_id, overlay_item_id, booked_item_id)
);
create index booking_account on receivables.booking (tenant_id, account_id);

-- Kept for speed, apart from the facts: rebuilt and compared by verify. Void items are absent.
create table receivables.item_state (
  tenant_id uuid not null,
  item_id uuid not null,
  account_id uuid not null,
  layer text collate "C" not null,
  kind text collate "C" not null,
  currency char(3) not null,
  book_currency char(3) not null,
  version_no int not null,
  posted_on date not null,
  issued_on date not null,
  due_on date not null,
  is_due_estimated boolean not null,
  instalment_no int not null,
  document_no text collate "C",
  label text collate "C",
  payment_method text collate "C",
  letter text collate "C",
  original_minor bigint not null,
  original_book_minor bigint not null,
  ledger_open_minor bigint not null,
  ledger_open_book_minor bigint not null,
  working_open_minor bigint not null,
  working_open_book_minor bigint not null,
  first_line_on date not null,
  settled_on date not null,
  primary key (tenant_id, item_id),
  constraint item_state_ledger_open check (ledger_open_minor between least(0, original_minor) and greatest(0, original_minor)),
  constraint item_state_working_open check (working_open_minor between least(0, original_minor) and greatest(0, original_minor)),
  constraint item_state_settled check (settled_on >= posted_on)
);
create index item_state_settled on receivables.item_state (tenant_id, settled_on, posted_on, first_line_on);
create index item_state_account on receivables.item_state (tenant_id, account_id, posted_on);
create index item_state_due on receivables.item_state (tenant_id, due_on, item_id);
create index item_state_open_due on receivables.item_state (tenant_id, due_on, item_id) where settled_on = 'infinity';
create index item_state_open_posted on receivables.item_state (tenant_id, posted_on, item_id) where settled_on = 'infinity';
create index item_state_open_amount on receivables.item_state (tenant_id, ledger_open_book_minor, item_id) where settled_on = 'infinity';
create index item_state_overlay on receivables.item_state (tenant_id, posted_on, item_id) where layer = 'overlay';
create index item_state_document on receivables.item_state (tenant_id, document_no);

-- Ageing per account, currency and layer on one day: the fast path of today's totals. `buckets` follows the bucket setting used.
create table receivables.account_state (
  tenant_id uuid not null,
  account_id uuid not null,
  currency char(3) not null,
  layer text collate "C" not null,
  as_of date not null,
  book_currency char(3) not null,
  open_minor bigint not null,
  open_book_minor bigint not null,
  overdue_book_minor bigint not null,
  unapplied_book_minor bigint not null,
  credit_note_book_minor bigint not null,
  item_count int not null,
  bucket_ends int[] not null,
  buckets_book_minor bigint[] not null,
  primary key (tenant_id, account_id, currency, layer),
  constraint account_state_layer check (layer in ('ledger', 'working'))
);

alter table receivables.book enable row level security; alter table receivables.book force row level security;
alter table receivables.source enable row level security; alter table receivables.source force row level security;
alter table receivables.batch enable row level security; alter table receivables.batch force row level security;
alter table receivables.item enable row level security; alter table receivables.item force row level security;
alter table receivables.item_version enable row level security; alter table receivables.item_version force row level security;
alter table receivables.external_ref enable row level security; alter table receivables.external_ref force row level security;
alter table receivables.settlement enable row level security; alter table receivables.settlement force row level security;
alter table receivables.settlement_line enable row level security; alter table receivables.settlement_line force row level security;
alter table receivables.clearing enable row level security; alter table receivables.clearing force row level security;
alter table receivables.booking enable row level security; alter table receivables.booking force row level security;
alter table receivables.item_state enable row level security; alter table receivables.item_state force row level security;
alter table receivables.account_state enable row level security; alter table receivables.account_state force row level security;

create policy tenant on receivables.book using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on receivables.source using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on receivables.batch using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on receivables.item using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on receivables.item_version using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on receivables.external_ref using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on receivables.settlement using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on receivables.settlement_line using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on receivables.clearing using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on receivables.booking using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on receivables.item_state using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on receivables.account_state using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);

-- Facts are append-only by grants; what is kept for speed may be rewritten.
grant select, insert on receivables.item, receivables.item_version, receivables.settlement, receivables.settlement_line, receivables.batch to :app;
grant select, insert, update on receivables.book, receivables.source, receivables.external_ref, receivables.clearing, receivables.booking to :app;
grant select, insert, update, delete on receivables.item_state, receivables.account_state to :app;
grant select on receivables.source, receivables.batch, receivables.item, receivables.item_version, receivables.settlement, receivables.settlement_line, receivables.clearing, receivables.booking, receivables.item_state, receivables.account_state to :read;
