-- Global search: folded text with trigrams. Row-level security is on but not forced, and the application role has no grant: it reads
-- through one definer function that returns ids only, which are read again under security.
create extension if not exists pg_trgm;
create schema search;
grant usage on schema search to :app;

create table search.entry (
  tenant_id uuid not null,
  kind text collate "C" not null,
  subject_id uuid not null,
  folded text collate "C" not null,
  weight int not null default 0,
  primary key (tenant_id, kind, subject_id)
);
create index entry_trigrams on search.entry using gin (folded gin_trgm_ops);
create index entry_prefix on search.entry (tenant_id, folded text_pattern_ops);
alter table search.entry enable row level security;

-- The only function of the product: finds ids of one tenant, best first. Prefix before infix before one mistake.
create function search.find(tenant uuid, wanted text, most int)
returns table (kind text, subject_id uuid, rank real)
language sql stable security definer set search_path = search, public
as $$
  select e.kind, e.subject_id,
         (case when e.folded like wanted || '%' then 2 when e.folded like '% ' || wanted || '%' then 1.5 when e.folded like '%' || wanted || '%' then 1
           else 0 end + word_similarity(wanted, e.folded))::real
  from search.entry e
  where e.tenant_id = tenant and (e.folded like '%' || wanted || '%' or (length(wanted) >= 4 and wanted <% e.folded))
  order by 3 desc, e.weight desc, e.folded
  limit most
$$;
revoke all on function search.find(uuid, text, int) from public;
grant execute on function search.find(uuid, text, int) to :app;

-- Writes go through their own door: the definer checks nothing but the tenant of the session.
create function search.replace_entries(kinds text[], ids uuid[], texts text[], weights int[])
returns void
language sql security definer set search_path = search, public
as $$
  insert into search.entry (tenant_id, kind, subject_id, folded, weight)
  select nullif(current_setting('app.tenant', true), '')::uuid, k, i, t, w
  from unnest(kinds, ids, texts, weights) as given (k, i, t, w)
  on conflict (tenant_id, kind, subject_id) do update set folded = excluded.folded, weight = excluded.weight
  where entry.folded is distinct from excluded.folded or entry.weight is distinct from excluded.weight
$$;
revoke all on function search.replace_entries(text[], uuid[], text[], int[]) from public;
grant execute on function search.replace_entries(text[], uuid[], text[], int[]) to :app;
