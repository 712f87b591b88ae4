import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { StartRefused } from "./refusals.ts";

type Holder = { pid: number; started: string };

/** Start instant of a process in clock ticks since boot, so that a recycled process id is not taken for the holder. */
async function startedAt(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  if (stat) return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  try {
    process.kill(pid, 0);
    return "unknown";
  } catch (error) {
    return (error as { code?: string }).code === "EPERM" ? "unknown" : undefined;
  }
}

const fileOf = (folder: string) => path.join(folder, "encours.lock");

/** The live process that holds the folder, if any. */
export async function lockHolder(folder: string): Promise<number | undefined> {
  const text = await readFile(fileOf(folder), "utf8").catch(() => undefined);
  if (!text) return undefined;
  try {
    const holder = JSON.parse(text) as Holder;
    const started = await startedAt(holder.pid);
    return started !== undefined && started === holder.started ? holder.pid : undefined;
  } catch {
    return undefined;
  }
}

/** Takes the folder for this process or refuses; what a killed process left is taken over. Returns the release. */
export async function takeLock(folder: string): Promise<() => Promise<void>> {
  const mine: Holder = { pid: process.pid, started: (await startedAt(process.pid)) ?? "unknown" };
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      await writeFile(fileOf(folder), JSON.stringify(mine), { flag: "wx", mode: 0o600 });
      return () => rm(fileOf(folder), { force: true });
    } catch (error) {
      const code = (error as { code?: string }).code;
      if (code === "EACCES" || code === "EPERM" || code === "EROFS")
        throw new StartRefused("data_folder_rights", { folder });
      if (code === "ENOSPC") throw new StartRefused("disk_full", { folder });
      if (code !== "EEXIST") throw error;
    }
    const holder = await lockHolder(folder);
    if (holder !== undefined) throw new StartRefused("data_folder_in_use", { folder, pid: holder });
    await rm(fileOf(folder), { force: true });
  }
  throw new StartRefused("data_folder_in_use", { folder, pid: 0 });
}
