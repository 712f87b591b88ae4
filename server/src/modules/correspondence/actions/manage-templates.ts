import type { TemplateContent } from "#contracts/correspondence.ts";
import { newId, type Uuid } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import type { DocumentFault } from "../core/document.ts";
import { parseTemplateText } from "../core/parse-document.ts";
import { SHIPPED_TEMPLATES } from "../core/shipped-templates.ts";
import {
  addTemplateVersion,
  findTemplate,
  insertTemplates,
  type StoredContent,
  type TemplateRecord,
} from "../store/template-rows.ts";
import { mergeFieldKeys } from "./merge-fields.ts";

/** Gives a tenant the shipped templates it does not have yet; those it has are left as they are. */
export async function ensureShippedTemplates(tx: Tx, now: string): Promise<void> {
  const templates = SHIPPED_TEMPLATES.map(({ key, level, name, text }) => ({
    templateId: newId(),
    key,
    level,
    name,
    content: text,
  }));
  await insertTemplates(tx, templates, "shipped", now);
}

/** The faults of every language given; `path` begins with the language. At least one language must be there. */
function contentFaults(content: TemplateContent, fields: ReadonlySet<string>): DocumentFault[] {
  const faults: DocumentFault[] = [];
  for (const language of ["fr", "en"] as const) {
    const own = content[language];
    if (!own) continue;
    const parsed = parseTemplateText(own.subject, own.body, fields);
    if (!parsed.ok) faults.push(...parsed.faults.map((fault) => ({ ...fault, path: `${language}.${fault.path}` })));
  }
  if (!content.fr && !content.en) faults.push({ path: "", code: "not_a_document", detail: "" });
  return faults;
}

type Refusals = "template_invalid" | "duplicate_code" | "not_found" | "stale_version" | "version_required";

async function invalid(services: Services, actor: Actor, content: TemplateContent) {
  const fields = await services.db.transaction(actor.tenant, mergeFieldKeys);
  const [first] = contentFaults(content, fields);
  return first ? refuse("template_invalid", { path: first.path, fault: first.code, value: first.detail }) : undefined;
}

/** Adds a template. Refuses a document that cannot be rendered, naming the place. */
export async function createTemplate(
  services: Services,
  actor: Actor,
  made: { key: string; name: { fr: string; en?: string | undefined }; content: TemplateContent },
): Promise<Result<TemplateRecord, Refusals>> {
  const fault = await invalid(services, actor, made.content);
  if (fault) return fault;
  const now = services.clock.now().toISOString();
  return services.db.transaction(actor.tenant, async (tx) => {
    const templateId = newId();
    const template = {
      templateId,
      key: made.key,
      name: made.name,
      level: null,
      content: made.content as StoredContent,
    };
    const added = await insertTemplates(tx, [template], actor.id, now);
    if (added === 0) return refuse("duplicate_code", { code: made.key });
    await record(tx, actor, {
      kind: "correspondence.template.created",
      version: 1,
      subject: { type: "template", id: templateId },
      payload: { key: made.key, versionNo: 1 },
    });
    return found(tx, templateId);
  });
}

/** Saves a new version; messages already approved keep the one they pinned. */
export async function saveTemplate(
  services: Services,
  actor: Actor,
  templateId: Uuid,
  change: { name?: { fr: string; en?: string | undefined } | undefined; content: TemplateContent },
  ifMatch: number | undefined,
): Promise<Result<TemplateRecord, Refusals>> {
  if (ifMatch === undefined) return refuse("version_required");
  const fault = await invalid(services, actor, change.content);
  if (fault) return fault;
  const now = services.clock.now().toISOString();
  return services.db.transaction(actor.tenant, async (tx) => {
    const before = await findTemplate(tx, templateId);
    if (!before) return refuse("not_found");
    const content = change.content as StoredContent;
    const saved = await addTemplateVersion(tx, {
      templateId,
      name: change.name ?? null,
      content,
      basedOn: ifMatch,
      by: actor.id,
      now,
    });
    if (!saved) return refuse("stale_version");
    await record(tx, actor, {
      kind: "correspondence.template.changed",
      version: 1,
      subject: { type: "template", id: templateId },
      payload: { key: before.key, versionNo: before.versionNo + 1 },
    });
    return found(tx, templateId);
  });
}

async function found(tx: Tx, templateId: Uuid): Promise<Result<TemplateRecord, "not_found">> {
  const template = await findTemplate(tx, templateId);
  return template ? done(template) : refuse("not_found");
}
