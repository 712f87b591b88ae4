import { createHash } from "node:crypto";
import type { z } from "zod";
import {
  type ClosePush,
  type OpenPush,
  PushBalance,
  PushContact,
  PushCustomer,
  PushItem,
  PushOrder,
  PushPresent,
  type PushReport,
  PushSettlement,
} from "#contracts/push.ts";
import { pushFaultText } from "#contracts/source-faults.ts";
import { newId, type Uuid } from "#kernel/ids.ts";
import { parseCurrency } from "#kernel/money.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import { isEmail } from "#modules/parties/index.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import * as pushed from "../store/push-store.ts";
import * as runs from "../store/run-store.ts";
import * as store from "../store/source-store.ts";
import { connectorOf } from "../systems/registry.ts";

/** A run left open for so long belongs to a program that is gone: the next one takes its place. */
const FORGOTTEN_HOURS = 24;

type OpenRefusal =
  | "not_found"
  | "sync_running"
  | "source_not_pushed"
  | "source_without_company"
  | "coverage_incomplete";

/** Opens a run for pushing. A key of one source sees no other. */
export async function openPush(
  services: Services,
  actor: Actor,
  wanted: z.output<typeof OpenPush>,
): Promise<Result<{ run: runs.RunRecord; companies: store.FedRow[] }, OpenRefusal>> {
  const sourceId = wanted.sourceId ?? actor.sourceId;
  if (!sourceId || (actor.sourceId && actor.sourceId !== sourceId)) return refuse("not_found");
  const { coverage } = wanted;
  if (coverage.kind === "open_snapshot" && !coverage.asOf) return refuse("coverage_incomplete");
  if (coverage.kind === "full" && !(coverage.from && coverage.to)) return refuse("coverage_incomplete");
  return services.db.transaction(actor.tenant, async (tx) => {
    const source = await store.findSource(tx, sourceId, true);
    if (!source) return refuse("not_found");
    if (!connectorOf(source.connector)?.isPushed) return refuse("source_not_pushed");
    const companies = await store.fedCompanies(tx, sourceId);
    if (companies.length === 0) return refuse("source_without_company");
    for (const id of await runs.endForgottenRuns(tx, sourceId, FORGOTTEN_HOURS)) await pushed.dropRows(tx, id);
    await runs.endSilentRuns(tx, sourceId);
    const id = newId();
    const opened = { id, sourceId, origin: "push" as const, state: "open" as const, coverage, actor };
    if (!(await runs.insertRun(tx, opened))) return refuse("sync_running");
    await record(tx, actor, {
      kind: "connectors.run.started",
      version: 1,
      subject: { type: "sync_run", id },
      about: [{ type: "source", id: sourceId }],
      payload: { sourceId, origin: "push" },
    });
    const run = await runs.findRun(tx, id);
    return run ? done({ run, companies }) : refuse("not_found");
  });
}

type Checked = { readonly key: string; readonly company?: string | undefined; readonly row: unknown };
type Refusal = { readonly code: string; readonly key: string | null; readonly detail: string };
type Check = (row: unknown) => Checked | Refusal;

/** The rows of one kind, each checked by itself. */
const CHECKS: Readonly<Record<pushed.PushKind, Check>> = {
  customer: checked(PushCustomer, (row) => ({ key: row.number, row }), contactFault),
  contact: checked(PushContact, (row) => ({ key: `${row.customerNumber}\u001f${row.key}`, row }), contactFault),
  item: checked(
    PushItem,
    (row) => ({ key: row.key, company: row.company, row }),
    (row) => currencyFault(row.amount),
  ),
  settlement: checked(PushSettlement, (row) => ({ key: digestOf(row), company: row.company, row })),
  order: checked(
    PushOrder,
    (row) => ({ key: row.key, company: row.company, row }),
    (row) => currencyFault(row.total),
  ),
  balance: checked(PushBalance, (row) => ({
    key: `${row.controlAccount}\u001f${row.auxiliary}`,
    company: row.company,
    row,
  })),
  present: checked(PushPresent, (row) => ({ key: digestOf(row.keys), company: row.company, row })),
};

function checked<S extends z.ZodType>(
  schema: S,
  shape: (row: z.output<S>) => Checked,
  fault: (row: z.output<S>) => { code: string; detail: string } | undefined = () => undefined,
): Check {
  return (given) => {
    const parsed = schema.safeParse(given);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return {
        code: "row_invalid",
        key: keyOf(given),
        detail: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`,
      };
    }
    const wrong = fault(parsed.data);
    const found = shape(parsed.data);
    return wrong ? { ...wrong, key: found.key } : found;
  };
}

const keyOf = (row: unknown): string | null => {
  const { key, number } = (typeof row === "object" && row !== null ? row : {}) as { key?: unknown; number?: unknown };
  const named = key ?? number;
  return typeof named === "string" && named.length <= 200 ? named : null;
};

function contactFault(row: { email?: string | undefined }) {
  return row.email && !isEmail(row.email) ? { code: "invalid_email", detail: row.email.slice(0, 60) } : undefined;
}

function currencyFault(amount: { currency: string }) {
  return parseCurrency(amount.currency) ? undefined : { code: "unknown_currency", detail: amount.currency };
}

const digestOf = (value: unknown): string => createHash("sha256").update(JSON.stringify(value)).digest("base64url");

/** Keeps rows of one call. Each is taken or refused by itself; a refused one stands in the way of closing until it is sent again, right. */
export async function pushRows(
  services: Services,
  actor: Actor,
  runId: Uuid,
  kind: pushed.PushKind,
  rows: readonly unknown[],
): Promise<Result<PushReport, "not_found" | "sync_not_open">> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const found = await openRun(tx, actor, runId);
    if (!found.ok) return found;
    const companies = await store.fedCompanies(tx, found.value.sourceId);
    const kept = new Map<string, pushed.PushedRow>();
    const refused: PushReport["refused"] = [];
    rows.forEach((given, index) => {
      const one = checkRow(kind, given, companies);
      if ("code" in one) {
        const text = pushFaultText(one.code, actor.language, one.detail);
        refused.push({ index, key: one.key, code: one.code, text });
        const key = one.key ?? `#${digestOf(given ?? null)}`;
        const companyId = companies[0]?.companyId ?? "";
        kept.set(`${companyId} ${key}`, { kind, companyId, key, row: "{}", isRefused: true });
      } else kept.set(`${one.companyId} ${one.key}`, one);
    });
    await pushed.keepRows(tx, runId, [...kept.values()]);
    await runs.beat(tx, runId);
    return done({ accepted: rows.length - refused.length, refused });
  });
}

function checkRow(
  kind: pushed.PushKind,
  given: unknown,
  companies: readonly store.FedRow[],
): pushed.PushedRow | Refusal {
  const one = CHECKS[kind](given);
  if ("code" in one) return one;
  const isOfAll = kind === "customer" || kind === "contact";
  const company =
    isOfAll || (one.company === undefined && companies.length === 1)
      ? companies[0]
      : companies.find((fed) => fed.companyCode === one.company);
  if (!company) return { code: "company_not_fed", key: one.key, detail: one.company ?? "" };
  return { kind, companyId: company.companyId, key: one.key, row: JSON.stringify(one.row), isRefused: false };
}

/** An open run that the caller may push to; a key of another source does not see it. */
async function openRun(
  tx: Tx,
  actor: Actor,
  runId: Uuid,
  lock = false,
): Promise<Result<runs.RunRecord, "not_found" | "sync_not_open">> {
  const run = await runs.findRun(tx, runId, lock);
  if (!run || (actor.sourceId && actor.sourceId !== run.sourceId)) return refuse("not_found");
  return run.state === "open" ? done(run) : refuse("sync_not_open");
}

/** Hands the run to a worker, which applies what was pushed. Refused while rows that were refused stand in the way. */
export async function closePush(
  services: Services,
  actor: Actor,
  runId: Uuid,
  closing: ClosePush,
): Promise<Result<runs.RunRecord, "not_found" | "sync_not_open" | "pushed_rows_refused">> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const found = await openRun(tx, actor, runId, true);
    if (!found.ok) return found;
    const run = found.value;
    const counts = await pushed.countRows(tx, runId);
    const refused = counts.reduce((sum, one) => sum + one.refused, 0);
    const readsAbsence = run.coverage?.kind !== "movements" || counts.some((one) => one.kind === "present");
    if (refused > 0 && (readsAbsence || !closing.skipRefused)) return refuse("pushed_rows_refused", { count: refused });
    await runs.closeRun(tx, runId, closing);
    await services.jobs.enqueue(tx, "connectors.sync", { runId, actorId: actor.id, actorKind: actor.kind });
    const after = await runs.findRun(tx, runId);
    return after ? done(after) : refuse("not_found");
  });
}

/** Throws away what was pushed; nothing of it was ever applied. */
export async function abandonPush(
  services: Services,
  actor: Actor,
  runId: Uuid,
): Promise<Result<Record<string, never>, "not_found" | "sync_not_open">> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const found = await openRun(tx, actor, runId, true);
    if (!found.ok) return found;
    await runs.endRun(tx, runId, { state: "abandoned", report: null, fault: null });
    await pushed.dropRows(tx, runId);
    await record(tx, actor, {
      kind: "connectors.run.abandoned",
      version: 1,
      subject: { type: "sync_run", id: runId },
      about: [{ type: "source", id: found.value.sourceId }],
      payload: { sourceId: found.value.sourceId },
    });
    return done({});
  });
}
