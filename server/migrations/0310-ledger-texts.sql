-- Entries in the text formats of accounting packages: Cegid TRA, Sage (editor format and PNM), Quadra. Their rows are a source of their own.
alter table connectors.import drop constraint import_format;
alter table connectors.import add constraint import_format check (format in ('fec', 'csv', 'xlsx', 'tra', 'sage', 'pnm', 'quadra'));

-- The table of sources gets another name in a later step, which may already have been taken.
do $$
begin
  if to_regclass('connectors.dropped_source') is not null then
    alter table connectors.dropped_source drop constraint source_kind;
    alter table connectors.dropped_source add constraint source_kind check (kind in ('fec', 'items', 'ledger'));
  else
    alter table connectors.source drop constraint source_kind;
    alter table connectors.source add constraint source_kind check (kind in ('fec', 'items', 'ledger'));
  end if;
end
$$;
