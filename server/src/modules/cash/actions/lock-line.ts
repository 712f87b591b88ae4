import type { Uuid } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import type { Tx } from "#platform/database/index.ts";
import { findLine, type LineRow, lockLines } from "../store/line-rows.ts";

/** Locks a line and holds it against the version that the caller saw. */
export async function lockLine(
  tx: Tx,
  id: Uuid,
  ifMatch: number | undefined,
): Promise<Result<LineRow, "not_found" | "version_required" | "stale_version">> {
  const [locked] = await lockLines(tx, [id]);
  const line = locked && (await findLine(tx, id));
  if (!line) return refuse("not_found");
  if (ifMatch === undefined) return refuse("version_required");
  return ifMatch === line.version ? done(line) : refuse("stale_version");
}
