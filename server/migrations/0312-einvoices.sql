-- E-invoices as imports: one document, one import; its original stays with the item it makes or completes.
alter table connectors.import drop constraint import_kind;
alter table connectors.import add constraint import_kind check (kind in ('fec', 'items', 'customers', 'contacts', 'einvoice'));
alter table connectors.import drop constraint import_format;
alter table connectors.import add constraint import_format check (format in ('fec', 'csv', 'xlsx', 'tra', 'sage', 'pnm', 'quadra', 'einvoice'));
do $$
begin
  if to_regclass('connectors.dropped_source') is not null then
    alter table connectors.dropped_source drop constraint source_kind;
    alter table connectors.dropped_source add constraint source_kind check (kind in ('fec', 'items', 'ledger', 'einvoice'));
  else
    alter table connectors.source drop constraint source_kind;
    alter table connectors.source add constraint source_kind check (kind in ('fec', 'items', 'ledger', 'einvoice'));
  end if;
end
$$;
