import { z } from "zod";
import { done } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import { type ExportCell, type ExportFormat, exportStream, MEDIA_TYPES } from "#platform/export/index.ts";
import { asFile } from "#platform/http/index.ts";
import type { Services } from "#platform/services.ts";

export const formatParams = z.object({ format: z.enum(["csv", "xlsx"]) });

export type Batches = AsyncGenerator<ExportCell[][]>;

/** Streams rows from inside one transaction: it ends with the last row or when the reader goes away. */
export function tableStream(
  services: Services,
  actor: Actor,
  format: ExportFormat,
  name: string,
  headers: readonly string[],
  read: (tx: Tx) => Batches,
) {
  async function* rows(): Batches {
    const queue: ExportCell[][][] = [];
    let wake: (() => void) | undefined;
    let resume: (() => void) | undefined;
    let isDone = false;
    let isGone = false;
    const reading = services.db
      .transaction(actor.tenant, async (tx) => {
        for await (const batch of read(tx)) {
          queue.push(batch);
          wake?.();
          while (queue.length > 2 && !isGone) await new Promise<void>((resolve) => (resume = resolve));
          if (isGone) return;
        }
      })
      .finally(() => {
        isDone = true;
        wake?.();
      });
    reading.catch(() => {
      // Rethrown to the reader below.
    });
    try {
      for (;;) {
        const batch = queue.shift();
        if (batch) {
          resume?.();
          yield batch;
        } else if (isDone) break;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
      await reading;
    } finally {
      isGone = true;
      resume?.();
    }
  }
  const stream = exportStream({ name, headers, rows: rows() }, format, actor.language);
  return done(asFile(stream, MEDIA_TYPES[format], `${name}.${format}`));
}
