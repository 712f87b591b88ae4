-- Accounts whose balance here is not the one their source states: kept out of automatic reminders until a load clears them or a person waives them.
create table receivables.account_difference (
  tenant_id uuid not null,
  difference_id uuid not null,
  account_id uuid not null,
  batch_id uuid not null,
  found_on date not null,
  here_minor bigint not null,
  source_minor bigint not null,
  cleared_by uuid,
  cleared_at timestamptz,
  waived_by text collate "C",
  waived_reason text collate "C",
  waived_at timestamptz,
  primary key (tenant_id, difference_id),
  constraint account_difference_account foreign key (tenant_id, account_id) references parties.account (tenant_id, account_id),
  constraint account_difference_is_one check (here_minor <> source_minor),
  constraint account_difference_waived check ((waived_by is null) = (waived_reason is null))
);
create unique index account_difference_live on receivables.account_difference (tenant_id, account_id) where cleared_at is null;
create index account_difference_batch on receivables.account_difference (tenant_id, batch_id);
alter table receivables.account_difference enable row level security; alter table receivables.account_difference force row level security;
create policy tenant on receivables.account_difference using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on receivables.account_difference to :app;
grant select on receivables.account_difference to :read;

-- What other rooms may ask: accounts in difference that nobody waived.
create view receivables.account_in_difference with (security_invoker = true) as
select d.tenant_id, d.account_id, a.company_id, a.customer_id, d.difference_id
from receivables.account_difference d
join parties.account_current a on a.tenant_id = d.tenant_id and a.account_id = d.account_id
where d.cleared_at is null and d.waived_at is null;
grant select on receivables.account_in_difference to :app, :read;

-- What the last load of each company found so far. The owner reads past its own policies only while they are not forced.
alter table receivables.batch no force row level security;
alter table receivables.account_difference no force row level security;
alter table parties.account no force row level security;
insert into receivables.account_difference (tenant_id, difference_id, account_id, batch_id, found_on, here_minor, source_minor)
select b.tenant_id, gen_random_uuid(), a.account_id, b.batch_id, b.known_on, (d ->> 'closingMinor')::bigint, (d ->> 'sourceMinor')::bigint
from (
  select distinct on (tenant_id, company_id) tenant_id, company_id, batch_id, known_on, proof
  from receivables.batch
  where undoes_batch_id is null
  order by tenant_id, company_id, recorded_at desc, batch_id desc
) b
cross join lateral jsonb_array_elements(coalesce(b.proof -> 'differences', '[]'::jsonb)) d
join parties.account a on a.tenant_id = b.tenant_id and a.account_id = (d ->> 'accountId')::uuid
where d ->> 'sourceMinor' is not null and d ->> 'closingMinor' <> d ->> 'sourceMinor'
on conflict do nothing;
alter table receivables.batch force row level security;
alter table receivables.account_difference force row level security;
alter table parties.account force row level security;
