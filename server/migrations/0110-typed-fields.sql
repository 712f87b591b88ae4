-- Fields of a customer or contact that a person typed: loads leave their value alone and keep here what the source says instead.
create table parties.typed_field (
  tenant_id uuid not null,
  subject_type text collate "C" not null,
  subject_id uuid not null,
  field text collate "C" not null,
  source_value text collate "C",
  is_source_known boolean not null,
  typed_by text collate "C" not null,
  typed_at timestamptz not null default now(),
  primary key (tenant_id, subject_type, subject_id, field),
  constraint typed_field_subject check (subject_type in ('customer', 'contact'))
);
alter table parties.typed_field enable row level security; alter table parties.typed_field force row level security;
create policy tenant on parties.typed_field using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on parties.typed_field to :app;

-- Names marked so far become typed fields. The owner reads past its own policies only while they are not forced.
alter table parties.customer no force row level security;
alter table parties.typed_field no force row level security;
insert into parties.typed_field (tenant_id, subject_type, subject_id, field, is_source_known, typed_by)
select tenant_id, 'customer', customer_id, 'name', false, 'unknown' from parties.customer where is_name_typed;
alter table parties.customer force row level security;
alter table parties.typed_field force row level security;
