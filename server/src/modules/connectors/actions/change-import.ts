import type { ImportChoices } from "#contracts/imports.ts";
import { todayIn } from "#kernel/clock.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import { forgetBatch } from "#modules/credit/index.ts";
import { findCompany } from "#modules/parties/index.ts";
import type { Actor } from "#platform/actor.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import { FIELDS, type TableKind } from "../core/table/columns.ts";
import * as store from "../store/import-store.ts";
import { headerDigest, type StoredProfile } from "./start-import.ts";

type ChoiceRefusal =
  | "not_found"
  | "version_required"
  | "stale_version"
  | "import_not_open"
  | "unknown_company"
  | "mapping_wrong";

const OPEN_STATES = new Set(["uploaded", "checked", "failed"]);

/** Keeps what a person chose for an import and remembers the mapping for files with the same headers. */
export async function chooseForImport(
  services: Services,
  actor: Actor,
  id: string,
  choices: ImportChoices,
  version: number | undefined,
): Promise<Result<store.ImportRecord, ChoiceRefusal>> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const found = await store.lockImport(tx, id);
    if (!found) return refuse("not_found");
    if (version === undefined) return refuse("version_required");
    if (version !== found.version) return refuse("stale_version");
    if (!OPEN_STATES.has(found.state)) return refuse("import_not_open");
    if (choices.companyId && !(await findCompany(tx, choices.companyId))) return refuse("unknown_company");
    const profile = found.profile as unknown as StoredProfile;
    const fault = mappingFault(found.kind, choices, profile);
    if (fault) return refuse("mapping_wrong", { detail: fault });
    await store.saveChoices(tx, id, choices);
    if (found.kind !== "fec" && found.kind !== "einvoice")
      await store.rememberMapping(tx, found.kind, headerDigest(profile.headers), choices.mapping);
    const after = await store.findImport(tx, id);
    return after ? done(after) : refuse("not_found");
  });
}

function mappingFault(kind: string, choices: ImportChoices, profile: StoredProfile): string | undefined {
  if (kind === "fec" || kind === "einvoice") return undefined;
  if (choices.mapping.length !== profile.headers.length) return `${choices.mapping.length} ≠ ${profile.headers.length}`;
  const fields: readonly string[] = FIELDS[kind as TableKind];
  const chosen = choices.mapping.filter((field) => field !== null);
  const unknown = chosen.find((field) => !fields.includes(field));
  if (unknown) return unknown;
  return chosen.find((field, index) => chosen.indexOf(field) !== index);
}

/** Undoes the ledger batch of an import; plugged with the receivables' own undo. */
export async function undoImport(
  services: Services,
  actor: Actor,
  id: string,
  undoBatch: (batchId: string) => Promise<Result<unknown>>,
): Promise<Result<store.ImportRecord>> {
  const found = await services.db.transaction(actor.tenant, (tx) => store.findImport(tx, id));
  if (!found) return refuse("not_found");
  if (found.state !== "applied" || !found.batchId) return refuse("import_not_open");
  const undone = await undoBatch(found.batchId);
  if (!undone.ok) return undone;
  const { batchId } = found;
  return services.db.transaction(actor.tenant, async (tx) => {
    await store.setState(tx, id, "undone");
    await forgetBatch(tx, batchId, todayIn(services.clock, actor.zone));
    await record(tx, actor, {
      kind: "connectors.import.undone",
      version: 1,
      subject: { type: "import", id },
      payload: { batchId },
    });
    const after = await store.findImport(tx, id);
    return after ? done(after) : refuse("not_found");
  });
}
