import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Clock, fixedClock } from "#kernel/clock.ts";
import { chunkDriver, fileStore } from "#platform/files/index.ts";
import type { JsonObject } from "#platform/journal/index.ts";
import { personalVault } from "#platform/journal/index.ts";
import { secretBox } from "#platform/secrets.ts";
import type { Services } from "#platform/services.ts";
import type { TestDatabase } from "./database.ts";

export type TestServices = Services & { readonly enqueued: { kind: string; payload: JsonObject }[] };

/** Real services on a test database; jobs are only collected, in the transaction that asks for them. */
export function testServices(t: TestDatabase, clock: Clock = fixedClock("2026-11-21T09:00:00Z")): TestServices {
  const secrets = secretBox(randomBytes(32));
  const enqueued: TestServices["enqueued"] = [];
  return {
    db: t.db,
    clock,
    files: fileStore(chunkDriver, secrets),
    secrets,
    vault: personalVault(secrets),
    jobs: {
      enqueue: async (tx, kind, payload) => tx.afterCommit(() => enqueued.push({ kind, payload })),
    },
    outside: { allowed: ["127.0.0.1"], folders: [] },
    inbox: path.join(tmpdir(), `encours-inbox-${t.tenant}`),
    publicUrl: "http://127.0.0.1:3000",
    enqueued,
  };
}
