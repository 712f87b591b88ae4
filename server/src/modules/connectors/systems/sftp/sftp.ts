import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import SftpClient from "ssh2-sftp-client";
import { addressFor, OutsideRefused } from "#platform/outside/index.ts";
import {
  type Connector,
  type ConnectorContext,
  type FedCompany,
  SourceFault,
  type SyncBatch,
} from "../../connector/connector.ts";
import { FILE_SETTINGS, isWorkOfOthers, settingText, stampOf } from "../files.ts";

const READY_MS = 15_000;

/** Files on an SFTP server. The server must show the key that a person confirmed; files are taken as from a watched folder and moved away over there. */
export const sftpConnector: Connector = {
  key: "sftp",
  maxCompanies: 10,
  hasParts: true,
  settings: [
    { key: "host", kind: "text", isRequired: true },
    { key: "port", kind: "number", isRequired: true, initial: 22 },
    { key: "hostKey", kind: "text", isRequired: false },
    { key: "user", kind: "text", isRequired: true },
    { key: "password", kind: "secret", isRequired: false },
    { key: "privateKey", kind: "secret", isRequired: false },
    { key: "folder", kind: "text", isRequired: false },
    ...FILE_SETTINGS,
  ],
  test: async (context) => {
    try {
      return await connected(context, async (client) => {
        const root = rootOf(context);
        const entries = await client.list(root);
        const folders = entries.filter((one) => one.type === "d" && !isMovedAway(one.name)).map((one) => one.name);
        const files = entries.filter((one) => one.type === "-" && !isWorkOfOthers(one.name)).length;
        return { isReached: true, parts: folders.sort(), details: { folder: root, files: String(files) } };
      });
    } catch (error) {
      const fault = faultOf(error);
      return { isReached: false, fault: fault.code, detail: fault.detail };
    }
  },
  run: async function* (context) {
    const client = await open(context);
    const local = await mkdtemp(path.join(tmpdir(), "encours-sftp-"));
    try {
      for (const company of context.companies) yield* filesOf(client, context, company, local);
    } catch (error) {
      throw faultOf(error);
    } finally {
      await client.end().catch(() => {});
      await rm(local, { recursive: true, force: true });
    }
  },
};

const isMovedAway = (name: string): boolean => name === "done" || name === "failed";
const rootOf = ({ settings }: ConnectorContext): string => settingText(settings, "folder") || ".";

/** The fingerprint as OpenSSH writes it: "SHA256:" and base64 without padding. */
const fingerprintOf = (key: Buffer): string =>
  `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;

async function open(context: ConnectorContext): Promise<SftpClient> {
  const { settings, secrets } = context;
  const expected = settingText(settings, "hostKey");
  const pinned = await addressFor(settingText(settings, "host"), context.outside).catch((error: unknown) => {
    throw faultOf(error);
  });
  const client = new SftpClient();
  let shown = "";
  try {
    await client.connect({
      host: pinned.address,
      port: Number(settings["port"] ?? 22),
      username: settingText(settings, "user"),
      ...(secrets["password"] ? { password: secrets["password"] } : {}),
      ...(secrets["privateKey"] ? { privateKey: `${secrets["privateKey"].trim()}\n` } : {}),
      // nothing is said to a server that does not prove who it is: neither name nor password
      hostVerifier: (key: Buffer) => {
        shown = fingerprintOf(key);
        return shown === expected;
      },
      readyTimeout: READY_MS,
    });
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    if (shown !== "" && shown !== expected)
      throw new SourceFault(expected === "" ? "host_key_unknown" : "host_key_changed", shown);
    throw faultOf(error);
  }
}

async function connected<T>(context: ConnectorContext, work: (client: SftpClient) => Promise<T>): Promise<T> {
  const client = await open(context);
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

async function* filesOf(
  client: SftpClient,
  context: ConnectorContext,
  company: FedCompany,
  local: string,
): AsyncGenerator<SyncBatch> {
  const folder = company.part === "" ? rootOf(context) : path.posix.join(rootOf(context), company.part);
  const { settings, now } = context;
  const rest = Number(settings["settleSeconds"] ?? 10) * 1_000;
  const coverage = settingText(settings, "coverage");
  const found = (await client.list(folder))
    .filter((one) => one.type === "-" && !isWorkOfOthers(one.name) && now.getTime() - one.modifyTime >= rest)
    .sort((a, b) => a.modifyTime - b.modifyTime || (a.name < b.name ? -1 : 1));
  for (const [index, one] of found.entries()) {
    const remote = path.posix.join(folder, one.name);
    const copy = path.join(local, `${company.companyId}-${index}`);
    await client.fastGet(remote, copy);
    // still being written: it is left for the next run
    if ((await client.stat(remote)).size !== one.size) continue;
    yield {
      kind: "file",
      companyId: company.companyId,
      file: {
        name: one.name,
        path: copy,
        coverage: coverage === "open_snapshot" || coverage === "full" ? coverage : "movements",
        settle: async (outcome) => {
          const into = path.posix.join(folder, outcome === "refused" ? "failed" : "done");
          if (!(await client.exists(into))) await client.mkdir(into, true);
          await client.rename(remote, path.posix.join(into, `${stampOf(now)}-${one.name}`));
        },
      },
    };
    await rm(copy, { force: true });
  }
}

/** Faults of the library and of the network in the words of sources. */
function faultOf(error: unknown): SourceFault {
  if (error instanceof SourceFault) return error;
  if (error instanceof OutsideRefused)
    return new SourceFault(error.code === "unknown_host" ? "unreachable" : "not_allowed", error.host);
  const { code = "", message = String(error) } = error as { code?: string | number; message?: string };
  if (/authentication methods failed|auth.* failed/i.test(message))
    return new SourceFault("refused_credentials", message);
  if (/no such file/i.test(message) || code === 2 || code === "ENOENT") return new SourceFault("not_found", message);
  if (/permission denied/i.test(message)) return new SourceFault("not_allowed", message);
  if (/timed? ?out/i.test(message)) return new SourceFault("no_answer", message);
  if (/ECONN|EHOST|ENET|ENOTFOUND|refused|reset|ended|closed/i.test(`${code} ${message}`))
    return new SourceFault("unreachable", message);
  return new SourceFault("unexpected", message);
}
