import { z } from "zod";
import {
  BankLine,
  BankLineDetail,
  BankLinePage,
  BankLineQuery,
  BookItem,
  CashReport,
  CashReportQuery,
  LineApply,
  LineAside,
  LineReject,
  LineTargetList,
  LineTargetQuery,
  LineUndo,
  MatchingSettings,
  MatchingSettingsDetail,
  MatchRun,
  UnbookedPage,
  UnbookedQuery,
} from "#contracts/cash.ts";
import { Day, Id } from "#contracts/common.ts";
import { addDays, day, daysBetween } from "#kernel/calendar-date.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import {
  cutPage,
  EXACT_TOTAL,
  isRefused,
  type Route,
  readCursor,
  route,
  totalOf,
  versioned,
  withEtag,
} from "#platform/http/index.ts";
import type { Services } from "#platform/services.ts";
import { changeMatching, matchingOf } from "./actions/matching-settings.ts";
import { findTargets, showLineDetail, showLines } from "./actions/read-lines.ts";
import { rejectPayment } from "./actions/reject-payment.ts";
import { bookItem } from "./actions/review-bookings.ts";
import { applyLine, setLineAside, undoLine } from "./actions/work-line.ts";
import { matchCash } from "./jobs.ts";
import { countLines, findLine, type LineRow, listLines } from "./store/line-rows.ts";
import {
  appliedAmounts,
  countAutomation,
  countUnbooked,
  countWaiting,
  listUnbooked,
  reliabilityOf,
} from "./store/report-rows.ts";

const tag = "cash";
const lineParams = z.object({ bankLineId: Id });
const itemParams = z.object({ itemId: Id });
const REPORT_DAYS = 30;
const BANDS = [0, 5_000, 7_500, 9_000, 9_500, 9_900, 9_990, 10_001];

/** A worked line as the API shows it, with its new version. */
async function worked(services: Services, actor: Actor, result: Result<LineRow>) {
  if (!result.ok) return result;
  const [shown] = await services.db.transaction(actor.tenant, (tx) => showLines(services, actor, tx, [result.value]));
  return shown ? versioned(done(shown)) : refuse("not_found");
}

const rateBp = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((part * 10_000) / whole);

const readRoutes: Route[] = [
  route({
    method: "GET",
    path: "/bank-lines",
    operationId: "listBankLines",
    tag,
    permission: "cash.read",
    summary: "Bank lines with their proposals, oldest first",
    query: BankLineQuery,
    reply: BankLinePage,
    handle: async ({ actor, query, services }) => {
      const after = readCursor(query.cursor, [Day, Id]);
      if (isRefused(after)) return after;
      return services.db.transaction(actor.tenant, async (tx) => {
        const found = await listLines(tx, query, { limit: query.limit + 1, after });
        const count = await countLines(tx, query, EXACT_TOTAL);
        const { rows, next } = cutPage(found, query.limit, (line) => [line.bookedOn, line.id]);
        return done({ rows: await showLines(services, actor, tx, rows), next, total: totalOf(count) });
      });
    },
  }),
  route({
    method: "GET",
    path: "/bank-lines/:bankLineId",
    operationId: "getBankLine",
    tag,
    permission: "cash.read",
    summary:
      "One bank line: proposals with their reasons, what was applied, and for a return the payments it may cancel",
    params: lineParams,
    reply: BankLineDetail,
    handle: async ({ actor, params, services }) =>
      services.db.transaction(actor.tenant, async (tx) => {
        const line = await findLine(tx, params.bankLineId);
        if (!line) return refuse("not_found");
        return done(withEtag(await showLineDetail(services, actor, tx, line), line.version));
      }),
  }),
  route({
    method: "GET",
    path: "/bank-lines/:bankLineId/targets",
    operationId: "findLineTargets",
    tag,
    permission: "cash.read",
    summary: "Open items and customers that a line may be applied to, by words",
    params: lineParams,
    query: LineTargetQuery,
    reply: LineTargetList,
    handle: async ({ actor, params, query, services, today }) =>
      services.db.transaction(actor.tenant, async (tx) => {
        const line = await findLine(tx, params.bankLineId);
        return line ? done(await findTargets(tx, line, query.search, today)) : refuse("not_found");
      }),
  }),
];

const workRoutes: Route[] = [
  route({
    method: "POST",
    path: "/bank-lines/match",
    operationId: "matchBankLines",
    tag,
    permission: "cash.post",
    summary: "Propose all waiting lines anew, post those that reach the threshold",
    reply: MatchRun,
    handle: async ({ actor, services }) => done(await matchCash(services, { id: actor.tenant, zone: actor.zone })),
  }),
  route({
    method: "POST",
    path: "/bank-lines/:bankLineId/apply",
    operationId: "applyBankLine",
    tag,
    permission: "cash.post",
    summary: "Apply a receipt: a proposal, or items with amounts; what is left stays on account",
    params: lineParams,
    body: LineApply,
    reply: BankLine,
    handle: async ({ actor, params, body, ifMatch, services, today }) =>
      worked(services, actor, await applyLine(services, actor, params.bankLineId, body, today, ifMatch)),
  }),
  route({
    method: "POST",
    path: "/bank-lines/:bankLineId/reject",
    operationId: "rejectPayment",
    tag,
    permission: "cash.post",
    summary: "Say which payment a return cancels: what it had settled is due again at its own date",
    params: lineParams,
    body: LineReject,
    reply: BankLine,
    handle: async ({ actor, params, body, ifMatch, services, today }) =>
      worked(services, actor, await rejectPayment(services, actor, params.bankLineId, body, today, ifMatch)),
  }),
  route({
    method: "POST",
    path: "/bank-lines/:bankLineId/undo",
    operationId: "undoBankLine",
    tag,
    permission: "cash.post",
    summary: "Undo what was applied or rejected, by opposite lines; the line waits again",
    params: lineParams,
    body: LineUndo,
    reply: BankLine,
    handle: async ({ actor, params, body, ifMatch, services, today }) =>
      worked(services, actor, await undoLine(services, actor, params.bankLineId, body.reason, today, ifMatch)),
  }),
  route({
    method: "PUT",
    path: "/bank-lines/:bankLineId/aside",
    operationId: "setLineAside",
    tag,
    permission: "cash.post",
    summary: "Set a line aside that is none of the customers’ ledger, or take it up again",
    params: lineParams,
    body: LineAside,
    reply: BankLine,
    handle: async ({ actor, params, body, ifMatch, services }) =>
      worked(services, actor, await setLineAside(services, actor, params.bankLineId, body, ifMatch)),
  }),
];

const reportRoutes: Route[] = [
  route({
    method: "GET",
    path: "/cash-report",
    operationId: "getCashReport",
    tag,
    permission: "cash.read",
    summary: "Automation: payment rate and line rate apart, precision against later corrections, reliability",
    query: CashReportQuery,
    reply: CashReport,
    handle: async ({ actor, query, services, today }) => {
      const to = query.to ? day(query.to) : today;
      const from = query.from ? day(query.from) : addDays(to, 1 - REPORT_DAYS);
      const period = { from, to, companyId: query.companyId };
      return services.db.transaction(actor.tenant, async (tx) => {
        const applied = await countAutomation(tx, period);
        const waiting = await countWaiting(tx, period);
        // what still waits was not done by rule either
        const count = {
          ...applied,
          payments: applied.payments + waiting.receipts,
          lines: applied.lines + waiting.lines,
        };
        const amounts = await appliedAmounts(tx, period);
        const reliability = await reliabilityOf(tx, period, BANDS);
        return done({
          from,
          to,
          payments: count.payments,
          paymentsByRule: count.byRule,
          paymentRateBp: rateBp(count.byRule, count.payments),
          lines: count.lines,
          linesByRule: count.linesByRule,
          lineRateBp: rateBp(count.linesByRule, count.lines),
          corrected: count.corrected,
          precisionBp: rateBp(count.rules - count.corrected, count.rules),
          waiting: waiting.all,
          amounts: amounts.map(({ currency, applied, byRule }) => ({
            applied: { minor: String(applied), currency },
            byRule: { minor: String(byRule), currency },
          })),
          reliability: reliability.map(({ band, count: seen, stated, right }) => ({
            fromBp: BANDS[band - 1] ?? 0,
            toBp: Math.min(BANDS[band] ?? 10_000, 10_000),
            count: seen,
            statedBp: stated,
            rightBp: right,
          })),
        });
      });
    },
  }),
  route({
    method: "GET",
    path: "/unbooked-items",
    operationId: "listUnbookedItems",
    tag,
    permission: "cash.read",
    summary: "What was known here first and no booking has taken over: a difference after 30 days",
    query: UnbookedQuery,
    reply: UnbookedPage,
    handle: async ({ actor, query, services, today }) => {
      const after = readCursor(query.cursor, [Day, Id]);
      if (isRefused(after)) return after;
      const filter = { asOf: today, olderThanDays: query.olderThanDays, companyId: query.companyId };
      const { found, count } = await services.db.transaction(actor.tenant, async (tx) => ({
        found: await listUnbooked(tx, filter, { limit: query.limit + 1, after }),
        count: await countUnbooked(tx, filter, EXACT_TOTAL),
      }));
      const { rows, next } = cutPage(found, query.limit, (row) => [row.postedOn, row.itemId]);
      return done({
        rows: rows.map(({ minor, currency, ...row }) => ({
          ...row,
          days: daysBetween(row.postedOn, today),
          amount: { minor: String(minor), currency },
        })),
        next,
        total: totalOf(count),
      });
    },
  }),
  route({
    method: "POST",
    path: "/unbooked-items/:itemId/book",
    operationId: "bookItem",
    tag,
    permission: "cash.post",
    summary: "Name the ledger item that books what was known here first, where several could",
    params: itemParams,
    body: BookItem,
    reply: z.object({ itemId: Id }),
    handle: ({ actor, params, body, services, today }) =>
      bookItem(services, actor, params.itemId, body.ledgerItemId, today),
  }),
  route({
    method: "GET",
    path: "/settings/matching",
    operationId: "getMatchingSettings",
    tag,
    permission: "settings.read",
    summary: "When receipts are applied without a person, and what is let go of",
    reply: MatchingSettingsDetail,
    handle: async ({ actor, services }) => {
      const { version, value } = await services.db.transaction(actor.tenant, matchingOf);
      return done(withEtag({ ...value, version }, version));
    },
  }),
  route({
    method: "PUT",
    path: "/settings/matching",
    operationId: "changeMatchingSettings",
    tag,
    permission: "settings.write",
    summary: "Change the rules of matching, as a new version",
    body: MatchingSettings,
    reply: MatchingSettingsDetail,
    handle: async ({ actor, body, ifMatch, services, today }) => {
      const changed = await changeMatching(services, actor, body, today, ifMatch);
      return changed.ok
        ? done(withEtag({ ...changed.value.value, version: changed.value.version }, changed.value.version))
        : changed;
    },
  }),
];

/** Lines, what is done with them, and what came of it. */
export const lineRoutes: Route[] = [...readRoutes, ...workRoutes, ...reportRoutes];
