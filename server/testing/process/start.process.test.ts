import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { aFolder, freePort, serve, stop } from "./processes.ts";

const folders: { release: () => void }[] = [];
const folder = () => {
  const made = aFolder();
  folders.push(made);
  return made.path;
};
afterAll(() => {
  for (const one of folders) one.release();
});

test("it starts on an empty folder, answers, stops cleanly, and starts again on what it left", async () => {
  const data = folder();
  const PORT = String(await freePort());
  const first = await serve({
    PORT,
    ENCOURS_DATA: data,
    ENCOURS_ADMIN_EMAIL: "a@b.example",
    ENCOURS_ADMIN_PASSWORD: "correct horse battery",
  });
  expect(first.output()).toContain(`http://127.0.0.1:${PORT}`);
  expect((await fetch(`${first.url}/health/live`)).status).toBe(200);
  expect((await fetch(`${first.url}/api/openapi.json`)).status).toBe(200);
  expect((await fetch(`${first.url}/api/v1/customers`)).status).toBe(401);
  const signIn = await fetch(`${first.url}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: first.url },
    body: JSON.stringify({ email: "a@b.example", password: "correct horse battery" }),
  });
  expect(signIn.status).toBe(200);
  expect(await stop(first, "SIGINT")).toEqual({ code: 0, signal: null });
  const second = await serve({ PORT, ENCOURS_DATA: data });
  expect((await fetch(`${second.url}/health/ready`)).status).toBe(200);
  await stop(second);
});

test("a killed server leaves nothing that blocks the next start", async () => {
  const data = folder();
  const PORT = String(await freePort());
  const killed = await serve({ PORT, ENCOURS_DATA: data });
  await stop(killed, "SIGKILL");
  const next = await serve({ PORT, ENCOURS_DATA: data });
  expect((await fetch(`${next.url}/health/ready`)).status).toBe(200);
  expect(await stop(next)).toEqual({ code: 0, signal: null });
});

const oneLine = (text: string) =>
  text
    .trim()
    .split("\n")
    .filter((line) => line !== "");

test("two starts on one data folder: the second says so and ends", async () => {
  const data = folder();
  const first = await serve({ PORT: String(await freePort()), ENCOURS_DATA: data });
  const second = await serve({ PORT: String(await freePort()), ENCOURS_DATA: data });
  expect((await second.exited).code).toBe(1);
  expect(oneLine(second.output())).toEqual([
    expect.stringMatching(/^encours: the data folder .* is in use by another Encours \(process \d+\)/),
  ]);
  expect((await fetch(`${first.url}/health/ready`)).status).toBe(200);
  await stop(first);
});

test("a port in use is one clear line", async () => {
  const busy = createServer((_request, reply) => reply.writeHead(503).end());
  const port = await new Promise<number>((resolve) =>
    busy.listen(0, "127.0.0.1", () => resolve((busy.address() as { port: number }).port)),
  );
  const refused = await serve({ PORT: String(port), ENCOURS_DATA: folder() });
  expect((await refused.exited).code).toBe(1);
  expect(oneLine(refused.output())).toEqual([`encours: port ${port} is already in use; choose another one with PORT=`]);
  busy.close();
});

test.each([
  ["nonsense", /^encours: DATABASE_URL is not a PostgreSQL address/],
  [
    "postgres://nobody:secret@127.0.0.1:9/none",
    /^encours: cannot reach the database of DATABASE_URL at 127\.0\.0\.1:9\/none: /,
  ],
])("DATABASE_URL %s is one clear line without the password", async (url, line) => {
  const refused = await serve({ PORT: String(await freePort()), ENCOURS_DATA: folder(), DATABASE_URL: url });
  expect((await refused.exited).code).toBe(1);
  expect(oneLine(refused.output())).toEqual([expect.stringMatching(line)]);
  expect(refused.output()).not.toContain("secret");
});

const NOBODY = 65_534;
const mayBecomeSomebody = process.getuid?.() === 0;

test("a data folder without rights is one clear line, as an ordinary user", async () => {
  const data = path.join(folder(), "closed");
  mkdirSync(data, { mode: 0o500 });
  const identity = mayBecomeSomebody ? { uid: NOBODY, gid: NOBODY } : {};
  if (mayBecomeSomebody) chmodSync(path.dirname(data), 0o755);
  const refused = await serve({ PORT: String(await freePort()), ENCOURS_DATA: data, HOME: "/tmp" }, identity);
  expect((await refused.exited).code).toBe(1);
  expect(oneLine(refused.output())).toEqual([expect.stringMatching(/^encours: no right to write in the data folder /)]);
});

test.skipIf(!mayBecomeSomebody)(
  "an ordinary user starts it as well (skipped when the tests do not run as root)",
  async () => {
    const data = path.join(folder(), "own");
    mkdirSync(data, { mode: 0o700 });
    chmodSync(path.dirname(data), 0o755);
    chownSync(data, NOBODY, NOBODY);
    const served = await serve(
      { PORT: String(await freePort()), ENCOURS_DATA: data, HOME: data },
      { uid: NOBODY, gid: NOBODY },
    );
    expect([served.output(), (await fetch(`${served.url}/health/ready`).catch(() => ({ status: 0 }))).status]).toEqual([
      expect.stringContaining("Encours"),
      200,
    ]);
    expect(await stop(served)).toEqual({ code: 0, signal: null });
  },
);

/** A small file system of its own, where mounting is allowed. */
function aTinyDisk(): string | undefined {
  const at = folder();
  return spawnSync("mount", ["-t", "tmpfs", "-o", "size=24m", "tmpfs", at]).status === 0 ? at : undefined;
}
const tiny = aTinyDisk();
afterAll(() => {
  if (tiny) spawnSync("umount", [tiny]);
});

test.skipIf(!tiny)("a full disk is one clear line (skipped where mounting is not allowed)", async () => {
  const refused = await serve({ PORT: String(await freePort()), ENCOURS_DATA: path.join(tiny ?? "", "data") });
  expect((await refused.exited).code).toBe(1);
  expect(oneLine(refused.output())).toEqual([expect.stringMatching(/^encours: no space left on the disk of /)]);
});

test("secrets are readable by their owner only and never printed", async () => {
  const data = folder();
  const served = await serve({ PORT: String(await freePort()), ENCOURS_DATA: data, ENCOURS_LOG: "info" });
  const secret = readFileSync(path.join(data, "secret.key"));
  await stop(served);
  expect(served.output()).not.toContain(secret.toString("hex"));
  expect(served.output()).not.toMatch(/postgres:\/\//);
  writeFileSync(path.join(data, "probe"), "");
});
