-- Work of people: one task, one person, one end; and files attached to anything.
create schema tasks;
grant usage on schema tasks to :app, :read;
create table tasks.task (
  tenant_id uuid not null,
  task_id uuid not null,
  kind text collate "C" not null,
  title text collate "C" not null,
  details text collate "C",
  subject_type text collate "C",
  subject_id uuid,
  customer_id uuid,
  due_on date,
  assignee_id text collate "C",
  state text collate "C" not null default 'open',
  occasion text collate "C",
  created_by text collate "C" not null,
  created_at timestamptz not null,
  completed_at timestamptz,
  completed_by text collate "C",
  version int not null default 1,
  primary key (tenant_id, task_id),
  constraint task_state check (state in ('open', 'done', 'withdrawn')),
  constraint task_title_size check (length(title) between 1 and 300),
  constraint task_customer foreign key (tenant_id, customer_id) references parties.customer (tenant_id, customer_id)
);
create unique index task_occasion on tasks.task (tenant_id, occasion) where occasion is not null and state = 'open';
create index task_open on tasks.task (tenant_id, state, due_on, task_id);
create index task_customer_index on tasks.task (tenant_id, customer_id);
alter table tasks.task enable row level security; alter table tasks.task force row level security;
create policy tenant on tasks.task using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on tasks.task to :app;
grant select on tasks.task to :read;

create schema documents;
grant usage on schema documents to :app, :read;
create table documents.document (
  tenant_id uuid not null,
  document_id uuid not null,
  subject_type text collate "C" not null,
  subject_id uuid not null,
  name text collate "C" not null,
  media_type text collate "C" not null,
  digest text collate "C" not null,
  size_bytes bigint not null,
  added_by text collate "C" not null,
  added_at timestamptz not null,
  removed_at timestamptz,
  primary key (tenant_id, document_id),
  constraint document_subject check (subject_type in ('customer', 'item', 'message')),
  constraint document_name_size check (length(name) between 1 and 200)
);
create index document_subject_index on documents.document (tenant_id, subject_type, subject_id);
alter table documents.document enable row level security; alter table documents.document force row level security;
create policy tenant on documents.document using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on documents.document to :app;
grant select on documents.document to :read;
