-- A tenant that the last statistics do not know looks like one row to the planner, which then walks all of its rows for each of its rows. Whoever
-- writes much asks for new ones; only the owner of tables may gather them. A table that is being gathered or vacuumed already is left alone.
create function receivables.refresh_statistics(of_what text) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if of_what = 'facts' then
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
revoke all on function receivables.refresh_statistics(text) from public;
grant execute on function receivables.refresh_statistics(text) to :app;
