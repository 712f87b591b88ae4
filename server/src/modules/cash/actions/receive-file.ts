import { createHash } from "node:crypto";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import { newId, type TenantId, type Uuid } from "#kernel/ids.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import { judgeStatement } from "../core/judge-statement.ts";
import {
  applicable,
  isAccount,
  plainAccount,
  type SourceDetail,
  type SourceEntry,
  type SourceFile,
  type SourceReturn,
  type SourceStatement,
  sideOf,
} from "../core/source-statement.ts";
import { type BankAccountRow, bankAccountsOf } from "../store/account-rows.ts";
import { insertLines, knownKeys, type NewLine, NO_ACCOUNT } from "../store/line-rows.ts";
import { insertFile, insertStatements, isFileKnown, type NewStatement } from "../store/statement-rows.ts";

export type ReceivedFile = {
  readonly name: string;
  readonly digest: string;
  readonly sizeBytes: number;
  readonly file: SourceFile;
  /** The company that it is meant for, when the sender says so. */
  readonly companyId: Uuid | null;
};

const TEXT = 1_000;
const NAME = 140;

/**
 * Takes in a file of bank statements that a reader has read, with a verdict on each statement; nothing takes part in matching before it is imported. Lines
 * of pending entries are left out. Returns the file's id.
 */
export function receiveFile(
  services: Pick<Services, "db">,
  actor: Actor,
  received: ReceivedFile,
  today: CalendarDate,
): Promise<Uuid> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const fileId = newId();
    const { file } = received;
    const isSameFile = await isFileKnown(tx, received.digest);
    await insertFile(tx, {
      id: fileId,
      name: received.name.slice(0, 200),
      format: file.format,
      digest: received.digest,
      sizeBytes: received.sizeBytes,
      warnings: file.warnings.slice(0, 200).map(({ code, line }) => ({ code, line: line ?? null })),
      by: actor.id,
    });
    const accounts = await bankAccountsOf(
      tx,
      [...file.statements.map(({ account }) => account), ...file.returns.flatMap(({ accounts = [] }) => accounts)].map(
        plainAccount,
      ),
    );
    const statements: NewStatement[] = [];
    const lines: NewLine[] = [];
    const last = new Map<Uuid, Last>(
      accounts.map((one) => [one.id, { to: one.lastTo, closingMinor: one.lastClosingMinor }]),
    );
    for (const source of file.statements) {
      const taken = await takeStatement(tx, source, accounts, { received, fileId, isSameFile, today, last });
      const { bankAccountId, to, closingMinor, scope } = taken.statement;
      // statements of one file follow one another
      if (bankAccountId && to && scope === "statement") last.set(bankAccountId, { to, closingMinor });
      statements.push(taken.statement);
      lines.push(...taken.lines);
    }
    if (file.returns.length > 0) {
      const taken = takeReturns(file.returns, accounts, received, fileId, today);
      statements.push(taken.statement);
      lines.push(...taken.lines);
    }
    await insertStatements(tx, statements);
    await insertLines(tx, lines);
    await record(tx, actor, {
      kind: "cash.file.received",
      version: 1,
      subject: { type: "bank_file", id: fileId },
      payload: {
        format: file.format,
        digest: received.digest,
        statements: statements.length,
        lines: lines.length,
        quarantined: statements.filter((one) => one.state === "quarantined").length,
      },
    });
    return fileId;
  });
}

type Last = { readonly to: CalendarDate | null; readonly closingMinor: bigint | null };
type Taking = {
  readonly received: ReceivedFile;
  readonly fileId: Uuid;
  readonly isSameFile: boolean;
  readonly today: CalendarDate;
  /** The last statement of each account so far. */
  readonly last: ReadonlyMap<Uuid, Last>;
};

async function takeStatement(
  tx: Tx,
  source: SourceStatement,
  accounts: readonly BankAccountRow[],
  { received, fileId, isSameFile, today, last }: Taking,
): Promise<{ statement: NewStatement; lines: NewLine[] }> {
  const identifier = plainAccount(source.account);
  const exact = accounts.filter((one) => one.identifier === identifier);
  const alike =
    exact.length > 0 ? exact : accounts.filter((one) => isAccount(one.identifier, identifier, source.bankCode));
  const account = source.currency
    ? alike.find((one) => one.currency === source.currency)
    : alike.length === 1
      ? alike[0]
      : undefined;
  const id = newId();
  const owner = { statementId: id, account, currency: source.currency ?? account?.currency ?? "EUR" };
  const booked = source.entries.filter((entry) => entry.status === "booked");
  const lines = booked.flatMap((entry) => linesOf(tx.tenant, entry, owner, today));
  const known = account ? await knownKeys(tx, account.id, [...new Set(lines.map((line) => line.entryKey))]) : new Set();
  const knownCount = lines.filter((line) => known.has(line.entryKey)).length;
  const findings = judgeStatement(source, {
    account: account ?? null,
    knownCurrencies: alike.map((one) => one.currency),
    wantedCompanyId: received.companyId,
    previous: (account && last.get(account.id)) ?? null,
    lines: lines.length,
    knownLines: knownCount,
    isSameFile,
  });
  const sum = (isCredit: boolean) =>
    booked.reduce((total, { amountMinor }) => (amountMinor > 0n === isCredit ? total + amountMinor : total), 0n);
  const statement: NewStatement = {
    id,
    fileId,
    bankAccountId: account?.id ?? null,
    identifier,
    currency: source.currency,
    number: source.number?.slice(0, 60) ?? null,
    scope: source.scope,
    from: source.from,
    to: source.to,
    openingMinor: source.opening?.minor ?? null,
    closingMinor: source.closing?.minor ?? null,
    chain: source.chain,
    lineCount: lines.length,
    knownCount,
    creditMinor: sum(true),
    debitMinor: -sum(false),
    findings,
    state: findings.some((one) => one.blocks) ? "quarantined" : "checked",
  };
  return { statement, lines };
}

type Owner = { readonly statementId: Uuid; readonly account: BankAccountRow | undefined; readonly currency: string };

function linesOf(tenant: TenantId, entry: SourceEntry, owner: Owner, today: CalendarDate): NewLine[] {
  return applicable(entry).map((detail, detailNo): NewLine => {
    const on = entry.bookedOn ?? entry.valueOn ?? today;
    return {
      id: newId(),
      statementId: owner.statementId,
      bankAccountId: owner.account?.id ?? null,
      companyId: owner.account?.companyId ?? null,
      ownerId: owner.account?.id ?? owner.statementId,
      entryKey: entry.key.slice(0, 200),
      detailNo,
      position: entry.position.slice(0, 60),
      side: sideOf(entry, detail),
      kind: entry.kind,
      bookedOn: on,
      valueOn: entry.valueOn ?? on,
      currency: owner.currency,
      amountMinor: detail.amountMinor,
      text: textOf(entry, detail),
      payerName: (detail.payerName ?? detail.ultimatePayer)?.slice(0, NAME) ?? null,
      ...ibanOf(tenant, detail.payerIban),
      creditorReference: detail.creditorReference?.slice(0, 100) ?? null,
      endToEndId: meant(detail.endToEndId),
      mandateId: meant(detail.mandateId),
      bankReference: entry.bankReference?.slice(0, 100) ?? null,
      documents: detail.documents
        .slice(0, 500)
        .map(({ number, amountMinor }) => ({ number: number.slice(0, 60), minor: amountMinor?.toString() ?? null })),
      reasonCode: detail.reason?.code.slice(0, 10) ?? null,
      reasonText: detail.reason?.text?.slice(0, 200) ?? null,
      feeMinor: detail.feeMinor,
    };
  });
}

/** A value that is not a placeholder. */
const meant = (text: string | null): string | null => {
  const plain = text?.trim() ?? "";
  return plain === "" || /^NOT ?PROVIDED$/i.test(plain) ? null : plain.slice(0, 100);
};

/** Remittance first, then the bank's own words where they say more, then the payer's reference. */
function textOf(entry: SourceEntry, detail: SourceDetail): string {
  const parts = [detail.remittance.trim()];
  const own = entry.text.trim();
  if (own !== "" && !detail.remittance.includes(own)) parts.push(own);
  const reference = meant(detail.endToEndId);
  if (reference && !parts.some((part) => part.includes(reference))) parts.push(reference);
  return parts
    .filter((part) => part !== "")
    .join(" · ")
    .slice(0, TEXT);
}

/** Who paid before is told by a digest that is the tenant's own; of the number itself the last four signs stay, for people. */
function ibanOf(tenant: TenantId, iban: string | null): Pick<NewLine, "payerIbanDigest" | "payerIbanTail"> {
  const plain = iban ? plainAccount(iban) : "";
  if (plain.length < 5) return { payerIbanDigest: null, payerIbanTail: null };
  const digest = createHash("sha256").update(`${tenant} ${plain}`).digest("hex").slice(0, 32);
  return { payerIbanDigest: digest, payerIbanTail: plain.slice(-4) };
}

/**
 * Returns announced apart (pain.002 and lists of banks). One that names an account of ours is its company's; the others are, until the payment that
 * they cancel is found, of the company that the file was meant for.
 */
function takeReturns(
  returns: readonly SourceReturn[],
  known: readonly BankAccountRow[],
  received: ReceivedFile,
  fileId: Uuid,
  today: CalendarDate,
): { statement: NewStatement; lines: NewLine[] } {
  const id = newId();
  const lines = returns.flatMap((one, detailNo): NewLine[] => {
    if (!one.amountMinor) return [];
    const amount = one.amountMinor < 0n ? one.amountMinor : -one.amountMinor;
    const ours = (one.accounts ?? []).flatMap((named) =>
      known.filter(({ identifier }) => isAccount(identifier, plainAccount(named))),
    );
    const account = ours.find(({ currency }) => currency === one.currency) ?? ours[0];
    const reference = meant(one.endToEndId) ?? meant(one.originalId) ?? one.reference ?? one.position;
    return [
      {
        id: newId(),
        statementId: id,
        bankAccountId: account?.id ?? null,
        companyId: account?.companyId ?? received.companyId,
        ownerId: NO_ACCOUNT,
        entryKey: `return/${reference}/${amount}/${one.on ?? ""}`.slice(0, 200),
        detailNo,
        position: one.position.slice(0, 60),
        side: "return",
        kind: "return",
        bookedOn: one.on ?? today,
        valueOn: one.on ?? today,
        currency: one.currency ?? "EUR",
        amountMinor: amount,
        text: [one.reference, one.reasonText].filter(Boolean).join(" · ").slice(0, TEXT),
        payerName: one.payerName?.slice(0, NAME) ?? null,
        payerIbanDigest: null,
        payerIbanTail: null,
        creditorReference: null,
        endToEndId: meant(one.endToEndId),
        mandateId: meant(one.mandateId),
        bankReference: meant(one.originalId),
        documents: [],
        reasonCode: one.reason?.slice(0, 10) ?? null,
        reasonText: one.reasonText?.slice(0, 200) ?? null,
        feeMinor: null,
      },
    ];
  });
  const debit = lines.reduce((sum, line) => sum - line.amountMinor, 0n);
  return {
    lines,
    statement: {
      id,
      fileId,
      bankAccountId: null,
      identifier: "RETURNS",
      currency: returns[0]?.currency ?? null,
      number: null,
      scope: "returns",
      from: null,
      to: null,
      openingMinor: null,
      closingMinor: null,
      chain: "unknown",
      lineCount: lines.length,
      knownCount: 0,
      creditMinor: 0n,
      debitMinor: debit,
      findings:
        lines.length < returns.length
          ? [{ code: "pending_left_out", blocks: false, values: { count: String(returns.length - lines.length) } }]
          : [],
      state: "checked",
    },
  };
}
