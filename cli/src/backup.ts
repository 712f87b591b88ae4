import { createReadStream, createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { Command } from "commander";
import { readBackup, writeBackup } from "../../server/src/app/backup.ts";
import { installationSettings, openInstallation } from "../../server/src/platform/installation/index.ts";
import { json } from "./print.ts";
import { CommandFailed, fromHere, optionsOf } from "./target.ts";

export function addBackupCommands(program: Command): void {
  program
    .command("backup")
    .description("write database and files of this machine's installation to one file, at one point in time")
    .argument("<file>", "file to write")
    .action(async (file: string, _given: object, command: Command) => {
      const options = optionsOf(command);
      refuseRemote(options.url);
      const installation = await openInstallation(installationSettings(process.env, "command"));
      const target = fromHere(file);
      try {
        const summary = await writeBackup(installation, (source) =>
          pipeline(source, createWriteStream(`${target}.part`, { mode: 0o600 })),
        );
        await rename(`${target}.part`, target);
        if (options.json) json({ file: target, ...summary });
        else console.log(`${target}: ${summary.tables} tables, ${summary.rows} rows, ${summary.files} files`);
      } finally {
        await rm(`${target}.part`, { force: true });
        await installation.close();
      }
    });
  program
    .command("restore")
    .description("restore a backup into an empty installation; every channel starts disarmed")
    .argument("<file>", "backup file")
    .action(async (file: string, _given: object, command: Command) => {
      const options = optionsOf(command);
      refuseRemote(options.url);
      const installation = await openInstallation(installationSettings(process.env, "command"));
      try {
        const summary = await readBackup(installation, createReadStream(fromHere(file)));
        if (options.json) json(summary);
        else
          console.log(
            `restored ${summary.tables} tables, ${summary.rows} rows, ${summary.files} files; every channel is disarmed until somebody arms it`,
          );
      } catch (error) {
        const { code, message } = error as { code?: string; message: string };
        throw new CommandFailed(code === "ENOENT" ? `no such file: ${file}` : message);
      } finally {
        await installation.close();
      }
    });
}

function refuseRemote(url: string | undefined): void {
  if (url) throw new CommandFailed("backup and restore work on this machine's own installation only");
}
