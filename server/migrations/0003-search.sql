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
create index entry_prefix on search.entry (tenant_id, folded);
alter table search.entry enable row level security;

-- Finds ids of one tenant, best first: beginnings of the text, beginnings of a word, insides; and, only for words that found little,
-- texts with a typing mistake. Numbers are never guessed at: their trigrams are everywhere and a near number is a wrong number.
create function search.find(tenant uuid, wanted text, most int)
returns table (kind text, subject_id uuid, rank real)
language sql stable security definer set search_path = search, public
as $$
  with beginning as materialized (
    select e.kind, e.subject_id, 4::real as rank, e.weight, e.folded
    from search.entry e
    where e.tenant_id = tenant and e.folded >= wanted and e.folded < wanted || chr(1114111)
    order by e.weight desc, e.folded
    limit most
  ),
  inside as materialized (
    select e.kind, e.subject_id, (case when e.folded like '% ' || wanted || '%' then 3 else 2 end)::real as rank, e.weight, e.folded
    from search.entry e
    where (select count(*) from beginning) < most and length(wanted) >= 3 and e.tenant_id = tenant and e.folded like '%' || wanted || '%'
      and not starts_with(e.folded, wanted)
    order by 3 desc, e.weight desc, e.folded
    limit most
  ),
  mistaken as materialized (
    select e.kind, e.subject_id, word_similarity(wanted, e.folded) as rank, e.weight, e.folded
    from search.entry e
    where (select count(*) from beginning) + (select count(*) from inside) < 3 and length(wanted) >= 4 and wanted !~ '[0-9]'
      and e.tenant_id = tenant and wanted <% e.folded
    order by 3 desc, e.weight desc, e.folded
    limit most
  )
  select f.kind, f.subject_id, max(f.rank)
  from (select * from beginning union all select * from inside union all select * from mistaken) f
  group by f.kind, f.subject_id
  order by max(f.rank) desc, max(f.weight) desc, min(f.folded)
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
