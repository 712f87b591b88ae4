import { randomBytes } from "node:crypto";
import { sql, type Tx } from "../database/index.ts";
import { decrypt, encrypt, type SecretBox } from "../secrets.ts";
import type { JsonObject } from "./digest.ts";

/** Seals what identifies a natural person with that person's own key. Destroying the key is erasing the person. */
export type PersonalVault = {
  seal(tx: Tx, personId: string, data: JsonObject): Promise<Buffer>;
  /** The data, or undefined once the person was erased. */
  open(tx: Tx, personId: string, sealed: Buffer): Promise<JsonObject | undefined>;
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
    open: async (tx, personId, sealed) => {
      const row = await findPersonKey(tx, personId);
      if (!row) return undefined;
      const plain = decrypt(decrypt(await tenantKey(tx), row.wrapped), sealed);
      return JSON.parse(plain.toString("utf8")) as JsonObject;
    },
    erase: async (tx, personId) => {
      await tx.run(sql`delete from platform.person_key where tenant_id = ${tx.tenant} and person_id = ${personId}`);
    },
  };
}
