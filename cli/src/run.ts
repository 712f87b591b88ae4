import type { Command } from "commander";
import type { RunSummary } from "../../contracts/src/dunning.ts";
import { allTenants } from "../../server/src/modules/access/index.ts";
import { verifyCash } from "../../server/src/modules/cash/index.ts";
import { differencesOf, rebuildStates, verifyLedger } from "../../server/src/modules/receivables/index.ts";
import { verifyFiles } from "../../server/src/platform/files/verify.ts";
import { verifyJournal } from "../../server/src/platform/journal/index.ts";
import { amount, json, table } from "./print.ts";
import { ask, CommandFailed, type Options, type Target, withTarget } from "./target.ts";

type Preview = {
  summary: RunSummary;
  rows: {
    bucket: string;
    customerNumber: string;
    customerName: string;
    companyName: string;
    stepKey: string | null;
    recipient: string | null;
    amount: { minor: string; currency: string };
    itemCount: number;
    code: string | null;
  }[];
};

export function addRunCommands(program: Command): void {
  program
    .command("plan")
    .description("what would be sent on a day, and why not; changes nothing")
    .option("--as-of <date>", "the day, YYYY-MM-DD; today unless said")
    .action((given: { asOf?: string }, command: Command) =>
      withTarget(command, async (target, options) => {
        const preview = await ask<Preview>(target, "POST", "/runs/preview", {
          body: given.asOf ? { asOf: given.asOf } : {},
        });
        if (options.json) return json(preview);
        printSummary(preview.summary, options);
        const rows = preview.rows.map((row) => [
          row.customerNumber,
          row.customerName.slice(0, 30),
          row.stepKey ?? "",
          String(row.itemCount),
          amount(row.amount.minor, row.amount.currency, options.language),
          row.code ?? row.bucket,
          row.recipient ?? "",
        ]);
        console.log(table(["number", "customer", "step", "items", "amount", "decision", "to"], rows, [3, 4]));
      }),
    );
  program
    .command("run")
    .description("plan a day and, with --approve, let what needs nobody's eye leave after the undo window")
    .option("--as-of <date>", "the day, YYYY-MM-DD; today unless said")
    .option("--approve", "approve the messages of the plan")
    .action((given: { asOf?: string; approve?: boolean }, command: Command) =>
      withTarget(command, async (target, options) => {
        const run = await ask<RunSummary>(target, "POST", "/runs", { body: given.asOf ? { asOf: given.asOf } : {} });
        const leaving = run.buckets["leaves"]?.count ?? 0;
        const approved =
          given.approve && leaving > 0
            ? await ask(target, "POST", `/runs/${run.runId}/approve`, { body: { expectedCount: leaving } })
            : undefined;
        if (options.json) return json({ run, approved: approved ?? null });
        printSummary(run, options);
        console.log(
          approved
            ? `${leaving} messages approved, held until ${(approved as { holdUntil: string }).holdUntil}`
            : "nothing approved; --approve lets them leave",
        );
      }),
    );
  program
    .command("verify")
    .description("check the whole installation: proof, kept state, journal, files")
    .option("--rebuild", "write the kept state anew from the facts first")
    .action((given: { rebuild?: boolean }, command: Command) =>
      withTarget(command, (target, options) => verify(target, options, given.rebuild === true)),
    );
}

function printSummary(run: RunSummary, options: Options): void {
  const amounts = (of: readonly { minor: string; currency: string }[]) =>
    of.map((one) => amount(one.minor, one.currency, options.language)).join(" + ") || "0";
  console.log(`${run.asOf}: ${run.groups} groups`);
  for (const [bucket, found] of Object.entries(run.buckets))
    console.log(`  ${bucket}: ${found.count} (${amounts(found.amounts)})`);
  for (const skip of run.skips) console.log(`  not sent, ${skip.code}: ${skip.count} (${amounts(skip.amounts)})`);
}

type Finding = { tenant: string; check: string; detail: string };

/** Local: every check on every organisation. Remote: what the API can prove of the key's organisation. */
async function verify(target: Target, options: Options, rebuild: boolean): Promise<void> {
  const findings = target.local ? await verifyLocal(target.local.services, rebuild) : await verifyRemote(target);
  if (options.json) json({ isSound: findings.length === 0, findings });
  else for (const finding of findings) console.log(`${finding.tenant}: ${finding.check}: ${finding.detail}`);
  if (findings.length > 0) throw new CommandFailed(`${findings.length} faults found`);
  if (!options.json) console.log("proof, kept state, journal and files are sound");
}

async function verifyLocal(services: NonNullable<Target["local"]>["services"], rebuild: boolean): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const tenant of await services.db.global(allTenants)) {
    const add = (check: string, detail: string) => findings.push({ tenant: tenant.name, check, detail });
    if (rebuild) await services.db.transaction(tenant.id, rebuildStates);
    for (const fault of await services.db.transaction(tenant.id, verifyLedger))
      add(fault.check, `${fault.subject} ${fault.id}: ${fault.detail}`);
    for (const one of await services.db.transaction(tenant.id, differencesOf))
      if (one.waivedBy === null)
        add(
          "proof",
          `account ${one.account} (${one.name}): here ${one.hereMinor}, source ${one.sourceMinor}, in minor units`,
        );
    for (const fault of await services.db.transaction(tenant.id, verifyCash))
      add(fault.check, `bank ${fault.id}: ${fault.detail}`);
    const journal = await services.db.transaction(tenant.id, verifyJournal);
    if (journal) add("journal", `${journal.kind} ${journal.at}`);
    for (const digest of await services.db.transaction(tenant.id, (tx) => verifyFiles(tx, services.files)))
      add("file", `${digest} missing or altered`);
  }
  return findings;
}

async function verifyRemote(target: Target): Promise<Finding[]> {
  const findings: Finding[] = [];
  const proof = await ask<{ companies: { companyCode: string; ownDifference: string; isTied: boolean }[] }>(
    target,
    "GET",
    "/ledger-proof",
  );
  for (const company of proof.companies)
    if (!company.isTied) findings.push({ tenant: "", check: "proof", detail: `${company.companyCode} does not tie` });
  const journal = await ask<{ isWhole: boolean; fault: { kind: string; at: string } | null }>(
    target,
    "POST",
    "/journal/verify",
    { body: {} },
  );
  if (!journal.isWhole)
    findings.push({ tenant: "", check: "journal", detail: `${journal.fault?.kind} ${journal.fault?.at}` });
  return findings;
}
