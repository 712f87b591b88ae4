import { access, readFile } from "node:fs/promises";
import path from "node:path";
import type { Command } from "commander";
import type { Import, ImportChoices } from "../../contracts/src/imports.ts";
import type { Company } from "../../contracts/src/parties.ts";
import { amount, json } from "./print.ts";
import { ask, CommandFailed, fromHere, type Options, type Target, withTarget } from "./target.ts";

type ImportOptions = {
  company?: string;
  kind?: string;
  format: string;
  mapping?: string;
  coverage?: string;
  asOf?: string;
  from?: string;
  to?: string;
  dryRun?: boolean;
  skipRefused?: boolean;
};

const POLL_MS = 200;

export function addImportCommand(program: Command): void {
  program
    .command("import")
    .description("import a file of items, customers, contacts or accounting entries")
    .argument("<file>", "CSV, XLSX, FEC, or a text export of Cegid, Sage or Quadra")
    .option("--company <code>", "company the items belong to; an unknown one is created")
    .option("--kind <kind>", "items, customers, contacts or fec; found out unless said")
    .option("--format <format>", "auto, fec, csv, xlsx, tra, sage, pnm or quadra", "auto")
    .option("--mapping <file>", 'JSON file: {"Header": "field", ...}')
    .option("--coverage <coverage>", "movements, open-snapshot or full")
    .option("--as-of <date>", "day of an open snapshot")
    .option("--from <date>", "first day of a full load")
    .option("--to <date>", "last day of a full load")
    .option("--skip-refused", "import the rows that are right although others are refused")
    .option("--dry-run", "check everything and change nothing")
    .action((file: string, given: ImportOptions, command: Command) =>
      withTarget(command, (target, options) => importFile(target, options, fromHere(file), given)),
    );
}

async function importFile(target: Target, options: Options, file: string, given: ImportOptions): Promise<void> {
  await access(file).catch(() => {
    throw new CommandFailed(`no such file: ${file}`);
  });
  const kind = given.kind ?? (given.format === "fec" ? "fec" : "auto");
  let created: string | undefined;
  const uploaded = await ask<Import>(target, "POST", `/imports?kind=${kind}`, {
    file: { name: path.basename(file), path: file },
  });
  if (given.format !== "auto" && uploaded.format !== given.format)
    throw new CommandFailed(`the file is ${uploaded.format}, not ${given.format}`);
  let companyId: string | null = null;
  if (uploaded.kind === "items" || uploaded.kind === "fec") {
    const company = await companyFor(target, given, uploaded);
    companyId = company.id;
    created = company.created;
  }
  const choices = await choicesOf(uploaded, given, companyId);
  const chosen = await ask<Import>(target, "PUT", `/imports/${uploaded.id}/choices`, {
    body: choices,
    ifMatch: `"${uploaded.version}"`,
  });
  const done = await runAndWait(target, chosen.id, given.dryRun ? "check" : "apply");
  report(done, options, created, given.dryRun === true);
}

async function companyFor(
  target: Target,
  given: ImportOptions,
  uploaded: Import,
): Promise<{ id: string; created: string | undefined }> {
  const { rows } = await ask<{ rows: Company[] }>(target, "GET", "/companies");
  if (!given.company) {
    if (rows.length === 1 && rows[0]) return { id: rows[0].id, created: undefined };
    throw new CommandFailed("say which company with --company CODE");
  }
  const known = rows.find((company) => company.code.toLowerCase() === given.company?.toLowerCase());
  if (known) return { id: known.id, created: undefined };
  const bookCurrency = uploaded.profile.currency ?? "EUR";
  if (given.dryRun) {
    throw new CommandFailed(
      `company ${given.company} does not exist yet (the import would create it in ${bookCurrency}); a dry run creates nothing`,
    );
  }
  const made = await ask<Company>(target, "POST", "/companies", {
    body: { code: given.company, name: given.company, bookCurrency },
  });
  return { id: made.id, created: `company ${made.code} created, books in ${made.bookCurrency}` };
}

async function choicesOf(uploaded: Import, given: ImportOptions, companyId: string | null): Promise<ImportChoices> {
  const coverage = (given.coverage ?? (given.asOf && !given.from ? "open-snapshot" : "movements")).replace(
    "-",
    "_",
  ) as ImportChoices["coverage"];
  if (!["movements", "open_snapshot", "full"].includes(coverage))
    throw new CommandFailed(`unknown coverage ${given.coverage}`);
  return {
    ...uploaded.choices,
    companyId,
    coverage,
    mapping: given.mapping ? await mappingOf(given.mapping, uploaded) : uploaded.choices.mapping,
    asOf: given.asOf ?? null,
    from: given.from ?? null,
    to: given.to ?? null,
    skipRefused: given.skipRefused === true,
  };
}

async function mappingOf(file: string, uploaded: Import): Promise<(string | null)[]> {
  let named: Record<string, string | null>;
  try {
    named = JSON.parse(await readFile(fromHere(file), "utf8")) as Record<string, string | null>;
  } catch (error) {
    throw new CommandFailed(`the mapping ${file} cannot be read: ${(error as Error).message}`);
  }
  const unknown = Object.keys(named).find((header) => !uploaded.profile.headers.includes(header));
  if (unknown)
    throw new CommandFailed(`the file has no column “${unknown}”; it has: ${uploaded.profile.headers.join(", ")}`);
  const taken = new Set(Object.values(named));
  return uploaded.profile.headers.map((header, index) => {
    if (header in named) return named[header] ?? null;
    const guessed = uploaded.choices.mapping[index] ?? null;
    return guessed && taken.has(guessed) ? null : guessed;
  });
}

async function runAndWait(target: Target, id: string, mode: "check" | "apply"): Promise<Import> {
  await ask(target, "POST", `/imports/${id}/${mode}`);
  for (;;) {
    const now = await ask<Import>(target, "GET", `/imports/${id}`);
    if (now.state !== "checking" && now.state !== "applying") return now;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function report(done: Import, options: Options, created: string | undefined, isDryRun: boolean): void {
  const { report: found, failure } = done;
  if (options.json) json({ ...done, created: created ?? null });
  if (failure) throw new CommandFailed(`${failure.line > 0 ? `line ${failure.line}: ` : ""}${failure.text}`);
  if (!found) throw new CommandFailed("the import gave no report");
  const isBlocked = !isDryRun && done.state !== "applied";
  if (!options.json) {
    if (created) console.log(created);
    const counts = Object.entries(found.counts).filter(([, count]) => count > 0);
    console.log(
      `${isDryRun ? "dry run, nothing changed: " : ""}${counts.map(([name, count]) => `${name} ${count}`).join(", ") || "nothing to do"}`,
    );
    for (const warning of found.warnings) console.log(`! ${warning.text}`);
    for (const fault of found.refused.slice(0, 50))
      console.log(`refused, line ${fault.line}${fault.column ? `, ${fault.column}` : ""}: ${fault.text}`);
    if (found.refusedRows > 50) console.log(`... and ${found.refusedRows - 50} more`);
    if (found.proof) {
      const { proof } = found;
      console.log(
        `proof: ${amount(proof.openingMinor, proof.currency, options.language)} + ${amount(proof.movementMinor, proof.currency, options.language)} = ${amount(proof.closingMinor, proof.currency, options.language)}${proof.isTied ? ", tied" : ", NOT TIED"}`,
      );
      for (const one of proof.differences)
        console.log(`  ${one.account}: ${amount(one.differenceMinor ?? "0", proof.currency, options.language)}`);
    }
  }
  if (isBlocked)
    throw new CommandFailed(`${found.refusedRows} rows refused, nothing imported (--skip-refused imports the others)`);
}
