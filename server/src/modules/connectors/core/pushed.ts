import type { z } from "zod";
import type { PushItem, PushSettlement } from "#contracts/push.ts";
import { day } from "#kernel/calendar-date.ts";
import { currency } from "#kernel/money.ts";
import type { SourceLink, StandingItem } from "#modules/receivables/index.ts";
import type { TableDraft } from "./table/table-items.ts";

type Item = z.output<typeof PushItem>;
type Settlement = z.output<typeof PushSettlement>;

/** What settlements say of one item: its letter, and links to lay or to take away. */
export type Lettering = {
  letter?: { readonly code: string | null; readonly on: string | null; readonly year: string | null };
  readonly links: Map<string, { readonly minor: string | undefined; readonly isGone: boolean }>;
};

/** Settlements by the item that they change. The later row of a push decides. */
export function letteringOf(settlements: readonly Settlement[]): Map<string, Lettering> {
  const found = new Map<string, Lettering>();
  const of = (key: string) => {
    const known: Lettering = found.get(key) ?? { links: new Map() };
    found.set(key, known);
    return known;
  };
  for (const one of settlements) {
    if ("items" in one) {
      for (const key of one.items) of(key).letter = { code: one.letter, on: one.letteredOn, year: one.fiscalYear };
    } else of(one.credit).links.set(one.debit, { minor: one.minor, isGone: one.isGone });
  }
  return found;
}

/** A pushed item as a ledger row. What it does not say of its lettering is what stands. */
export function pushedDraft(
  item: Item,
  standing: StandingItem | undefined,
  lettering: Lettering | undefined,
  bookCurrency: string,
  line: number,
): TableDraft {
  const minor = BigInt(item.amount.minor);
  const postedOn = day(item.postedOn);
  const isOwn = item.amount.currency === bookCurrency;
  const letter = item.letter === undefined ? (standing?.letter ?? null) : item.letter;
  const isKept = item.letter === undefined;
  const letteredOn = isKept ? (standing?.letteredOn ?? null) : (item.letteredOn ?? null);
  const fiscalYear = isKept ? (standing?.fiscalYear ?? null) : (item.fiscalYear ?? null);
  const links = item.links === undefined ? (standing?.links ?? []) : item.links.map(linkOf);
  return withLettering(
    {
      controlAccount: item.controlAccount,
      auxiliary: item.auxiliary,
      accountName: item.customerName ?? item.auxiliary,
      key: item.key,
      kind: item.kind,
      journal: item.journal,
      entryNo: item.entryNo,
      side: minor < 0n ? "credit" : "debit",
      documentNo: item.documentNo,
      label: item.label,
      issuedOn: item.issuedOn === undefined ? postedOn : day(item.issuedOn),
      postedOn,
      dueOn: item.dueOn === null ? (minor < 0n ? postedOn : null) : day(item.dueOn),
      instalmentNo: item.instalmentNo,
      currency: currency(item.amount.currency),
      minor,
      bookMinor: item.bookMinor !== undefined ? BigInt(item.bookMinor) : isOwn ? minor : null,
      paymentMethod: item.paymentMethod,
      letter,
      letteredOn: letteredOn === null ? null : day(letteredOn),
      fiscalYear: fiscalYear === null ? null : day(fiscalYear),
      isOpening: item.kind === "opening",
      ...(links.length > 0 ? { links } : {}),
      ...(item.openMinor === undefined ? {} : { openMinor: BigInt(item.openMinor) }),
      line,
    },
    lettering,
  );
}

/** An item that stands, said again with another lettering. */
export const standingDraft = (standing: StandingItem, lettering: Lettering, line: number): TableDraft => {
  const { isDueEstimated, dueOn, ...row } = standing;
  return withLettering(
    { ...row, dueOn: isDueEstimated ? null : dueOn, accountName: standing.auxiliary, line },
    lettering,
  );
};

function withLettering(draft: TableDraft, lettering: Lettering | undefined): TableDraft {
  if (!lettering) return draft;
  const { letter, links } = lettering;
  const lettered = letter
    ? {
        letter: letter.code,
        letteredOn: letter.on === null ? null : day(letter.on),
        fiscalYear: letter.year === null ? null : day(letter.year),
      }
    : {};
  const kept = (draft.links ?? []).filter((link) => link.key === undefined || !links.has(link.key));
  const laid = [...links].flatMap(([key, { minor, isGone }]) =>
    isGone ? [] : [{ key, ...(minor === undefined ? {} : { minor: BigInt(minor) }) }],
  );
  const { links: _links, ...rest } = { ...draft, ...lettered };
  const all = [...kept, ...laid];
  return all.length > 0 ? { ...rest, links: all } : rest;
}

const linkOf = (link: {
  key?: string | undefined;
  documentNo?: string | undefined;
  minor?: string | undefined;
}): SourceLink => ({
  ...(link.key === undefined ? {} : { key: link.key }),
  ...(link.documentNo === undefined ? {} : { documentNo: link.documentNo }),
  ...(link.minor === undefined ? {} : { minor: BigInt(link.minor) }),
});
