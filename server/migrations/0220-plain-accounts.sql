-- What makes an account more than a plain one, found without reading its items.
create index item_not_plain on receivables.item (tenant_id, account_id) where is_opening or layer = 'overlay' or kind = 'adjustment';
create index settlement_overlay on receivables.settlement (tenant_id, account_id) where layer = 'overlay';
create index item_version_links on receivables.item_version (tenant_id, item_id) where links is not null;

-- What is open of an account, without a look at the rest of its items.
drop index receivables.item_state_account;
create index item_state_account on receivables.item_state (tenant_id, account_id, settled_on);
