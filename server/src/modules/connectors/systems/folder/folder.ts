import { lstat, mkdir, readdir, rename } from "node:fs/promises";
import path from "node:path";
import { folderWithin } from "#platform/outside/index.ts";
import {
  type Connector,
  type ConnectorContext,
  type FedCompany,
  SourceFault,
  type SyncBatch,
} from "../../connector/connector.ts";
import { FILE_SETTINGS, isWorkOfOthers, settingText, stampOf } from "../files.ts";

const DONE = "done";
const FAILED = "failed";

/**
 * Files dropped into a folder that this machine sees: the tenant's own inbox, or a folder that the operator allows. A file is taken once its size and
 * date have rested, oldest first, then moved to `done` or `failed`.
 */
export const folderConnector: Connector = {
  key: "folder",
  maxCompanies: 10,
  hasParts: true,
  settings: [{ key: "folder", kind: "text", isRequired: false }, ...FILE_SETTINGS],
  test: async (context) => {
    try {
      const root = await rootOf(context);
      const entries = await readdir(root, { withFileTypes: true });
      const folders = entries.filter((one) => one.isDirectory() && one.name !== DONE && one.name !== FAILED);
      const waiting = entries.filter((one) => one.isFile() && !isWorkOfOthers(one.name)).length;
      return {
        isReached: true,
        parts: folders.map((one) => one.name).sort(),
        details: { folder: root, files: String(waiting) },
      };
    } catch (error) {
      if (!(error instanceof SourceFault)) throw error;
      return { isReached: false, fault: error.code, detail: error.detail };
    }
  },
  run: async function* (context) {
    const root = await rootOf(context);
    for (const company of context.companies) yield* filesOf(context, root, company);
  },
};

/** The folder to watch. Without a setting it is the tenant's inbox, which is made when it is missing. */
async function rootOf(context: ConnectorContext): Promise<string> {
  const wanted = settingText(context.settings, "folder");
  await mkdir(context.inbox, { recursive: true, mode: 0o700 });
  const roots = [context.inbox, ...context.outside.folders];
  const folder = path.resolve(context.inbox, wanted);
  if (!path.isAbsolute(wanted) && !folder.startsWith(path.resolve(context.inbox)))
    throw new SourceFault("not_allowed", wanted);
  if (!path.isAbsolute(wanted)) await mkdir(folder, { recursive: true, mode: 0o700 });
  const real = await folderWithin(folder, roots);
  if (!real) throw new SourceFault((await exists(folder)) ? "not_allowed" : "not_found", wanted || folder);
  return real;
}

const exists = async (folder: string) => (await lstat(folder).catch(() => undefined)) !== undefined;

async function* filesOf(context: ConnectorContext, root: string, company: FedCompany): AsyncGenerator<SyncBatch> {
  const folder = await folderOf(root, company);
  for (const name of await settledFiles(folder, context)) {
    const at = path.join(folder, name);
    yield {
      kind: "file",
      companyId: company.companyId,
      file: {
        name,
        path: at,
        coverage: coverageOf(context),
        settle: (outcome) => moveAway(folder, name, outcome === "refused" ? FAILED : DONE, context.now),
      },
    };
  }
}

async function folderOf(root: string, company: FedCompany): Promise<string> {
  if (company.part === "") return root;
  const folder = await folderWithin(path.join(root, company.part), [root]);
  if (!folder) throw new SourceFault("not_found", company.part);
  return folder;
}

const coverageOf = ({ settings }: ConnectorContext) => {
  const coverage = settingText(settings, "coverage");
  return coverage === "open_snapshot" || coverage === "full" ? coverage : "movements";
};

/** Files whose date has rested and whose size does not move, oldest first. Links and what is still being written are left alone. */
async function settledFiles(folder: string, { settings, now }: ConnectorContext): Promise<string[]> {
  const restSeconds = Number(settings["settleSeconds"] ?? 10);
  const found: { name: string; at: number; size: number }[] = [];
  for (const name of await readdir(folder)) {
    if (isWorkOfOthers(name)) continue;
    const stat = await lstat(path.join(folder, name)).catch(() => undefined);
    if (!stat?.isFile() || now.getTime() - stat.mtimeMs < restSeconds * 1_000) continue;
    found.push({ name, at: stat.mtimeMs, size: stat.size });
  }
  const settled: typeof found = [];
  for (const one of found) {
    const again = await lstat(path.join(folder, one.name)).catch(() => undefined);
    if (again && again.size === one.size && again.mtimeMs === one.at) settled.push(one);
  }
  return settled.sort((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1)).map((one) => one.name);
}

/** The instant in front of the name keeps files of the same name apart. */
async function moveAway(folder: string, name: string, into: string, now: Date): Promise<void> {
  await mkdir(path.join(folder, into), { recursive: true });
  await rename(path.join(folder, name), path.join(folder, into, `${stampOf(now)}-${name}`));
}
