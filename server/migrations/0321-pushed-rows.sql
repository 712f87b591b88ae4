-- A pushed row that was refused stays listed under its key until a good one replaces it; what a run was told when it was closed.
alter table connectors.pushed_row add column is_refused boolean not null default false;
alter table connectors.sync_run add column closing jsonb;
