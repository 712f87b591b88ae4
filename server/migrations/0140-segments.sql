-- Which customers, accounts and items people look at together: views of lists.
create schema segments;
grant usage on schema segments to :app, :read;

create table segments.view (
  tenant_id uuid not null,
  view_id uuid not null,
  list text collate "C" not null,
  name text collate "C" not null,
  author_id text collate "C" not null,
  is_shared boolean not null,
  search jsonb not null,
  removed_at timestamptz,
  version int not null default 1,
  created_at timestamptz not null default now(),
  primary key (tenant_id, view_id),
  constraint view_list check (list in ('customers', 'accounts', 'items')),
  constraint view_name_not_blank check (length(trim(name)) between 1 and 80)
);
create index view_of_list on segments.view (tenant_id, list, author_id);

alter table segments.view enable row level security; alter table segments.view force row level security;
create policy tenant on segments.view using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on segments.view to :app;
grant select on segments.view to :read;
