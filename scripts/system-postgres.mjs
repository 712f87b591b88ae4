import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

const PLACES = ["/usr/lib/postgresql", "/usr/local/pgsql"];
const PASSWORD = "test-only";
const NOBODY = 65_534;

/** Newest PostgreSQL 15 or later that the system's packages installed. */
function serverFolder() {
  for (const place of PLACES) {
    if (!existsSync(place)) continue;
    const versions = readdirSync(place)
      .map(Number)
      .filter((version) => version >= 15)
      .sort((a, b) => b - a);
    const found = versions
      .map((version) => path.join(place, String(version), "bin"))
      .find((bin) => existsSync(path.join(bin, "postgres")));
    if (found) return found;
  }
  return undefined;
}

/** Gives `work` the address of a throw-away cluster of the system's PostgreSQL on 127.0.0.1, or undefined when there is none. */
export async function withSystemPostgres(work) {
  const bin = serverFolder();
  if (!bin) return work(undefined);
  const folder = mkdtempSync(path.join(tmpdir(), "encours-system-postgres-"));
  const isRoot = process.getuid?.() === 0;
  const identity = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  const password = path.join(folder, "password");
  writeFileSync(password, PASSWORD);
  if (isRoot) for (const place of [folder, password]) chownSync(place, NOBODY, NOBODY);
  const data = path.join(folder, "data");
  execFileSync(
    path.join(bin, "initdb"),
    [
      "-D",
      data,
      "-U",
      "owner",
      "--pwfile",
      password,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C.UTF-8",
      "--no-sync",
    ],
    { stdio: "ignore", ...identity },
  );
  const port = await freePort();
  const settings = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
  ];
  const server = spawn(
    path.join(bin, "postgres"),
    ["-D", data, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])],
    { stdio: "ignore", ...identity },
  );
  try {
    await untilOpen(port);
    await work(`postgres://owner:${PASSWORD}@127.0.0.1:${port}/postgres`);
  } finally {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGINT");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

async function untilOpen(port) {
  const { connect } = await import("node:net");
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const open = await new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => resolve(false));
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the system's PostgreSQL did not start");
}
