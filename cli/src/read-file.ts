import { stat } from "node:fs/promises";
import path from "node:path";
import type { Command } from "commander";
import { type Reading, ReadKind } from "../../contracts/src/read.ts";
import { FileRefused, fileFaultText, readAnyFile } from "../../server/src/modules/connectors/index.ts";
import { amount, json, table } from "./print.ts";
import { ask, CommandFailed, fromHere, type Options, optionsOf, withTarget } from "./target.ts";

const WARNINGS_SHOWN = 50;
/** Items of a FEC of some million lines fit; a hostile file still does not take the machine. */
const LIMITS = { memoryMb: 2_048, silenceMs: 1_800_000 };

export function addReadFileCommand(program: Command): void {
  program
    .command("read")
    .description(
      "say what a bank statement, a return file, an e-invoice or a FEC holds, without storing anything; needs no installation",
    )
    .argument("<file>", "the file; its content tells what it is, not its name")
    .option("--kind <kind>", "fec, bank or einvoice; found out unless said")
    .action(async (file: string, given: { kind?: string }, command: Command) => {
      const options = optionsOf(command);
      const language = languageOf(command, options);
      const kind = given.kind === undefined ? null : ReadKind.safeParse(given.kind).data;
      const fail = (code: string, text: string, value: string | null): never => {
        if (options.json) json({ error: { code, line: 0, column: null, value, text } });
        throw new CommandFailed(text);
      };
      if (kind === undefined)
        return fail("unknown_kind", `unknown kind ${given.kind}; there are: fec, bank, einvoice`, given.kind ?? null);
      const target = fromHere(file);
      const found = await stat(target).catch(() => undefined);
      if (!found)
        fail("no_such_file", language === "fr" ? `fichier introuvable : ${file}` : `no such file: ${file}`, file);
      if (found?.isDirectory())
        fail("not_a_file", language === "fr" ? `c’est un dossier : ${file}` : `this is a folder: ${file}`, file);
      const reading = options.url ? await remotely(command, target, kind) : await here(target, kind, language, options);
      if (options.json) json(reading);
      else printReading(reading, language);
    });
}

/** Without --language, that of the terminal. */
function languageOf(command: Command, options: Options): "fr" | "en" {
  const isChosen = command.parent?.getOptionValueSource("language") !== "default";
  const wanted = isChosen ? options.language : process.env["LC_ALL"] || process.env["LANG"] || options.language;
  return /^en/i.test(wanted) ? "en" : "fr";
}

async function here(file: string, kind: ReadKind | null, language: "fr" | "en", options: Options): Promise<Reading> {
  try {
    return await readAnyFile(file, { kind, fileName: path.basename(file), language, limits: LIMITS });
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    const { code, line, column = null, value = null } = error.fault;
    const text = fileFaultText(error.fault, language);
    if (options.json) json({ error: { code, line, column, value, text } });
    throw new CommandFailed(`${placeOf(line, column, language)}${text}`);
  }
}

async function remotely(command: Command, file: string, kind: ReadKind | null): Promise<Reading> {
  let reading: Reading | undefined;
  await withTarget(command, async (target) => {
    reading = await ask<Reading>(target, "POST", `/read${kind ? `?kind=${kind}` : ""}`, {
      file: { name: path.basename(file), path: file },
    });
  });
  if (!reading) throw new CommandFailed("no answer");
  return reading;
}

const placeOf = (line: number, column: string | null, language: "fr" | "en"): string => {
  if (line === 0) return "";
  const named =
    column && /^\d+$/.test(column) ? (language === "fr" ? `, colonne ${column}` : `, column ${column}`) : "";
  return `${language === "fr" ? "ligne" : "line"} ${line}${named}${language === "fr" ? " : " : ": "}`;
};

type Language = "fr" | "en";

function printReading(reading: Reading, language: Language): void {
  if (reading.kind === "bank") printBank(reading, language);
  else if (reading.kind === "fec") printFec(reading, language);
  else if (reading.kind === "einvoice") printInvoice(reading, language);
  else printLifecycle(reading, language);
  for (const warning of reading.warnings.slice(0, WARNINGS_SHOWN))
    console.log(`! ${placeOf(warning.line, null, language)}${warning.text}`);
  if (reading.warnings.length > WARNINGS_SHOWN) console.log(`! ... ${reading.warnings.length - WARNINGS_SHOWN}`);
}

const CHAIN = {
  fr: { ok: "soldes enchaînés", broken: "SOLDES NON ENCHAÎNÉS", unknown: "soldes non vérifiables" },
  en: { ok: "balances tie", broken: "BALANCES DO NOT TIE", unknown: "balances cannot be checked" },
};

const money = (minor: string | null, currency: string | null, language: Language): string =>
  minor === null ? "-" : amount(minor, currency ?? "EUR", language).replace(/ EUR$/, currency === null ? "" : " EUR");

function printBank(reading: Extract<Reading, { kind: "bank" }>, language: Language): void {
  const isFrench = language === "fr";
  const name = [reading.format, reading.version].filter((part) => part !== null).join(" ");
  const counts = isFrench
    ? `${reading.statements.length} relevé(s), ${reading.returns.length} rejet(s)`
    : `${reading.statements.length} statement(s), ${reading.returns.length} return(s)`;
  console.log(`${name}: ${counts}`);
  for (const one of reading.statements) {
    console.log(
      `\n${one.account || "?"} ${one.accountName ?? ""} ${one.number ?? ""}  ${one.from ?? "?"} → ${one.to ?? "?"}`,
    );
    const opening = one.opening && money(one.opening.minor, one.opening.currency, language);
    const closing = one.closing && money(one.closing.minor, one.closing.currency, language);
    const credit = money(one.creditMinor, one.currency, language);
    const debit = money(one.debitMinor, one.currency, language);
    console.log(`  ${opening ?? "?"} + ${credit} − ${debit} → ${closing ?? "?"}  (${CHAIN[language][one.chain]})`);
    const rows = one.entryRows
      .slice(0, 200)
      .map((entry) => [
        entry.bookedOn ?? "",
        entry.typeCode ?? entry.kind,
        money(entry.amountMinor, one.currency, language),
        (entry.details[0]?.payerName ?? "").slice(0, 28),
        entry.text.slice(0, 48),
      ]);
    const headers = isFrench
      ? ["date", "type", "montant", "tiers", "libellé"]
      : ["date", "type", "amount", "party", "text"];
    if (rows.length > 0) console.log(table(headers, rows, [2]).replace(/^/gm, "  "));
    if (one.entries > rows.length) console.log(`  ... ${one.entries - rows.length}`);
  }
  if (reading.returns.length === 0) return;
  const headers = isFrench
    ? ["réf. bout en bout", "motif", "montant", "débiteur", "sens"]
    : ["end to end", "reason", "amount", "debtor", "meaning"];
  const rows = reading.returns
    .slice(0, 200)
    .map((one) => [
      one.endToEndId ?? one.originalId ?? "",
      one.reason ?? "",
      money(one.amountMinor, one.currency, language),
      (one.payerName ?? "").slice(0, 28),
      one.meaning ?? one.reasonText ?? "",
    ]);
  console.log(`\n${table(headers, rows, [2])}`);
}

function printFec(reading: Extract<Reading, { kind: "fec" }>, language: Language): void {
  const isFrench = language === "fr";
  const { receivable, currency } = reading;
  const period = reading.fiscalYear ? `${reading.fiscalYear.from} → ${reading.fiscalYear.to}` : "?";
  console.log(`FEC ${period}, ${reading.encoding}`);
  console.log(
    isFrench
      ? `${reading.lines} lignes, ${reading.entries} écritures, dont ${reading.unbalanced} non équilibrées ; ${reading.refused} lignes illisibles`
      : `${reading.lines} lines, ${reading.entries} entries, ${reading.unbalanced} of them out of balance; ${reading.refused} lines unreadable`,
  );
  console.log(
    `${isFrench ? "débit" : "debit"} ${money(reading.debitMinor, currency, language)}, ${isFrench ? "crédit" : "credit"} ${money(reading.creditMinor, currency, language)}`,
  );
  console.log(
    `${isFrench ? "clients (411)" : "customers (411)"}: ${money(receivable.balanceMinor, currency, language)}, ${receivable.accounts} ${isFrench ? "comptes, ouvert au" : "accounts, open on"} ${receivable.asOf ?? "?"}:`,
  );
  const label = ({ from, to }: { from: number | null; to: number | null }) =>
    from === null ? (isFrench ? "non échu" : "not due") : to === null ? `> ${from - 1}` : `${from}-${to}`;
  const rows = receivable.openItems.map((one) => [label(one), String(one.count), money(one.minor, currency, language)]);
  rows.push([
    isFrench ? "crédits" : "credits",
    String(receivable.credits.count),
    money(receivable.credits.minor, currency, language),
  ]);
  console.log(table(isFrench ? ["retard", "pièces", "montant"] : ["late", "items", "amount"], rows, [1, 2]));
}

function printInvoice(reading: Extract<Reading, { kind: "einvoice" }>, language: Language): void {
  const isFrench = language === "fr";
  const row = (fr: string, en: string, value: string | null) =>
    value === null || value === "" ? [] : [[isFrench ? fr : en, value]];
  const party = (one: { name: string | null; siren: string | null; vat: string | null }) =>
    [one.name, one.siren && `SIREN ${one.siren}`, one.vat].filter((part) => part).join(", ");
  const minor = (value: string | null) => (value === null ? null : money(value, reading.currency, language));
  const source = reading.attachment ? ` (${reading.attachment})` : "";
  console.log(`${reading.syntax.toUpperCase()} ${reading.profile ?? ""}${source}`);
  const rows = [
    ...row("numéro", "number", `${reading.number ?? "?"}, type ${reading.type ?? "?"}`),
    ...row("émise le", "issued", reading.issuedOn),
    ...row("échéance", "due", reading.dueOn),
    ...row("vendeur", "seller", party(reading.seller)),
    ...row("acheteur", "buyer", party(reading.buyer)),
    ...row("commande", "order", reading.orderNumber),
    ...row("hors taxes", "net", minor(reading.netMinor)),
    ...row("TVA", "VAT", minor(reading.taxMinor)),
    ...row("TTC", "total", minor(reading.totalMinor)),
    ...row("déjà payé", "prepaid", minor(reading.prepaidMinor)),
    ...row("à payer", "to pay", minor(reading.payableMinor)),
    ...row("lignes", "lines", String(reading.lines)),
    ...row("IBAN", "IBAN", reading.ibans.join(", ")),
    ...row("référence", "reference", reading.paymentReference),
    ...row("conditions", "terms", reading.terms),
  ];
  console.log(table(["", ""], rows).split("\n").slice(2).join("\n"));
}

function printLifecycle(reading: Extract<Reading, { kind: "lifecycle" }>, language: Language): void {
  const what = language === "fr" ? "Cycle de vie de la facture" : "Life cycle of invoice";
  console.log(`${what} ${reading.number ?? "?"}: ${reading.code ?? "?"} ${reading.label ?? ""} (${reading.at ?? "?"})`);
  for (const one of reading.reasons)
    console.log(`  ${[one.code, one.text, one.action].filter((part) => part).join(" - ")}`);
}
