import type { z } from "zod";
import type { BankLine, BankLineDetail, LineTargetList, MatchCandidate, ReturnCandidate } from "#contracts/cash.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import { fold } from "#kernel/text.ts";
import { userNames } from "#modules/access/index.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import type { Services } from "#platform/services.ts";
import { plainNumber } from "../core/references.ts";
import { meaningOf } from "../core/return-reasons.ts";
import type { LineRow } from "../store/line-rows.ts";
import { type NamedAccount, type NamedItem, nameAccounts, nameItems } from "../store/proposal-rows.ts";
import { searchAccounts, searchItems } from "../store/target-rows.ts";
import { returnCandidates } from "./reject-payment.ts";

type Shown = z.input<typeof BankLine>;
type Names = {
  readonly items: ReadonlyMap<string, NamedItem>;
  readonly accounts: ReadonlyMap<string, NamedAccount>;
  readonly users: ReadonlyMap<string, string>;
};

const money = (minor: bigint | string, currency: string) => ({ minor: String(minor), currency });

/** Lines as the API shows them: items, customers and people named, in as many queries as there are kinds of names. */
export async function showLines(
  services: Pick<Services, "db">,
  actor: Actor,
  tx: Tx,
  lines: readonly LineRow[],
): Promise<Shown[]> {
  const parts = lines.flatMap((line) => [
    ...(line.candidates ?? []).flatMap((one) => one.parts),
    ...(line.application?.parts ?? []),
  ]);
  const accounts = new Set([
    ...parts.map((part) => part.accountId),
    ...lines.flatMap((line) => (line.candidates ?? []).flatMap((one) => one.unapplied?.accountId ?? [])),
  ]);
  const names: Names = {
    items: new Map(
      (await nameItems(tx, [...new Set(parts.map((part) => part.itemId))])).map((one) => [one.itemId, one]),
    ),
    accounts: new Map((await nameAccounts(tx, [...accounts])).map((one) => [one.accountId, one])),
    users: lines.some((line) => line.application)
      ? await services.db.global((global) => userNames(global, actor.tenant))
      : new Map(),
  };
  return lines.map((line) => showLine(line, names));
}

function showLine(line: LineRow, names: Names): Shown {
  const { application } = line;
  const isReturn = line.side === "return";
  return {
    id: line.id,
    statementId: line.statementId,
    companyId: line.companyId,
    companyCode: line.companyCode,
    accountName: line.accountName,
    state: line.state as Shown["state"],
    side: line.side,
    kind: line.kind,
    bookedOn: line.bookedOn,
    valueOn: line.valueOn,
    amount: money(line.amountMinor, line.currency),
    text: line.text,
    payerName: line.payerName,
    payerIbanTail: line.payerIbanTail,
    endToEndId: line.endToEndId,
    mandateId: line.mandateId,
    creditorReference: line.creditorReference,
    returnReason: isReturn ? { code: line.reasonCode, ...meaningOf(line.reasonCode, line.reasonText) } : null,
    fee: line.feeMinor === null ? null : money(line.feeMinor, line.currency),
    setAsideReason: line.setAsideReason,
    probabilityBp: line.probabilityBp,
    whyNot: line.state === "waiting" ? line.whyNot : null,
    candidates: (line.candidates ?? []).map((one) => showCandidate(one, line.currency, names)),
    application: application && {
      id: application.id,
      kind: application.kind,
      origin: application.origin,
      appliedBy: application.appliedBy,
      appliedByName: names.users.get(application.appliedBy) ?? null,
      appliedAt: application.appliedAt,
      probabilityBp: application.probabilityBp,
      parts: application.parts.map((part) => showPart(part, line.currency, names)),
      items: application.items.map(({ itemId, role, minor }) => ({
        itemId,
        role,
        amount: money(minor, line.currency),
      })),
    },
    version: line.version,
  };
}

type StoredCandidate = NonNullable<LineRow["candidates"]>[number];

function showCandidate(one: StoredCandidate, currency: string, names: Names): z.input<typeof MatchCandidate> {
  const account = one.unapplied ? names.accounts.get(one.unapplied.accountId) : undefined;
  return {
    method: one.method,
    probabilityBp: one.probabilityBp,
    parts: one.parts.map((part) => showPart(part, currency, names)),
    adjustments: one.adjustments.map(({ kind, minor }) => ({
      kind: kind as "discount",
      amount: money(minor, currency),
    })),
    onAccount: one.unapplied && {
      accountId: one.unapplied.accountId,
      customerId: account?.customerId ?? null,
      customerName: account?.customerName ?? null,
      amount: money(one.unapplied.minor, currency),
    },
    reasons: one.reasons.map((reason) => ({ ...reason })),
  };
}

function showPart(part: { itemId: string; accountId: string; minor: string }, currency: string, names: Names) {
  const item = names.items.get(part.itemId);
  const account = names.accounts.get(part.accountId);
  return {
    itemId: part.itemId,
    accountId: part.accountId,
    customerId: account?.customerId ?? null,
    customerName: account?.customerName ?? null,
    documentNo: item?.documentNo ?? null,
    dueOn: item?.dueOn ?? null,
    amount: money(part.minor, currency),
    open: item ? money(item.openMinor, currency) : null,
  };
}

/** One line with, for a return, the payments that it may cancel. */
export async function showLineDetail(
  services: Pick<Services, "db">,
  actor: Actor,
  tx: Tx,
  line: LineRow,
): Promise<z.input<typeof BankLineDetail>> {
  const [shown] = await showLines(services, actor, tx, [line]);
  if (!shown) throw new Error("a line lost its names");
  const returns = line.side === "return" && line.state === "waiting" ? await returnCandidates(tx, line) : [];
  return {
    ...shown,
    returnCandidates: returns.map(
      ({ payment, probabilityBp, reasons }): z.input<typeof ReturnCandidate> => ({
        paymentId: payment.itemId,
        companyCode: payment.companyCode,
        customerId: payment.customerId,
        customerName: payment.customerName,
        paidOn: payment.on,
        amount: money(payment.minor, line.currency),
        probabilityBp,
        reasons: reasons.map((reason) => ({ ...reason })),
      }),
    ),
  };
}

/** Open items that a person may choose for a line, and customers to leave money on account of. */
export async function findTargets(
  tx: Tx,
  line: LineRow,
  words: string,
  asOf: CalendarDate,
): Promise<z.input<typeof LineTargetList>> {
  if (!line.companyId) return { rows: [], accounts: [] };
  const search = {
    companyId: line.companyId,
    currency: line.currency,
    folded: fold(words),
    plain: plainNumber(words) || "?",
  };
  const accounts = await searchAccounts(tx, search);
  const items = await searchItems(
    tx,
    search,
    accounts.map((one) => one.accountId),
    asOf,
  );
  return {
    accounts,
    rows: items.map(({ currency, originalMinor, openMinor, ...rest }) => ({
      ...rest,
      amount: money(originalMinor, currency),
      open: money(openMinor, currency),
    })),
  };
}
