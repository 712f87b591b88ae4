import { sql, type Tx } from "../database/index.ts";
import { blockHash, eventDigest, GENESIS, type JsonObject, merkleRoot } from "./digest.ts";

/** The first thing wrong in a tenant's journal. */
export type JournalFault = {
  readonly kind:
    | "event_altered"
    | "event_missing"
    | "event_unsealed"
    | "event_sealed_twice"
    | "block_altered"
    | "block_missing";
  /** Event id or block number. */
  readonly at: string;
};

const UNSEALED_LIMIT_SECONDS = 300;

type EventRow = {
  event_id: string;
  kind: string;
  kind_version: number;
  subject_type: string;
  subject_id: string;
  actor_kind: string;
  actor_id: string;
  occurred_at: string;
  payload: JsonObject;
  person_id: string | null;
  sealed: Buffer | null;
  digest: Buffer;
};

/** Recomputes every digest, root and link, oldest block first. Undefined when all is as written. */
export async function verifyJournal(tx: Tx): Promise<JournalFault | undefined> {
  const unsealed = await tx.rows<{ event_id: string }>(sql`
    select event_id from platform.journal_pending
    where tenant_id = ${tx.tenant} and recorded_at < now() - make_interval(secs => ${UNSEALED_LIMIT_SECONDS})
    order by event_id limit 1`);
  if (unsealed[0]) return { kind: "event_unsealed", at: unsealed[0].event_id };
  let previous: Buffer = GENESIS;
  let expected = 1n;
  type Block = {
    block_no: bigint;
    previous_hash: Buffer;
    merkle_root: Buffer;
    block_hash: Buffer;
    event_ids: string[];
  };
  const blocks = tx.stream<Block>(
    sql`select block_no, previous_hash, merkle_root, block_hash, event_ids::text[] as event_ids
      from platform.journal_block where tenant_id = ${tx.tenant} order by block_no`,
    20,
  );
  const sealedIds = new Set<string>();
  for await (const batch of blocks) {
    for (const block of batch) {
      if (block.block_no !== expected) return { kind: "block_missing", at: String(expected) };
      for (const id of block.event_ids) {
        if (sealedIds.has(id)) return { kind: "event_sealed_twice", at: id };
        sealedIds.add(id);
      }
      const fault = await checkEvents(tx, block.event_ids, block.merkle_root);
      if (fault) return fault;
      const hash = blockHash(block.block_no, previous, block.merkle_root, block.event_ids);
      if (!block.previous_hash.equals(previous) || !block.block_hash.equals(hash)) {
        return { kind: "block_altered", at: String(block.block_no) };
      }
      previous = block.block_hash;
      expected += 1n;
    }
  }
  return checkUnsealedEvents(tx, sealedIds);
}

async function checkEvents(tx: Tx, ids: readonly string[], root: Buffer): Promise<JournalFault | undefined> {
  const rows = await tx.rows<EventRow>(sql`
    select event_id, kind, kind_version, subject_type, subject_id, actor_kind, actor_id, occurred_at, payload, person_id,
      sealed, digest
    from platform.event where tenant_id = ${tx.tenant} and event_id = any(${ids}::uuid[])`);
  const byId = new Map(rows.map((row) => [row.event_id, row]));
  const digests: Buffer[] = [];
  for (const id of ids) {
    const row = byId.get(id);
    if (!row) return { kind: "event_missing", at: id };
    const digest = digestOf(row);
    if (!digest.equals(row.digest)) return { kind: "event_altered", at: id };
    digests.push(digest);
  }
  if (merkleRoot(digests).equals(root)) return undefined;
  return { kind: "event_altered", at: ids[0] ?? "" };
}

/** An event that is neither sealed nor waiting was slipped in, or its block was cut off the end. */
async function checkUnsealedEvents(tx: Tx, sealed: ReadonlySet<string>): Promise<JournalFault | undefined> {
  const all = tx.stream<{ event_id: string; waits: boolean }>(
    sql`select e.event_id, p.event_id is not null as waits
      from platform.event e
      left join platform.journal_pending p on p.tenant_id = e.tenant_id and p.event_id = e.event_id
      where e.tenant_id = ${tx.tenant} order by e.event_id`,
    10_000,
  );
  for await (const batch of all) {
    for (const row of batch)
      if (!row.waits && !sealed.has(row.event_id)) return { kind: "event_unsealed", at: row.event_id };
  }
  return undefined;
}

const digestOf = (row: EventRow): Buffer =>
  eventDigest({
    id: row.event_id,
    kind: row.kind,
    version: row.kind_version,
    subjectType: row.subject_type,
    subjectId: row.subject_id,
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    occurredAt: row.occurred_at,
    payload: row.payload,
    personId: row.person_id,
    sealed: row.sealed,
  });
