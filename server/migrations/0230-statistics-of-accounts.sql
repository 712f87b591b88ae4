-- A first load opens accounts and customers as well: without statistics of these, whoever joins them to items walks all of them for each item.
create or replace function receivables.refresh_statistics(of_what text) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if of_what = 'facts' then
    analyze (skip_locked) parties.customer (tenant_id, customer_id, number, merged_into);
    analyze (skip_locked) parties.account (tenant_id, account_id, company_id, auxiliary);
    analyze (skip_locked) parties.account_customer (tenant_id, account_id, customer_id, valid_to);
    analyze (skip_locked) receivables.item (tenant_id, item_id, account_id, source_id);
    analyze (skip_locked) receivables.item_version (tenant_id, item_id, version_no, batch_id);
    analyze (skip_locked) receivables.external_ref (tenant_id, source_id, key, item_id, account_id, digest);
  else
    analyze (skip_locked) receivables.settlement (tenant_id, settlement_id, account_id);
    analyze (skip_locked) receivables.settlement_line (tenant_id, item_id, effective_on, settlement_id);
    analyze (skip_locked) receivables.item_state (tenant_id, item_id, account_id, layer, kind, posted_on, due_on, first_line_on, settled_on);
  end if;
end
$$;
