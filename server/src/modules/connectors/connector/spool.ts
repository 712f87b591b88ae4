import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { deserialize, serialize } from "node:v8";
import type { Uuid } from "#kernel/ids.ts";
import type { SourceOrder } from "#modules/credit/index.ts";
import type { SourceContact, SourceCustomer } from "#modules/parties/index.ts";
import type { Fault } from "../core/fault.ts";
import type { TableDraft } from "../core/table/table-items.ts";
import type { AccountBalance, SyncBatch, UnitEnd } from "./connector.ts";

/** What a source brought of one company, complete, to be read as often as needed and applied at once. */
export type SyncUnit = {
  readonly companyId: Uuid;
  readonly end: UnitEnd;
  readonly customers: () => AsyncIterable<readonly SourceCustomer[]>;
  readonly contacts: () => AsyncIterable<readonly SourceContact[]>;
  readonly items: () => AsyncIterable<readonly TableDraft[]>;
  readonly orders: () => AsyncIterable<readonly SourceOrder[]>;
  readonly balances: () => AsyncIterable<readonly AccountBalance[]>;
  readonly present: () => AsyncIterable<readonly string[]>;
  /** The source named all its keys, if only to say that there is none. */
  readonly namesItsKeys: boolean;
  readonly statesBalances: boolean;
  readonly bringsOrders: boolean;
  readonly refusedRows: number;
  readonly refused: readonly Fault[];
};

type Kind = "customers" | "contacts" | "items" | "orders" | "balances" | "present";
const REFUSED_KEPT = 1_000;

export type Spool = {
  add(batch: Exclude<SyncBatch, { kind: "file" | "end" }>): Promise<void>;
  /** The unit of a company; its rows stay readable until the spool is dropped. */
  unit(companyId: Uuid, end: UnitEnd): SyncUnit;
  drop(): Promise<void>;
};

/**
 * Keeps what a source hands over in files of its own, so that memory stays bounded, the other side is not held while the ledger settles, and nothing
 * is applied of what was never finished.
 */
export async function openSpool(): Promise<Spool> {
  const folder = await mkdtemp(path.join(tmpdir(), "encours-sync-"));
  const seen = new Map<string, { refusedRows: number; refused: Fault[]; kinds: Set<Kind> }>();
  const of = (companyId: Uuid) => {
    const known = seen.get(companyId) ?? { refusedRows: 0, refused: [], kinds: new Set<Kind>() };
    seen.set(companyId, known);
    return known;
  };
  const fileOf = (companyId: Uuid, kind: Kind) => path.join(folder, `${companyId}.${kind}`);
  return {
    add: async (batch) => {
      const company = of(batch.companyId);
      if (batch.kind === "refused") {
        company.refusedRows += 1;
        if (company.refused.length < REFUSED_KEPT) company.refused.push(batch.fault);
        return;
      }
      company.kinds.add(batch.kind);
      const rows = batch.kind === "present" ? batch.keys : batch.rows;
      if (rows.length > 0) await append(fileOf(batch.companyId, batch.kind), rows);
    },
    unit: (companyId, end) => {
      const { kinds, refused, refusedRows } = of(companyId);
      const read = <T>(kind: Kind) => {
        const file = fileOf(companyId, kind);
        return () => frames<T>(kinds.has(kind) ? file : undefined);
      };
      return {
        companyId,
        end,
        customers: read("customers"),
        contacts: read("contacts"),
        items: read("items"),
        orders: read("orders"),
        balances: read("balances"),
        present: read("present"),
        namesItsKeys: kinds.has("present"),
        statesBalances: kinds.has("balances"),
        bringsOrders: kinds.has("orders") || end.hasAllOrders === true,
        refusedRows,
        refused,
      };
    },
    drop: () => rm(folder, { recursive: true, force: true }),
  };
}

async function append(file: string, rows: readonly unknown[]): Promise<void> {
  const content = serialize(rows);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(content.length);
  const handle = await open(file, "a", 0o600);
  try {
    await handle.write(Buffer.concat([size, content]));
  } finally {
    await handle.close();
  }
}

async function* frames<T>(file: string | undefined): AsyncGenerator<readonly T[]> {
  const handle = file && (await open(file).catch(() => undefined));
  if (!handle) return;
  try {
    const size = Buffer.alloc(4);
    for (let at = 0; (await handle.read(size, 0, 4, at)).bytesRead === 4; ) {
      const content = Buffer.alloc(size.readUInt32LE());
      await handle.read(content, 0, content.length, at + 4);
      at += 4 + content.length;
      yield deserialize(content) as readonly T[];
    }
  } finally {
    await handle.close();
  }
}
