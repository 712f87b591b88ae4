import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import type { Company } from "../../contracts/src/parties.ts";
import type { AgedBalance, Item } from "../../contracts/src/receivables.ts";
import { amount, json, table } from "./print.ts";
import { ask, CommandFailed, fromHere, type Target, withTarget } from "./target.ts";

const query = (given: Record<string, string | undefined>): string => {
  const parts = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return parts.length > 0 ? `?${parts.join("&")}` : "";
};

async function companyId(target: Target, code: string | undefined): Promise<string | undefined> {
  if (!code) return undefined;
  const { rows } = await ask<{ rows: Company[] }>(target, "GET", "/companies");
  const found = rows.find((company) => company.code.toLowerCase() === code.toLowerCase());
  if (!found)
    throw new CommandFailed(
      `no company ${code}; there are: ${rows.map((company) => company.code).join(", ") || "none"}`,
    );
  return found.id;
}

async function customerId(target: Target, wanted: string | undefined): Promise<string | undefined> {
  if (!wanted) return undefined;
  const { rows } = await ask<{ rows: { id: string; number: string; name: string }[] }>(
    target,
    "GET",
    `/customers${query({ text: wanted, limit: "50" })}`,
  );
  const exact = rows.filter((row) => row.number === wanted);
  const [found, ...others] = exact.length > 0 ? exact : rows;
  if (!found) throw new CommandFailed(`no customer ${wanted}`);
  if (others.length > 0)
    throw new CommandFailed(
      `several customers match ${wanted}: ${rows
        .slice(0, 8)
        .map((row) => `${row.number} ${row.name}`)
        .join("; ")}`,
    );
  return found.id;
}

export function addReadCommands(program: Command): void {
  program
    .command("aged-balance")
    .description("who owes what since when, on a day")
    .requiredOption("--as-of <date>", "the day, YYYY-MM-DD")
    .option("--known-on <date>", "as it was known on that day")
    .option("--company <code>", "one company only")
    .option("--by <what>", "customer, company or currency", "customer")
    .option("--layer <layer>", "ledger (ties to the books) or working (adds what is known already)", "ledger")
    .action(
      (given: { asOf: string; knownOn?: string; company?: string; by: string; layer: string }, command: Command) =>
        withTarget(command, async (target, options) => {
          const id = await companyId(target, given.company);
          const asked = query({
            asOf: given.asOf,
            knownOn: given.knownOn,
            companyId: id,
            by: given.by,
            layers: given.layer,
            limit: "100000",
          });
          const balance = await ask<AgedBalance>(target, "GET", `/aged-balance${asked}`);
          if (options.json) return json(balance);
          printBalance(balance, options.language);
        }),
    );
  program
    .command("items")
    .description("open items on a day")
    .requiredOption("--as-of <date>", "the day, YYYY-MM-DD")
    .option("--customer <number>", "one customer, by number or name")
    .option("--company <code>", "one company only")
    .option("--layer <layer>", "ledger or working", "ledger")
    .option("--status <status>", "open, overdue, settled or all", "open")
    .action(
      (given: { asOf: string; customer?: string; company?: string; layer: string; status: string }, command: Command) =>
        withTarget(command, async (target, options) => {
          const asked = {
            asOf: given.asOf,
            customerId: await customerId(target, given.customer),
            companyId: await companyId(target, given.company),
            layers: given.layer,
            status: given.status,
            limit: "500",
          };
          const items = await allItems(target, asked);
          if (options.json) return json({ asOf: given.asOf, rows: items });
          printItems(items, options.language);
        }),
    );
  program
    .command("export")
    .description("write a list to a file, all rows")
    .argument("<list>", "items, aged-balance or customers")
    .argument("<file>", "file to write; .csv or .xlsx decides the format")
    .option("--as-of <date>", "the day, YYYY-MM-DD")
    .option("--company <code>", "one company only")
    .option("--status <status>", "for items: open, overdue, settled or all")
    .action(
      (list: string, file: string, given: { asOf?: string; company?: string; status?: string }, command: Command) =>
        withTarget(command, async (target, options) => {
          const format = /\.(csv|xlsx)$/.exec(file)?.[1];
          if (!format) throw new CommandFailed("the file must end in .csv or .xlsx");
          if (!["items", "aged-balance", "customers"].includes(list))
            throw new CommandFailed(`no list ${list}; there are: items, aged-balance, customers`);
          const asked = query({
            asOf: given.asOf,
            companyId: await companyId(target, given.company),
            status: given.status,
          });
          const content = await target.download(`/exports/${list}.${format}${asked}`);
          await writeFile(fromHere(file), content);
          if (options.json) json({ file: fromHere(file), bytes: content.length });
          else console.log(`${file}: ${content.length} bytes`);
        }),
    );
}

async function allItems(target: Target, asked: Record<string, string | undefined>): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page: { rows: Item[]; next: string | null } = await ask(
      target,
      "GET",
      `/items${query({ ...asked, cursor })}`,
    );
    items.push(...page.rows);
    cursor = page.next ?? undefined;
  } while (cursor);
  return items;
}

function printBalance(balance: AgedBalance, language: string): void {
  const label = (bucket: { from: number | null; to: number | null }) =>
    bucket.from === null ? "not due" : bucket.to === null ? `> ${bucket.from - 1}` : `${bucket.from}-${bucket.to}`;
  const headers = ["number", "name", "total", ...balance.buckets.map(label), "unapplied", "credit notes"];
  const line = (row: AgedBalance["rows"][number]) => [
    row.number ?? "",
    row.name.slice(0, 36),
    ...[row.total, ...row.buckets, row.unapplied, row.creditNotes].map((minor) =>
      amount(minor, row.currency, language),
    ),
  ];
  const totals = balance.totals.map((row) => ["", `TOTAL ${row.currency}`, ...line(row).slice(2)]);
  console.log(table(headers, [...balance.rows.map(line), ...totals], headers.map((_, index) => index).slice(2)));
}

function printItems(items: readonly Item[], language: string): void {
  const rows = items.map((item) => [
    item.companyCode,
    item.customerNumber,
    item.customerName.slice(0, 30),
    item.documentNo ?? "",
    item.kind,
    item.postedOn,
    item.dueOn,
    String(Math.max(0, item.daysPastDue)),
    amount(item.open.minor, item.open.currency, language),
  ]);
  console.log(
    table(["company", "number", "customer", "document", "kind", "posted", "due", "late", "open"], rows, [7, 8]),
  );
  console.log(`${items.length} items`);
}
