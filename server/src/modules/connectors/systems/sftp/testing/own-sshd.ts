import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";

export const sshdPath = (): string | undefined => ["/usr/sbin/sshd", "/usr/bin/sshd"].find((one) => existsSync(one));

/** For tests: the system's OpenSSH on a free port of this machine, with keys of its own, for the present user. */
export async function ownSshd(sshd: string) {
  const folder = await mkdtemp(path.join(tmpdir(), "encours-sshd-"));
  const key = (name: string) => path.join(folder, name);
  for (const name of ["host", "user"]) execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key(name)]);
  await writeFile(key("authorized"), await readFile(key("user.pub")), { mode: 0o600 });
  const port = await freePort();
  await writeFile(
    key("config"),
    [
      `Port ${port}`,
      "ListenAddress 127.0.0.1",
      `HostKey ${key("host")}`,
      `AuthorizedKeysFile ${key("authorized")}`,
      `PidFile ${key("pid")}`,
      "StrictModes no",
      "UsePAM no",
      "PasswordAuthentication no",
      "PermitRootLogin prohibit-password",
      "Subsystem sftp internal-sftp",
    ].join("\n"),
  );
  // the package's own start script makes it; a test may run before any start
  if (userInfo().uid === 0) mkdirSync("/run/sshd", { recursive: true });
  const child = spawn(sshd, ["-D", "-e", "-f", key("config")], { stdio: "ignore" });
  await untilOpen(port, child);
  const hostBlob = Buffer.from((await readFile(key("host.pub"), "utf8")).split(" ")[1] ?? "", "base64");
  return {
    port,
    user: userInfo().username,
    privateKey: await readFile(key("user"), "utf8"),
    fingerprint: `SHA256:${createHash("sha256").update(hostBlob).digest("base64").replace(/=+$/, "")}`,
    stop: async () => {
      child.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

async function untilOpen(port: number, child: ChildProcess): Promise<void> {
  const { connect } = await import("node:net");
  for (let tries = 0; tries < 100; tries += 1) {
    if (child.exitCode !== null) throw new Error(`sshd ended with ${child.exitCode}`);
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.destroy();
        resolve(true);
      });
      socket.on("error", () => resolve(false));
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("sshd was not ready in time");
}
