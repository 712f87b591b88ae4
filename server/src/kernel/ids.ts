import { randomBytes } from "node:crypto";

/** Lower-case UUID text. Ids made here are version 7: they sort by the millisecond they were made in. */
export type Uuid = string;
export type TenantId = Uuid & { readonly __brand: "TenantId" };

const SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const isUuid = (text: string): boolean => SHAPE.test(text);

/** The tenant id when `text` is a lower-case UUID; throws otherwise. The only way to a TenantId, so it may stand in `set local`. */
export function tenantId(text: string): TenantId {
  if (!isUuid(text)) throw new RangeError("not a tenant id");
  return text as TenantId;
}

let lastMs = 0;
let sequence = 0;

/** A new UUIDv7 (RFC 9562); within one process strictly increasing. */
export function newId(): Uuid {
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    sequence = randomBytes(2).readUInt16BE(0) & 0x07ff;
  } else {
    sequence += 1;
    if (sequence > 0x0fff) {
      lastMs += 1;
      sequence = 0;
    }
  }
  const bytes = randomBytes(16);
  bytes.writeUIntBE(lastMs, 0, 6);
  bytes.writeUInt16BE(0x7000 | sequence, 6);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
