import { createHash } from "node:crypto";
import canonicalize from "canonicalize";

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

/** What an event's digest covers; personal data only as ciphertext, so that erasing a person leaves digests valid. */
export type DigestedEvent = {
  readonly id: string;
  readonly kind: string;
  readonly version: number;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly actorKind: string;
  readonly actorId: string;
  readonly occurredAt: string;
  readonly payload: JsonObject;
  readonly personId: string | null;
  readonly sealed: Buffer | null;
};

const sha256 = (...parts: readonly (string | Buffer)[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** SHA-256 over the canonical JSON (RFC 8785) of the event. */
export function eventDigest(event: DigestedEvent): Buffer {
  const text = canonicalize({ ...event, sealed: event.sealed?.toString("base64") ?? null });
  return sha256(text ?? "");
}

/** Merkle root of the digests in their order; leaves and nodes are prefixed apart (RFC 6962). An odd node moves up alone. */
export function merkleRoot(digests: readonly Buffer[]): Buffer {
  let level = digests.map((digest) => sha256(Buffer.of(0), digest));
  if (level.length === 0) return sha256();
  while (level.length > 1) {
    const next: Buffer[] = [];
    for (let index = 0; index < level.length; index += 2) {
      const left = level[index];
      const right = level[index + 1];
      if (left) next.push(right ? sha256(Buffer.of(1), left, right) : left);
    }
    level = next;
  }
  return level[0] ?? sha256();
}

export const GENESIS = Buffer.alloc(32);

/** Links a block to the one before it. */
export const blockHash = (blockNo: bigint, previous: Buffer, root: Buffer, eventIds: readonly string[]): Buffer =>
  sha256(String(blockNo), "|", previous, root, eventIds.join(","));
