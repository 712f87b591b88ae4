import { sql, type Tx } from "../database/index.ts";
import { blockHash, GENESIS, merkleRoot } from "./digest.ts";

const EVENTS_PER_BLOCK = 5_000;

/** Seals what waits into the next block, at most 5,000 events; what commits later lands in a later one. Returns how many. */
export async function sealPending(tx: Tx): Promise<number> {
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended('journal ' || ${tx.tenant}, 0))`);
  const events = await tx.rows<{ event_id: string; digest: Buffer }>(sql`
    select p.event_id, e.digest
    from platform.journal_pending p
    join platform.event e on e.tenant_id = p.tenant_id and e.event_id = p.event_id
    where p.tenant_id = ${tx.tenant}
    order by p.event_id
    limit ${EVENTS_PER_BLOCK}`);
  if (events.length === 0) return 0;
  const last = await tx.maybeOne<{ block_no: bigint; block_hash: Buffer }>(sql`
    select block_no, block_hash from platform.journal_block
    where tenant_id = ${tx.tenant} order by block_no desc limit 1`);
  const blockNo = (last?.block_no ?? 0n) + 1n;
  const previous = last?.block_hash ?? GENESIS;
  const root = merkleRoot(events.map((event) => event.digest));
  const ids = events.map((event) => event.event_id);
  await tx.run(sql`
    insert into platform.journal_block (tenant_id, block_no, previous_hash, merkle_root, block_hash, event_ids, sealed_at)
    values (${tx.tenant}, ${blockNo}, ${previous}, ${root}, ${blockHash(blockNo, previous, root, ids)}, ${ids}::uuid[], now())`);
  await tx.run(sql`
    delete from platform.journal_pending where tenant_id = ${tx.tenant} and event_id = any(${ids}::uuid[])`);
  return events.length;
}
