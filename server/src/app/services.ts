import path from "node:path";
import { type Clock, systemClock } from "#kernel/clock.ts";
import { chunkDriver, diskDriver, fileStore } from "#platform/files/index.ts";
import type { Installation } from "#platform/installation/index.ts";
import { type Jobs, pgBossJobs } from "#platform/jobs/index.ts";
import { personalVault } from "#platform/journal/index.ts";
import { outsideRules } from "#platform/outside/index.ts";
import { secretBox } from "#platform/secrets.ts";
import type { Services } from "#platform/services.ts";

/** A queue for commands that run without workers: what they enqueue waits in the database for the next served start. */
export type ServicesOptions = { readonly publicUrl: string; readonly clock?: Clock };

export type BuiltServices = Services & {
  readonly queue: Awaited<ReturnType<typeof pgBossJobs>>;
  close(): Promise<void>;
};

/** Builds what actions may use, on an opened installation. */
export async function buildServices(installation: Installation, options: ServicesOptions): Promise<BuiltServices> {
  const secrets = secretBox(installation.secret);
  const queue = await pgBossJobs({ ownerUrl: installation.ownerUrl, appRole: installation.roles.app });
  const driver = installation.isEmbedded ? diskDriver(path.join(installation.dataFolder, "files")) : chunkDriver;
  const jobs: Jobs = queue;
  return {
    db: installation.db,
    clock: options.clock ?? systemClock,
    files: fileStore(driver, secrets),
    secrets,
    vault: personalVault(secrets),
    jobs,
    outside: outsideRules(process.env),
    inbox: path.join(installation.dataFolder, "inbox"),
    publicUrl: options.publicUrl,
    queue,
    close: () => queue.stop(),
  };
}
