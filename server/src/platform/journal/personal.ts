import { randomBytes } from "node:crypto";
import { sql, type Tx } from "../database/index.ts";
import { decrypt, encrypt, type SecretBox } from "../secrets.ts";
import type { JsonObject } from "./digest.ts";

/** Seals what identifies a natural person with that person's own key. Destroying the key is erasing the person. */
export type PersonalVault = {
  seal(tx: Tx, personId: string, data: JsonObject): Promise<Buffer>;
  /** The data, or undefined once the person was erased. */
  open(tx: Tx, personId: string, sealed: Buffer): Promise<JsonObject | undefined>;
  /** Opens what was sealed for any of these people; their keys are read at once. */
  openerFor(
    tx: Tx,
    personIds: readonly string[],
  ): Promise<(personId: string, sealed: Buffer) => JsonObject | undefined>;
  erase(tx: Tx, personId: string): Promise<void>;
};

export function personalVault(secrets: SecretBox): PersonalVault {
  const tenantKey = async (tx: Tx): Promise<Buffer> => {
    const find = () =>
      tx.maybeOne<{ wrapped: Buffer }>(sql`select wrapped from platform.tenant_key where tenant_id = ${tx.tenant}`);
    const known = await find();
    if (known) return secrets.unwrap(known.wrapped);
    await tx.run(sql`
      insert into platform.tenant_key (tenant_id, wrapped) values (${tx.tenant}, ${secrets.wrap(randomBytes(32))})
      on conflict do nothing`);
    const made = await find();
    if (!made) throw new Error("tenant key missing");
    return secrets.unwrap(made.wrapped);
  };
  const findPersonKey = (tx: Tx, personId: string) =>
    tx.maybeOne<{ wrapped: Buffer }>(sql`
      select wrapped from platform.person_key where tenant_id = ${tx.tenant} and person_id = ${personId}`);
  const openerFor: PersonalVault["openerFor"] = async (tx, personIds) => {
    if (personIds.length === 0) return () => undefined;
    const wrapping = await tenantKey(tx);
    const rows = await tx.rows<{ personId: string; wrapped: Buffer }>(sql`
      select person_id as "personId", wrapped from platform.person_key
      where tenant_id = ${tx.tenant} and person_id = any(${[...personIds]}::uuid[])`);
    const keys = new Map(rows.map((row) => [row.personId, decrypt(wrapping, row.wrapped)]));
    return (personId, sealed) => {
      const key = keys.get(personId);
      return key ? (JSON.parse(decrypt(key, sealed).toString("utf8")) as JsonObject) : undefined;
    };
  };
  return {
    seal: async (tx, personId, data) => {
      const wrapping = await tenantKey(tx);
      await tx.run(sql`
        insert into platform.person_key (tenant_id, person_id, wrapped)
        values (${tx.tenant}, ${personId}, ${encrypt(wrapping, randomBytes(32))})
        on conflict do nothing`);
      const row = await findPersonKey(tx, personId);
      if (!row) throw new Error("person key missing");
      return encrypt(decrypt(wrapping, row.wrapped), Buffer.from(JSON.stringify(data), "utf8"));
    },
    open: async (tx, personId, sealed) => (await openerFor(tx, [personId]))(personId, sealed),
    openerFor,
    erase: async (tx, personId) => {
      await tx.run(sql`delete from platform.person_key where tenant_id = ${tx.tenant} and person_id = ${personId}`);
    },
  };
}
