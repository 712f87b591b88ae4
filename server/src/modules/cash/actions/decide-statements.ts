import type { Uuid } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import { findBankAccount, lockBankAccount } from "../store/account-rows.ts";
import { deleteHeldLines, giveAccount, releaseLines } from "../store/line-rows.ts";
import {
  findFile,
  lockStatement,
  type StatementRow,
  setStatementState,
  statementsOfFile,
} from "../store/statement-rows.ts";

/** Imports the statements of a file that nothing stands against. Returns how many, and the companies that have new lines. */
export function importFile(
  services: Pick<Services, "db">,
  actor: Actor,
  fileId: Uuid,
): Promise<Result<{ imported: number; lines: number }, "not_found">> {
  return services.db.transaction(actor.tenant, async (tx) => {
    if (!(await findFile(tx, fileId))) return refuse("not_found");
    let imported = 0;
    let lines = 0;
    for (const { id } of await statementsOfFile(tx, fileId)) {
      const statement = await lockStatement(tx, id);
      if (statement?.state !== "checked") continue;
      lines += await importStatement(tx, actor, statement, null);
      imported += 1;
    }
    return done({ imported, lines });
  });
}

async function importStatement(tx: Tx, actor: Actor, statement: StatementRow, reason: string | null): Promise<number> {
  if (statement.bankAccountId) await lockBankAccount(tx, statement.bankAccountId);
  const { released, known } = await releaseLines(tx, statement.id);
  await setStatementState(tx, statement.id, { state: "imported", by: actor.id, reason });
  await record(tx, actor, {
    kind: "cash.statement.imported",
    version: 1,
    subject: { type: "statement", id: statement.id },
    payload: { released, known, reason, findings: statement.findings.map((one) => one.code) },
  });
  return released;
}

type Decided = Result<
  StatementRow,
  "not_found" | "version_required" | "stale_version" | "statement_decided" | "bank_account_unknown"
>;

/** A person takes a statement as it is, and says why; one whose account is unknown needs to be told which it is. */
export function acceptStatement(
  services: Pick<Services, "db">,
  actor: Actor,
  id: Uuid,
  decision: { readonly reason: string; readonly bankAccountId: Uuid | null },
  ifMatch: number | undefined,
): Promise<Decided> {
  return services.db.transaction(actor.tenant, async (tx): Promise<Decided> => {
    const open = await openStatement(tx, id, ifMatch);
    if (!open.ok) return open;
    const statement = open.value;
    if (!statement.bankAccountId && statement.scope !== "returns") {
      const account = decision.bankAccountId ? await findBankAccount(tx, decision.bankAccountId) : undefined;
      if (!account) return refuse("bank_account_unknown");
      await giveAccount(tx, id, account);
      await setStatementState(tx, id, { state: "quarantined", by: actor.id, reason: null, bankAccountId: account.id });
    }
    const found = await lockStatement(tx, id);
    await importStatement(tx, actor, found ?? statement, decision.reason);
    const after = await lockStatement(tx, id);
    return after ? done(after) : refuse("not_found");
  });
}

/** A person turns a statement away; its lines are forgotten, that it came is not. */
export function refuseStatement(
  services: Pick<Services, "db">,
  actor: Actor,
  id: Uuid,
  reason: string,
  ifMatch: number | undefined,
): Promise<Decided> {
  return services.db.transaction(actor.tenant, async (tx): Promise<Decided> => {
    const open = await openStatement(tx, id, ifMatch);
    if (!open.ok) return open;
    await deleteHeldLines(tx, id);
    await setStatementState(tx, id, { state: "refused", by: actor.id, reason });
    await record(tx, actor, {
      kind: "cash.statement.refused",
      version: 1,
      subject: { type: "statement", id },
      payload: { reason, findings: open.value.findings.map((one) => one.code) },
    });
    const after = await lockStatement(tx, id);
    return after ? done(after) : refuse("not_found");
  });
}

async function openStatement(
  tx: Tx,
  id: Uuid,
  ifMatch: number | undefined,
): Promise<Result<StatementRow, "not_found" | "version_required" | "stale_version" | "statement_decided">> {
  const statement = await lockStatement(tx, id);
  if (!statement) return refuse("not_found");
  if (ifMatch === undefined) return refuse("version_required");
  if (ifMatch !== statement.version) return refuse("stale_version");
  if (statement.state !== "checked" && statement.state !== "quarantined") return refuse("statement_decided");
  return done(statement);
}
