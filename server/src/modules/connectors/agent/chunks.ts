import { SourceFault, type SyncBatch } from "../connector/connector.ts";
import { fieldsOfOrder, itemBody } from "./push-bodies.ts";

/** One call of the push API: where it goes, and its rows. */
export type Chunk = { readonly path: string; readonly rows: readonly unknown[] };

/** What was said of a company at its end. */
export type CompanyEnd = {
  readonly company: string;
  readonly reached: unknown;
  readonly hasAllOrders: boolean;
  readonly settlesLeftovers: boolean;
};

const ROWS_PER_CALL = 2_000;
const KEYS_PER_ROW = 5_000;

/**
 * Turns what a connector hands over into calls, each small enough to be sent again. A full reading names all its keys, since one run may hold companies
 * that are read whole and others of which only changes are.
 */
export async function* chunksOf(
  batches: AsyncIterable<SyncBatch>,
  codeOf: (companyId: string) => string,
): AsyncGenerator<Chunk | CompanyEnd> {
  const pending = new Map<string, unknown[]>();
  const keys = new Map<string, string[]>();
  function* add(path: string, rows: readonly unknown[]): Generator<Chunk> {
    const waiting = pending.get(path) ?? [];
    waiting.push(...rows);
    while (waiting.length >= ROWS_PER_CALL) yield { path, rows: waiting.splice(0, ROWS_PER_CALL) };
    pending.set(path, waiting);
  }
  for await (const batch of batches) {
    const company = codeOf(batch.companyId);
    switch (batch.kind) {
      case "customers":
        yield* add("customers", batch.rows);
        break;
      case "contacts":
        yield* add("contacts", batch.rows);
        break;
      case "items": {
        const named = keys.get(company) ?? [];
        for (const row of batch.rows) if (row.key !== null) named.push(row.key);
        keys.set(company, named);
        yield* add(
          "items",
          batch.rows.map((row) => itemBody(row, company)),
        );
        break;
      }
      case "orders":
        yield* add(
          "orders",
          batch.rows.map((row) => fieldsOfOrder(row, company)),
        );
        break;
      case "balances":
        yield* add(
          "balances",
          batch.rows.map(({ controlAccount, auxiliary, balanceMinor }) => ({
            company,
            controlAccount,
            auxiliary,
            minor: String(balanceMinor),
          })),
        );
        break;
      case "present":
        yield* add("present", presentRows(company, batch.keys));
        break;
      case "refused":
        throw new SourceFault("unexpected", `${batch.fault.code} ${batch.fault.line} ${batch.fault.value ?? ""}`);
      case "file":
        throw new SourceFault("setting_wrong", "the agent reads databases, not files");
      case "end": {
        if (batch.end.coverage.kind === "open_snapshot") throw new SourceFault("setting_wrong", "open_snapshot");
        if (batch.end.coverage.kind === "full") yield* add("present", presentRows(company, keys.get(company) ?? []));
        const { reached = null, settlesLeftovers = false, hasAllOrders = false } = batch.end;
        yield { company, reached, settlesLeftovers, hasAllOrders };
      }
    }
  }
  for (const [path, rows] of pending) if (rows.length > 0) yield { path, rows };
}

function presentRows(company: string, keys: readonly string[]): { company: string; keys: string[] }[] {
  const rows = [{ company, keys: keys.slice(0, KEYS_PER_ROW) }];
  for (let at = KEYS_PER_ROW; at < keys.length; at += KEYS_PER_ROW)
    rows.push({ company, keys: keys.slice(at, at + KEYS_PER_ROW) });
  return rows;
}
