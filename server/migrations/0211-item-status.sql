-- What the team says of an item: dated, one at a time, shared by everybody.
create table receivables.item_status (
  tenant_id uuid not null,
  item_id uuid not null,
  valid_from timestamptz not null,
  valid_to timestamptz not null default 'infinity',
  status text collate "C" not null,
  note text collate "C",
  created_by text collate "C" not null,
  primary key (tenant_id, item_id, valid_from),
  constraint item_status_item foreign key (tenant_id, item_id) references receivables.item (tenant_id, item_id),
  constraint item_status_kind check (status in ('chased', 'promised', 'disputed', 'awaiting_credit_note', 'awaiting_document', 'paid_unmatched', 'pre_litigation', 'litigation')),
  constraint item_status_note_size check (length(note) <= 300)
);
create unique index item_status_now on receivables.item_status (tenant_id, item_id) where valid_to = 'infinity';
create index item_status_by_kind on receivables.item_status (tenant_id, status, item_id) where valid_to = 'infinity';
alter table receivables.item_status enable row level security; alter table receivables.item_status force row level security;
create policy tenant on receivables.item_status using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on receivables.item_status to :app;
grant select on receivables.item_status to :read;
