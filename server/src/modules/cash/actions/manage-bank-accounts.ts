import type { BankAccountWrite } from "#contracts/cash.ts";
import { newId, type Uuid } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import { findCompany } from "#modules/parties/index.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import { plainAccount } from "../core/source-statement.ts";
import { type BankAccountRow, findBankAccount, insertBankAccount, updateBankAccount } from "../store/account-rows.ts";
import { adoptStatements } from "../store/statement-rows.ts";

/** Makes an account of a company known; quarantined statements that only lacked it can then be imported. */
export const addBankAccount = (
  services: Pick<Services, "db">,
  actor: Actor,
  wanted: BankAccountWrite,
): Promise<Result<BankAccountRow, "unknown_company" | "bank_account_exists" | "not_found">> =>
  services.db.transaction(actor.tenant, (tx) => addBankAccountIn(tx, actor, wanted));

/** The same inside the caller's transaction. */
export async function addBankAccountIn(
  tx: Tx,
  actor: Actor,
  wanted: BankAccountWrite,
): Promise<Result<BankAccountRow, "unknown_company" | "bank_account_exists" | "not_found">> {
  if (!(await findCompany(tx, wanted.companyId))) return refuse("unknown_company");
  const id = newId();
  const account = { ...wanted, identifier: plainAccount(wanted.identifier) };
  const added = await insertBankAccount(tx, id, account);
  if (added === 0) return refuse("bank_account_exists", { identifier: account.identifier, currency: account.currency });
  await adoptStatements(tx, {
    id,
    companyId: account.companyId,
    identifier: account.identifier,
    currency: account.currency,
  });
  await record(tx, actor, {
    kind: "cash.bank_account.added",
    version: 1,
    subject: { type: "bank_account", id },
    about: [{ type: "company", id: account.companyId }],
    payload: { companyId: account.companyId, currency: account.currency },
  });
  const made = await findBankAccount(tx, id);
  return made ? done(made) : refuse("not_found");
}

/** Renames an account or closes it; number, currency and company never change: lines rest on them. */
export function changeBankAccount(
  services: Pick<Services, "db">,
  actor: Actor,
  id: Uuid,
  wanted: { readonly name: string; readonly isActive: boolean },
  ifMatch: number | undefined,
): Promise<Result<BankAccountRow, "not_found" | "version_required" | "stale_version">> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const before = await findBankAccount(tx, id);
    if (!before) return refuse("not_found");
    if (ifMatch === undefined) return refuse("version_required");
    if (ifMatch !== before.version) return refuse("stale_version");
    await updateBankAccount(tx, id, wanted);
    await record(tx, actor, {
      kind: "cash.bank_account.changed",
      version: 1,
      subject: { type: "bank_account", id },
      about: [{ type: "company", id: before.companyId }],
      payload: { before: { name: before.name, isActive: before.isActive }, after: wanted },
    });
    const after = await findBankAccount(tx, id);
    return after ? done(after) : refuse("not_found");
  });
}
