import { access } from "node:fs/promises";
import path from "node:path";
import type { Command } from "commander";
import type { BankFile, Statement } from "../../contracts/src/cash.ts";
import type { Company } from "../../contracts/src/parties.ts";
import { amount, json } from "./print.ts";
import { ask, CommandFailed, fromHere, type Options, type Target, withTarget } from "./target.ts";

type Given = { company?: string; dryRun?: boolean; accept?: string };
type Imported = { imported: number; lines: number; posted: number; returns: number; isQueued: boolean };

export function addBankCommand(program: Command): void {
  program
    .command("bank")
    .description(
      "take in a bank's file: the verdict on each statement, then import and match what nothing stands against",
    )
    .argument("<file>", "CAMT, MT940, CFONB, OFX, CODA, CSV statements, or returned payments")
    .option("--company <code>", "company the file is meant for; another company's account is then held back")
    .option("--dry-run", "say the verdict only; the file waits, nothing of it is used")
    .option("--accept <reason>", "import also what waits for a decision, for this reason")
    .action((file: string, given: Given, command: Command) =>
      withTarget(command, (target, options) => takeIn(target, options, fromHere(file), given)),
    );
}

async function takeIn(target: Target, options: Options, file: string, given: Given): Promise<void> {
  await access(file).catch(() => {
    throw new CommandFailed(`no such file: ${file}`);
  });
  const companyId = given.company ? await companyOf(target, given.company) : undefined;
  const received = await ask<BankFile>(target, "POST", `/bank-files${companyId ? `?companyId=${companyId}` : ""}`, {
    file: { name: path.basename(file), path: file },
  });
  if (!options.json) for (const statement of received.statements) printVerdict(statement, options);
  const result = given.dryRun ? undefined : await bring(target, received, given.accept);
  const after = await ask<BankFile>(target, "GET", `/bank-files/${received.id}`);
  const waiting = after.statements.filter((one) => one.state === "quarantined").length;
  if (options.json) json({ file: after, imported: result ?? null });
  else if (result)
    console.log(
      `${result.lines} lines imported, ${result.isQueued ? "matching follows" : `${result.posted} matched by rule, ${result.returns} rejections`}`,
    );
  if (waiting > 0 && !given.dryRun)
    throw new CommandFailed(`${waiting} statements wait for a decision; --accept REASON imports them as they are`);
}

async function bring(target: Target, received: BankFile, reason: string | undefined): Promise<Imported> {
  if (reason)
    for (const one of received.statements.filter(({ state }) => state === "quarantined"))
      await ask(target, "POST", `/bank-statements/${one.id}/accept`, { body: { reason }, ifMatch: `"${one.version}"` });
  return ask<Imported>(target, "POST", `/bank-files/${received.id}/import`, { body: {} });
}

async function companyOf(target: Target, code: string): Promise<string> {
  const { rows } = await ask<{ rows: Company[] }>(target, "GET", "/companies");
  const found = rows.find((company) => company.code.toLowerCase() === code.toLowerCase());
  if (!found) throw new CommandFailed(`no company “${code}”; there are: ${rows.map((one) => one.code).join(", ")}`);
  return found.id;
}

function printVerdict(one: Statement, options: Options): void {
  const balance = one.closing ? amount(one.closing.minor, one.closing.currency, options.language) : "-";
  const period = [one.from, one.to].filter((day) => day !== null).join(" to ");
  console.log(
    `${one.identifier} ${one.currency ?? ""} ${period}: ${one.lineCount} lines, ${one.knownCount} known, closing ${balance}, ${one.state}`,
  );
  for (const finding of one.findings)
    console.log(`  ${finding.blocks ? "stops" : "note"}: ${finding.code} ${Object.values(finding.values).join(" ")}`);
}
