import type { CompanyWrite } from "#contracts/parties.ts";
import { newId } from "#kernel/ids.ts";
import { parseCurrency } from "#kernel/money.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import { type JsonObject, record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import { checkChangedIdentifiers, checkIdentifiers } from "../core/identifiers.ts";
import * as store from "../store/company-store.ts";

type CompanyRefusal =
  | "unknown_currency"
  | "invalid_siren"
  | "invalid_vat_number"
  | "invalid_iban"
  | "duplicate_code"
  | "not_found"
  | "version_required"
  | "stale_version"
  | "company_has_items";

/** Adds a selling company inside the caller's transaction; refuses a code in use and an unknown currency. */
export async function addCompany(
  tx: Tx,
  actor: Actor,
  wanted: CompanyWrite,
): Promise<Result<store.CompanyRow, CompanyRefusal>> {
  if (!parseCurrency(wanted.bookCurrency)) return refuse("unknown_currency", { value: wanted.bookCurrency });
  const checked = checkIdentifiers(wanted, wanted.country);
  if (!checked.ok) return checked;
  const company = checked.value;
  const id = newId();
  if ((await store.insertCompany(tx, id, company)) === 0) return refuse("duplicate_code", { code: company.code });
  await record(tx, actor, {
    kind: "parties.company.added",
    version: 1,
    subject: { type: "company", id },
    payload: company as JsonObject,
  });
  return done({ ...company, id, version: 1 });
}

export const createCompany = (services: Services, actor: Actor, company: CompanyWrite) =>
  services.db.transaction(actor.tenant, (tx) => addCompany(tx, actor, company));

/** Changes a company; its book currency only while it has no account. */
export async function changeCompany(
  services: Services,
  actor: Actor,
  id: string,
  wanted: CompanyWrite,
  version: number | undefined,
): Promise<Result<store.CompanyRow, CompanyRefusal>> {
  if (!parseCurrency(wanted.bookCurrency)) return refuse("unknown_currency", { value: wanted.bookCurrency });
  return services.db.transaction(actor.tenant, async (tx) => {
    const before = await store.lockCompany(tx, id);
    if (!before) return refuse("not_found");
    if (version === undefined) return refuse("version_required");
    if (version !== before.version) return refuse("stale_version");
    const checked = checkChangedIdentifiers(before, wanted, wanted.country);
    if (!checked.ok) return checked;
    const company = checked.value;
    if (before.bookCurrency !== company.bookCurrency && (await store.hasAccounts(tx, id)))
      return refuse("company_has_items");
    const twin = await store.findCompanyByCode(tx, company.code);
    if (twin && twin.id !== id) return refuse("duplicate_code", { code: company.code });
    await store.updateCompany(tx, id, company);
    await record(tx, actor, {
      kind: "parties.company.changed",
      version: 1,
      subject: { type: "company", id },
      payload: { before: before as JsonObject, after: company as JsonObject },
    });
    return done({ ...company, id, version: version + 1 });
  });
}
