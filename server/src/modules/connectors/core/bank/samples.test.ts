import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { exponentOf } from "#kernel/money.ts";
import { sample } from "../../../../../testing/samples.ts";
import { linesOfText } from "../decode.ts";
import { FileRefused } from "../fault.ts";
import { splitRecord } from "../table/records.ts";
import { readBank } from "./read-bank.ts";
import type { BankFile, BankStatement } from "./statement.ts";

// Public files that nobody here wrote, against an independent reading of them (counts, sums, balances).

const folder = sample("bank-statements");
const expected = folder
  ? linesOfText(readFileSync(path.join(folder, "expected.csv"), "utf8"))
      .slice(1)
      .filter((line) => line !== "")
      .map((line) => splitRecord(line, ","))
      .map((cells) => ({ file: cells[0] ?? "", reading: cells[4] ?? "" }))
  : [];

/** Where we differ from the independent reading, and why we are right. */
const EXPLAINED: Readonly<Record<string, string>> = {
  // Its pattern wants an entry date; here four blanks stand in its place. Five movements lead exactly to the closing balance.
  "mt940-wolph/citi__mt940.txt": "entries 5, in 0, out 114275, chain ok",
  // A wrapped :61: and a tag cut after its colon: the movement can be read.
  "mt940-wolph/self-provided__sparkassen.sta": "entries 1, in 3000, out 0, chain unknown",
};

const sum = (statements: readonly BankStatement[], wanted: (minor: bigint) => boolean): bigint =>
  statements
    .flatMap((one) => one.entries)
    .reduce((total, { amountMinor }) => (wanted(amountMinor) ? total + amountMinor : total), 0n);
const credit = ({ statements }: BankFile) => sum(statements, (minor) => minor > 0n);
const debit = ({ statements }: BankFile) => -sum(statements, (minor) => minor < 0n);
const entries = ({ statements }: BankFile) => statements.reduce((count, one) => count + one.entries.length, 0);
const details = ({ statements }: BankFile) =>
  statements.flatMap((one) => one.entries).reduce((count, one) => count + one.details.length, 0);

const minor = (text: string, digits = 2): bigint => {
  const [whole = "", fraction = ""] = text.replace(",", ".").replace("-", "").split(".");
  const size = BigInt(whole + fraction.replace(/0+$/, "").padEnd(digits, "0"));
  return text.startsWith("-") ? -size : size;
};

const balances = (file: BankFile): bigint[] =>
  file.statements.flatMap((one) => [one.opening, one.closing]).flatMap((one) => (one ? [one.minor] : []));

describe.skipIf(!folder)("public bank files (set ENCOURS_SAMPLES to their folder)", () => {
  test("every file of the folder has an independent reading", () => {
    const files = readdirSync(folder ?? "", { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    expect(expected.length).toBe(files.length - 1);
  });

  test.each(expected)("$file", ({ file, reading }) => {
    const content = readFileSync(path.join(folder ?? "", file));
    if (file.endsWith("invalid_statement.sta")) {
      expect(() => readBank(content)).toThrow(FileRefused);
      return;
    }
    const found = readBank(content);
    const explained = EXPLAINED[file];
    if (explained) {
      const chain = [...new Set(found.statements.map((one) => one.chain))].join();
      expect(`entries ${entries(found)}, in ${credit(found)}, out ${debit(found)}, chain ${chain}`).toBe(explained);
      return;
    }
    if (reading.startsWith("camt")) compareCamt(found, reading);
    else if (reading.includes(":61: x")) compareMt940(found, reading);
    else if (reading.startsWith("records {'0")) compareCfonb(found, reading);
    else if (reading.includes("21-records")) compareCoda(found, reading);
    else if (reading.includes("TRNAMT")) compareOfx(found, reading);
    else if (reading.includes("QIF"))
      expect([found.format, entries(found), debit(found)]).toEqual(["qif", 5, 189_609n]);
    else compareReturns(file, found);
  });
});

function compareCamt(found: BankFile, reading: string): void {
  expect(`${found.format}.001.${found.version}`).toBe(reading.slice(0, 15));
  const parts = /acct (\w+): (\d+) Ntry \/ (\d+) TxDtls, CRDT ([\d.]+), DBIT ([\d.]+), ccy (\w+)/.exec(reading);
  expect(entries(found)).toBe(Number(parts?.[2] ?? 1));
  if (!parts) return;
  const [, account, rows, parties, credited = "", debited = "", currency = ""] = parts;
  const [statement] = found.statements;
  const digits = exponentOf(currency as never);
  expect([statement?.account, entries(found), details(found)]).toEqual([account, Number(rows), Number(parties)]);
  expect([credit(found), debit(found)]).toEqual([minor(credited, digits), minor(debited, digits)]);
  expect(statement?.entries[0]?.status).toBe(reading.includes("PDNG") ? "pending" : "booked");
  expect(statement?.entries.filter((one) => one.isReversal).length).toBe(reading.includes("1 reversal") ? 1 : 0);
  const balance = (code: string) => new RegExp(`${code}=([-\\d.]+)`).exec(reading)?.[1];
  const opening = balance("OPBD");
  expect(statement?.opening?.minor).toBe(opening === undefined ? undefined : minor(opening));
  const closing = balance("CLBD") ?? balance("ITBD");
  expect(statement?.closing?.minor).toBe(closing === undefined ? undefined : minor(closing));
}

function compareMt940(found: BankFile, reading: string): void {
  const [, rows, credited = "", debited = ""] = /parsed (\d+): in ([\d.]+), out ([\d.]+)/.exec(reading) ?? [];
  expect(entries(found)).toBe(Number(rows));
  expect([credit(found), debit(found)]).toEqual([minor(credited), minor(debited)]);
  const shown = [...reading.matchAll(/6[02]F=([-\d,]+)/g)].map((one) => minor(one[1] ?? ""));
  const ours = balances(found);
  for (const one of shown) expect(ours).toContain(one);
}

function compareCfonb(found: BankFile, reading: string): void {
  const count = Number(/'04': (\d+)/.exec(reading)?.[1] ?? 0);
  const [, credited = "0", debited = "0"] = /04 credits ([\d.]+) debits ([-\d.]+)/.exec(reading) ?? [];
  expect([entries(found), credit(found), -debit(found)]).toEqual([count, minor(credited), minor(debited)]);
  const shown = [...reading.matchAll(/0[17]:[^=]*=([-\d.]+)/g)].map((one) => minor(one[1] ?? ""));
  // The independent reading shows eight balances at most.
  expect(balances(found).slice(0, shown.length)).toEqual(shown);
}

function compareCoda(found: BankFile, reading: string): void {
  const [, credited = "", debited = "", old = "", next = ""] =
    /credit ([\d.]+) debit ([\d.]+), old=([-\d.]+) new=([-\d.]+)/.exec(reading) ?? [];
  expect(balances(found)).toEqual([minor(old), minor(next)]);
  expect(credit(found)).toBe(minor(credited));
  // It counts detail records and their total both: twice the money.
  const globalised = found.statements.flatMap((one) => one.entries).filter((one) => one.details.length > 1);
  const twice = -globalised.reduce((total, one) => total + one.amountMinor, 0n);
  expect(debit(found) + twice).toBe(minor(debited));
}

function compareOfx(found: BankFile, reading: string): void {
  const [, count, total = ""] = /^(\d+) TRNAMT, sum ([-\d.]+)/.exec(reading) ?? [];
  expect([entries(found), credit(found) - debit(found)]).toEqual([Number(count), minor(total)]);
  const shown = [...(/LEDGERBAL \[([^\]]*)\]/.exec(reading)?.[1] ?? "").matchAll(/'([-\d.]+)'/g)];
  expect(balances(found)).toEqual(shown.map((one) => minor(one[1] ?? "")));
}

function compareReturns(file: string, found: BankFile): void {
  const returns = found.returns.map((one) => [one.endToEndId, one.reason, one.amountMinor]);
  if (file.endsWith("unpaid.xml"))
    expect(returns).toEqual([
      ["E2EID1", "AC01", 10_000n],
      ["E2EID2", "MS02", 10_000n],
      ["E2EID3", "MD06", 10_000n],
      ["E2EID4", "AM04", 10_000n],
    ]);
  else if (file.endsWith(".csv")) expect(returns).toEqual([[null, "RTEST", 25_090n]]);
  else
    expect([found.format, returns.map(([, , amount]) => amount)]).toEqual(["cfonb240", [171_200n, 287_280n, 11_760n]]);
}
