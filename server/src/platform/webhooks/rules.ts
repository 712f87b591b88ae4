import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

const PREFIX = "whsec_";

/** A new secret as its receiver keeps it: "whsec_" and 32 random bytes in base64 (Standard Webhooks). */
export const newSecret = (): string => PREFIX + randomBytes(32).toString("base64");

const keyOf = (secret: string): Buffer => Buffer.from(secret.slice(PREFIX.length), "base64");

/** Signature of a message: HMAC-SHA256 over "id.timestamp.body", base64, version 1 (Standard Webhooks). */
export const signatureOf = (secret: string, id: string, timestamp: number, body: string): string =>
  `v1,${createHmac("sha256", keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest("base64")}`;

/** What a receiver does, for tests and as the reference of the documentation: any of several signatures may match. */
export function isSigned(
  secret: string,
  headers: { id: string; timestamp: number; signatures: string },
  body: string,
): boolean {
  const expected = Buffer.from(signatureOf(secret, headers.id, headers.timestamp, body));
  return headers.signatures.split(" ").some((one) => {
    const given = Buffer.from(one);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

/** Seconds to wait before attempt n + 1: at once again, then over about three days. */
const WAITS = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

/** When a delivery that failed is tried again; undefined when it is given up. Up to a tenth is added by chance, so that a crowd does not return at once. */
export function nextAttempt(attempts: number, failedAt: Date, chance: number): Date | undefined {
  const wait = WAITS[attempts - 1];
  return wait === undefined ? undefined : new Date(failedAt.getTime() + wait * (1 + chance / 10) * 1_000);
}

/** An endpoint that took nothing for so long is disabled. */
export const DISABLED_AFTER_MS = 5 * 86_400_000;

/** Whether an endpoint wants a kind of event: everything, one room, or exactly this. Events of webhooks themselves are told to nobody: no echo. */
export function isWanted(kinds: readonly string[], kind: string): boolean {
  if (kind.startsWith("platform.webhook.")) return false;
  const room = `${kind.slice(0, kind.indexOf("."))}.*`;
  return kinds.includes("*") || kinds.includes(kind) || kinds.includes(room);
}
