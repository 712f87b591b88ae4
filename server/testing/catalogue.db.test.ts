import { afterAll, beforeAll, expect, test } from "vitest";
import { aTestDatabase, type TestDatabase } from "./database.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await aTestDatabase();
});
afterAll(() => t.close());

/** Tables outside row-level security, each with its reason. */
const OUTSIDE: Readonly<Record<string, string>> = {
  "platform.tenant": "listed by sign-in, workers and the clock before a tenant is chosen",
  "platform.tenant_clock": "one index scan a minute over all tenants; no business data",
  "platform.fx_rate": "reference data shared by all tenants",
  "access.membership": "read at sign-in, before a tenant is chosen",
  "access.invitation": "found by the hash of a token, before a tenant is chosen",
  "access.api_key": "found by the hash of a key, before a tenant is chosen",
};
const SCHEMAS =
  "n.nspname not in ('pg_catalog', 'information_schema', 'public', 'sign_in') and n.nspname not like 'pg_%'";

type Table = { name: string; secured: boolean; forced: boolean; policies: number; first: string; type: string };
const tables = () =>
  t.ownerQuery<Table>(`
    select n.nspname || '.' || c.relname as name, c.relrowsecurity as secured, c.relforcerowsecurity as forced,
      (select count(*) from pg_policy p where p.polrelid = c.oid)::int as policies,
      coalesce((select a.attname from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0] where i.indrelid = c.oid and i.indisprimary), '') as first,
      coalesce((select format_type(a.atttypid, a.atttypmod) from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id'), '') as type
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p') and ${SCHEMAS} order by 1`);

test("every business table is tenant-first under forced row-level security with a policy", async () => {
  const all = await tables();
  expect(all.length).toBeGreaterThan(30);
  const wrong = all.filter((one) => !(one.name in OUTSIDE) && one.name !== "search.entry");
  expect(
    wrong.filter(
      (one) => !one.secured || !one.forced || one.policies !== 1 || one.first !== "tenant_id" || one.type !== "uuid",
    ),
  ).toEqual([]);
  const search = all.find((one) => one.name === "search.entry");
  expect(search).toMatchObject({ secured: true, forced: false, policies: 0, first: "tenant_id" });
});

test("every key and index of a business table begins with the tenant", async () => {
  const rows = await t.ownerQuery<{ name: string; first: string }>(`
    select n.nspname || '.' || ic.relname as name, coalesce(a.attname, '') as first
    from pg_index i join pg_class c on c.oid = i.indrelid join pg_class ic on ic.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
    left join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
    where ${SCHEMAS} and exists (select 1 from pg_attribute x where x.attrelid = c.oid and x.attname = 'tenant_id' and not x.attisdropped)`);
  const allowed = new Set([
    "access.membership_user",
    "access.invitation_token",
    "access.api_key_hash",
    "platform.tenant_clock_next",
    "search.entry_trigrams",
  ]);
  expect(rows.filter((row) => row.first !== "tenant_id" && !allowed.has(row.name))).toEqual([]);
});

test("foreign keys carry the tenant, none cascades", async () => {
  const rows = await t.ownerQuery<{ name: string; columns: string; action: string }>(`
    select k.conname as name, pg_get_constraintdef(k.oid) as columns, k.confdeltype::text as action
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace where k.contype = 'f' and ${SCHEMAS}`);
  expect(rows.filter((row) => !row.columns.startsWith("FOREIGN KEY (tenant_id") || row.action !== "a")).toEqual([]);
});

/** Each is decided on: 0006 for the search, 0062 for statistics, which only the owner of tables may gather. */
const FUNCTIONS = ["receivables.refresh_statistics", "search.find", "search.replace_entries"];

test("views obey the caller's rights, and there are no triggers and no functions but those decided on", async () => {
  const views = await t.ownerQuery(`select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('v', 'm') and ${SCHEMAS} and not coalesce(c.reloptions @> array['security_invoker=true'], false)`);
  expect(views).toEqual([]);
  expect(await t.ownerQuery("select tgname from pg_trigger where not tgisinternal")).toEqual([]);
  const functions = await t.ownerQuery<{ name: string }>(
    `select n.nspname || '.' || p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${SCHEMAS} order by 1`,
  );
  expect(functions.map((row) => row.name)).toEqual(FUNCTIONS);
});

test("the application's role owns nothing, bypasses nothing, and cannot change or delete what is append-only", async () => {
  const roles = await t.ownerQuery<{ rolname: string }>(
    "select rolname from pg_roles where rolname like 'encours_test_%' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)",
  );
  expect(roles).toEqual([]);
  const may = await t.ownerQuery<{ table_schema: string; table_name: string; privilege_type: string }>(`
    select table_schema, table_name, privilege_type from information_schema.role_table_grants
    where grantee like 'encours_test_app' and privilege_type in ('UPDATE', 'DELETE', 'TRUNCATE')
      and (table_schema, table_name) in (('platform', 'event'), ('platform', 'journal_block'), ('platform', 'setting_version'), ('receivables', 'settlement_line'), ('receivables', 'item'))`);
  expect(may).toEqual([]);
});

test("text columns compare byte by byte on every server", async () => {
  const rows = await t.ownerQuery(`
    select n.nspname || '.' || c.relname || '.' || a.attname as name
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace join pg_collation l on l.oid = a.attcollation
    where c.relkind = 'r' and a.attnum > 0 and ${SCHEMAS} and a.atttypid = 'text'::regtype and l.collname <> 'C'`);
  expect(rows).toEqual([]);
});
