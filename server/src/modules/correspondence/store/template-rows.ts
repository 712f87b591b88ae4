import type { Uuid } from "#kernel/ids.ts";
import { sql, type Tx } from "#platform/database/index.ts";

/** Stored content by language, as an editor saved it; parsed again whenever it is rendered. */
export type StoredContent = Readonly<Record<string, { readonly subject: unknown; readonly body: unknown }>>;

export type TemplateRecord = {
  readonly templateId: Uuid;
  readonly key: string;
  readonly name: { readonly fr: string; readonly en?: string };
  readonly level: number | null;
  readonly versionNo: number;
  readonly version: number;
  readonly changedAt: string;
  readonly content: StoredContent;
};

const columns = sql`t.template_id as "templateId", t.key, t.name, t.level, t.version_no as "versionNo", t.version, t.changed_at as "changedAt", v.content`;
const current = sql`correspondence.template t
  join correspondence.template_version v on v.tenant_id = t.tenant_id and v.template_id = t.template_id and v.version_no = t.version_no`;

export async function listTemplates(tx: Tx): Promise<TemplateRecord[]> {
  return tx.rows<TemplateRecord>(
    sql`select ${columns} from ${current} where t.tenant_id = ${tx.tenant} order by t.level nulls last, t.key`,
  );
}

export async function findTemplate(tx: Tx, templateId: Uuid): Promise<TemplateRecord | undefined> {
  return tx.maybeOne<TemplateRecord>(sql`
    select ${columns} from ${current} where t.tenant_id = ${tx.tenant} and t.template_id = ${templateId}`);
}

export async function templateVersions(tx: Tx, templateId: Uuid) {
  return tx.rows<{ versionNo: number; createdAt: string; createdBy: string }>(sql`
    select version_no as "versionNo", created_at as "createdAt", created_by as "createdBy"
    from correspondence.template_version
    where tenant_id = ${tx.tenant} and template_id = ${templateId}
    order by version_no desc
    limit 200`);
}

/** Content of given versions, for messages that pinned them. */
export async function contentOf(tx: Tx, templateId: Uuid, versionNo: number): Promise<StoredContent | undefined> {
  const row = await tx.maybeOne<{ content: StoredContent }>(sql`
    select content from correspondence.template_version
    where tenant_id = ${tx.tenant} and template_id = ${templateId} and version_no = ${versionNo}`);
  return row?.content;
}

export type NewTemplate = {
  readonly templateId: Uuid;
  readonly key: string;
  readonly name: object;
  readonly level: number | null;
  readonly content: StoredContent;
};

/** Adds templates with their first version; keys that exist are left alone. Returns how many were added. */
export async function insertTemplates(
  tx: Tx,
  templates: readonly NewTemplate[],
  by: string,
  now: string,
): Promise<number> {
  const staged = JSON.stringify(templates);
  const added = await tx.rows<{ template_id: Uuid }>(sql`
    insert into correspondence.template (tenant_id, template_id, key, name, level, changed_at)
    select ${tx.tenant}, "templateId", key, name, level, ${now}
    from json_to_recordset(${staged}::json) as s ("templateId" uuid, key text, name jsonb, level int)
    on conflict (tenant_id, key) do nothing
    returning template_id`);
  await tx.run(sql`
    insert into correspondence.template_version (tenant_id, template_id, version_no, content, created_by, created_at)
    select ${tx.tenant}, "templateId", 1, content, ${by}, ${now}
    from json_to_recordset(${staged}::json) as s ("templateId" uuid, content jsonb)
    where "templateId" = any(${added.map((row) => row.template_id)}::uuid[])`);
  return added.length;
}

/** Adds a version; false when `basedOn` (the ETag) is stale. */
export async function addTemplateVersion(
  tx: Tx,
  change: { templateId: Uuid; name: object | null; content: StoredContent; basedOn: number; by: string; now: string },
): Promise<boolean> {
  const changed = await tx.run(sql`
    update correspondence.template
    set version_no = version_no + 1, version = version + 1, changed_at = ${change.now},
      name = coalesce(${change.name ? JSON.stringify(change.name) : null}::jsonb, name)
    where tenant_id = ${tx.tenant} and template_id = ${change.templateId} and version = ${change.basedOn}`);
  if (changed === 0) return false;
  await tx.run(sql`
    insert into correspondence.template_version (tenant_id, template_id, version_no, content, created_by, created_at)
    select tenant_id, template_id, version_no, ${JSON.stringify(change.content)}::jsonb, ${change.by}, ${change.now}
    from correspondence.template
    where tenant_id = ${tx.tenant} and template_id = ${change.templateId}`);
  return true;
}
