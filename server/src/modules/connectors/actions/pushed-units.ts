import type { z } from "zod";
import type {
  ClosePush,
  PushBalance,
  PushContact,
  PushCustomer,
  PushItem,
  PushOrder,
  PushPresent,
  PushSettlement,
} from "#contracts/push.ts";
import { day } from "#kernel/calendar-date.ts";
import { currency } from "#kernel/money.ts";
import type { SourceOrder } from "#modules/credit/index.ts";
import { type Coverage, type StandingItem, standingItems } from "#modules/receivables/index.ts";
import type { Actor } from "#platform/actor.ts";
import type { JsonValue } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import type { SyncUnit } from "../connector/spool.ts";
import { type Fault, FileRefused } from "../core/fault.ts";
import { type Lettering, letteringOf, pushedDraft, standingDraft } from "../core/pushed.ts";
import type { TableDraft } from "../core/table/table-items.ts";
import * as pushed from "../store/push-store.ts";
import type { RunRecord, StoredCoverage } from "../store/run-store.ts";
import type { FedRow } from "../store/source-store.ts";

const PAGE = 2_000;
const MOST_SETTLEMENTS = 200_000;

type Given = { services: Services; actor: Actor; run: RunRecord; closing: ClosePush; fed: FedRow };

/** What was pushed for a company, read page by page as often as it is asked for. */
export async function pushedUnit(given: Given): Promise<SyncUnit> {
  const { services, actor, run, closing, fed } = given;
  const counts = await services.db.transaction(actor.tenant, (tx) => pushed.countRows(tx, run.id));
  const has = (kind: pushed.PushKind) =>
    counts.some((one) => one.companyId === fed.companyId && one.kind === kind && one.rows > one.refused);
  const pages = <T>(kind: pushed.PushKind) => pagesOf<T>(given, kind);
  const reached = closing.reached[fed.companyCode] as JsonValue | undefined;
  const unknown: Fault[] = [];
  const lettering = letteringOf(await settlementsOf(given));
  return {
    companyId: fed.companyId,
    end: {
      coverage: coverageOf(run.coverage),
      hasAllOrders: closing.hasAllOrders,
      settlesLeftovers: closing.settlesLeftovers,
      ...(reached === undefined ? {} : { reached }),
    },
    customers: () => pages<z.output<typeof PushCustomer>>("customer"),
    contacts: () => pages<z.output<typeof PushContact>>("contact"),
    items: () => drafts(given, lettering, unknown),
    orders: () => orders(pages<z.output<typeof PushOrder>>("order")),
    balances: () => balances(pages<z.output<typeof PushBalance>>("balance")),
    present: () => keys(pages<z.output<typeof PushPresent>>("present")),
    namesItsKeys: has("present"),
    statesBalances: has("balance"),
    bringsOrders: has("order") || closing.hasAllOrders,
    refusedRows: counts.reduce((sum, one) => sum + (one.companyId === fed.companyId ? one.refused : 0), 0),
    refused: unknown,
  };
}

function coverageOf(stored: StoredCoverage | null): Coverage {
  if (stored?.kind === "open_snapshot" && stored.asOf) return { kind: "open_snapshot", asOf: day(stored.asOf) };
  if (stored?.kind === "full" && stored.from && stored.to)
    return { kind: "full", from: day(stored.from), to: day(stored.to) };
  return { kind: "movements" };
}

async function* pagesOf<T>({ services, actor, run, fed }: Given, kind: pushed.PushKind): AsyncGenerator<readonly T[]> {
  for (let after: string | null = null; ; ) {
    const from = { runId: run.id, kind, companyId: fed.companyId, after, limit: PAGE };
    const rows: { key: string; row: unknown }[] = await services.db.transaction(actor.tenant, (tx) =>
      pushed.pageOfRows(tx, from),
    );
    if (rows.length > 0) yield rows.map((one) => one.row as T);
    if (rows.length < PAGE) return;
    after = rows.at(-1)?.key ?? null;
  }
}

async function settlementsOf(given: Given): Promise<z.output<typeof PushSettlement>[]> {
  const all: z.output<typeof PushSettlement>[] = [];
  for await (const rows of pagesOf<z.output<typeof PushSettlement>>(given, "settlement")) {
    all.push(...rows);
    if (all.length > MOST_SETTLEMENTS) throw new FileRefused("file_too_complex", all.length);
  }
  return all;
}

/** Pushed items with what settlements say of them, then items of earlier runs that settlements name. */
async function* drafts(
  given: Given,
  lettering: ReadonlyMap<string, Lettering>,
  unknown: Fault[],
): AsyncGenerator<TableDraft[]> {
  const rest = new Map(lettering);
  let line = 0;
  for await (const items of pagesOf<z.output<typeof PushItem>>(given, "item")) {
    const silent = items.filter((item) => item.letter === undefined || item.links === undefined);
    const standing = await standingByKey(
      given,
      silent.map((item) => item.key),
    );
    yield items.map((item) => {
      line += 1;
      const own = rest.get(item.key);
      rest.delete(item.key);
      return pushedDraft(item, standing.get(item.key), own, given.fed.bookCurrency, line);
    });
  }
  unknown.length = 0;
  const named = [...rest.keys()];
  for (let at = 0; at < named.length; at += PAGE) {
    const some = named.slice(at, at + PAGE);
    const standing = await standingByKey(given, some);
    const again: TableDraft[] = [];
    for (const key of some) {
      line += 1;
      const item = standing.get(key);
      const own = rest.get(key);
      if (item && own) again.push(standingDraft(item, own, line));
      else unknown.push({ code: "settlement_unknown_item", line: 0, value: key });
    }
    if (again.length > 0) yield again;
  }
}

async function standingByKey(
  { services, actor, fed }: Given,
  keys: readonly string[],
): Promise<Map<string, StandingItem>> {
  const found = await services.db.transaction(actor.tenant, (tx) => standingItems(tx, fed.ledgerSourceId, keys));
  return new Map(found.map((item) => [item.key, item]));
}

async function* orders(pages: AsyncIterable<readonly z.output<typeof PushOrder>[]>): AsyncGenerator<SourceOrder[]> {
  for await (const rows of pages)
    yield rows.map((row) => ({
      key: row.key,
      customerNumber: row.customerNumber,
      number: row.number,
      orderedOn: day(row.orderedOn),
      expectedOn: row.expectedOn === null ? null : day(row.expectedOn),
      currency: currency(row.total.currency),
      totalMinor: BigInt(row.total.minor),
      openMinor: BigInt(row.openMinor ?? row.total.minor),
    }));
}

async function* balances(pages: AsyncIterable<readonly z.output<typeof PushBalance>[]>) {
  for await (const rows of pages)
    yield rows.map((row) => ({
      controlAccount: row.controlAccount,
      auxiliary: row.auxiliary,
      balanceMinor: BigInt(row.minor),
    }));
}

async function* keys(pages: AsyncIterable<readonly z.output<typeof PushPresent>[]>): AsyncGenerator<readonly string[]> {
  for await (const rows of pages) for (const row of rows) yield row.keys;
}
