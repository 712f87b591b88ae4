import type {
  CustomerOwner,
  HandOver,
  OwnersMoved,
  OwnerWrite,
  PortfolioPreview,
  PortfolioRule,
  PortfolioRules,
  PortfolioRulesSaved,
} from "#contracts/portfolios.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import { newId } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import { colleagues } from "#modules/access/index.ts";
import type { Actor } from "#platform/actor.ts";
import { type Sql, sql, type Tx } from "#platform/database/index.ts";
import { recordAll } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import { changeSetting, latestSetting, type Setting, settingOn } from "#platform/settings/index.ts";
import { type Load, spreadEvenly } from "../core/spread.ts";
import { findCustomer } from "../store/customer-store.ts";
import * as store from "../store/owner-store.ts";

/** What portfolios ask of higher rooms, which know the figures that rules filter by and the tasks of a user. */
export type PortfolioPorts = {
  /** Customers that a list shows: a query of one column `customer_id`. */
  readonly listed: (
    tx: Tx,
    actor: Actor,
    list: NonNullable<OwnerWrite["list"]>,
    today: CalendarDate,
  ) => Promise<Result<Sql, "filter_invalid">>;
  /** The first of the filters that each customer meets: a query of `customer_id` and `rule`, counted from 0, null where none is met. */
  readonly firstMet: (
    tx: Tx,
    filters: readonly string[],
    today: CalendarDate,
  ) => Promise<Result<Sql, "filter_invalid">>;
  /** Customers of a user with their overdue, in the reporting currency. */
  readonly overdueOf: (
    tx: Tx,
    ownerId: string,
    today: CalendarDate,
  ) => Promise<{ readonly currency: string; readonly loads: readonly Load[] }>;
  /** Open tasks of a user follow the owners of their customers; those without a customer go to the taker. How many. */
  readonly passTasks: (tx: Tx, actor: Actor, fromId: string, takerId: string) => Promise<number>;
};

/** The rules in force from a day on; each change is a version with its author. */
const RULES: Setting<{ name: string; ownerId: string; filter: string }[]> = { key: "portfolio.rules", shipped: [] };
const MOVES_SHOWN = 200;

type Named = (id: string | null) => string | null;
type Refusals = "invalid_request" | "not_found" | "filter_invalid" | "owner_unknown";

export function portfolioActions(ports: PortfolioPorts) {
  const inside = <T>(services: Services, actor: Actor, work: (tx: Tx) => Promise<T>) =>
    services.db.transaction(actor.tenant, work);

  /** Gives customers to a user by hand, or back to the rules. */
  const assign = (
    services: Services,
    actor: Actor,
    wanted: OwnerWrite,
    today: CalendarDate,
  ): Promise<Result<OwnersMoved, Refusals>> =>
    inside(services, actor, async (tx) => {
      if (wanted.ownerId !== null && !(await areActive(tx, [wanted.ownerId]))) return refuse("owner_unknown");
      const chosen = await customersOf(tx, actor, wanted, today);
      if (!chosen.ok) return chosen;
      const origin = wanted.ownerId === null ? "none" : "person";
      await store.stageMoves(
        tx,
        sql`select customer_id, ${wanted.ownerId}::text as owner_id, ${origin}::text as origin, null::text as rule_name from (${chosen.value}) x`,
      );
      return done(await move(services, tx, actor, "hand", today));
    });

  const customersOf = async (
    tx: Tx,
    actor: Actor,
    wanted: OwnerWrite,
    today: CalendarDate,
  ): Promise<Result<Sql, Refusals>> => {
    if ((wanted.list === undefined) === (wanted.customerIds === undefined))
      return refuse("invalid_request", { detail: "customerIds" });
    if (wanted.list) return ports.listed(tx, actor, wanted.list, today);
    const asked = [...new Set(wanted.customerIds ?? [])];
    const found = await store.standing(tx, asked);
    if (found.length < asked.length) return refuse("not_found");
    return done(sql`select distinct id as customer_id from unnest(${found.map((one) => one.id)}::uuid[]) as id`);
  };

  /** Takes a change back where it still stands; what was decided since stays. */
  const undo = (
    services: Services,
    actor: Actor,
    changeId: string,
    today: CalendarDate,
  ): Promise<Result<OwnersMoved, "not_found">> =>
    inside(services, actor, async (tx) => {
      const change = await store.lockChange(tx, changeId);
      if (!change) return refuse("not_found");
      if (change.isUndone) return done({ changeId: null, moved: 0 });
      await store.stageMoves(tx, store.oppositeOf(tx, changeId));
      const moved = await move(services, tx, actor, "undo", today);
      if (moved.changeId) await store.markUndone(tx, changeId, moved.changeId);
      return done(moved);
    });

  const read = (
    services: Services,
    actor: Actor,
    customerId: string,
    today: CalendarDate,
  ): Promise<CustomerOwner | undefined> =>
    inside(services, actor, async (tx) => {
      const customer = await findCustomer(tx, customerId);
      if (!customer) return undefined;
      const name = await names(tx);
      const rows = await store.ownersOf(tx, customer.id);
      const current = rows.find((row) => row.to === "infinity");
      return {
        customerId: customer.id,
        ownerId: current?.ownerId ?? null,
        ownerName: name(current?.ownerId ?? null),
        origin: current?.origin ?? "none",
        ruleName: current?.ruleName ?? null,
        since: current?.from ?? null,
        byName: current ? name(current.by) : null,
        rule: await ruleFor(tx, customer.id, name, today),
        history: rows
          .filter((row) => row.to !== "infinity")
          .map((row) => ({ ownerName: name(row.ownerId), from: row.from, to: row.to })),
      };
    });

  const ruleFor = async (tx: Tx, customerId: string, name: Named, today: CalendarDate) => {
    const rules = await rulesInForce(tx, today);
    if (rules.length === 0) return null;
    const matches = await ports.firstMet(
      tx,
      rules.map((rule) => rule.filter),
      today,
    );
    if (!matches.ok) return null;
    const met = await tx.maybeOne<{ rule: bigint | number | null }>(
      sql`select rule from (${matches.value}) m where customer_id = ${customerId}`,
    );
    const rule = met?.rule === null || met === undefined ? undefined : rules[Number(met.rule)];
    return rule ? { name: rule.name, ownerId: rule.ownerId, ownerName: name(rule.ownerId) } : null;
  };

  const readRules = (services: Services, actor: Actor): Promise<PortfolioRules> =>
    inside(services, actor, async (tx) => {
      const { value, version } = await latestSetting(tx, RULES);
      return { rules: [...value], version };
    });

  /** Saves rules from today on and applies them. Refuses filters that are none, users who are not here, and rules that rest on owners. */
  const saveRules = (
    services: Services,
    actor: Actor,
    rules: readonly PortfolioRule[],
    version: number | undefined,
    today: CalendarDate,
  ): Promise<Result<PortfolioRulesSaved, Refusals | "version_required" | "stale_version">> =>
    inside(services, actor, async (tx) => {
      if (version === undefined) return refuse("version_required");
      const fault = await check(tx, rules, today);
      if (fault) return fault;
      const value = rules.map(({ name, ownerId, filter }) => ({ name, ownerId, filter }));
      const saved = await changeSetting(tx, actor, RULES, { value, validFrom: today, basedOn: version });
      if (!saved.ok) return saved;
      const moved = await apply(services, tx, actor, today);
      return done({ rules: [...rules], version: saved.value.version, ...moved });
    });

  /** What rules would do today; nothing is written. */
  const preview = (
    services: Services,
    actor: Actor,
    rules: readonly PortfolioRule[],
    today: CalendarDate,
  ): Promise<Result<PortfolioPreview, Refusals>> =>
    inside(services, actor, async (tx) => {
      const fault = await check(tx, rules, today);
      if (fault) return fault;
      const matches = await ports.firstMet(
        tx,
        rules.map((rule) => rule.filter),
        today,
      );
      if (!matches.ok) return matches;
      await store.stageMoves(tx, store.byRules(tx, matches.value, rules));
      const sums = await store.previewSums(tx, matches.value);
      const name = await names(tx);
      const moves = await store.stagedMoves(tx, MOVES_SHOWN);
      return done({
        customers: sums.customers,
        moved: await store.countRealMoves(tx),
        byHand: sums.byHand,
        perRule: rules.map((_, index) => sums.perRule.find((one) => one.rule === index)?.count ?? 0),
        owners: sums.owners.map((one) => ({ ...one, ownerName: name(one.ownerId) })),
        moves: moves.map(({ fromId, toId, ...one }) => ({ ...one, fromName: name(fromId), toName: name(toId) })),
      });
    });

  const check = async (tx: Tx, rules: readonly PortfolioRule[], today: CalendarDate) => {
    const owners = [...new Set(rules.map((rule) => rule.ownerId))];
    if (!(await areActive(tx, owners))) return refuse("owner_unknown");
    const matches = await ports.firstMet(
      tx,
      rules.map((rule) => rule.filter),
      today,
    );
    return matches.ok ? undefined : matches;
  };

  /** Gives what nobody decided by hand to whom the rules in force say. A rule whose user has left gives nothing. */
  const apply = async (services: Services, tx: Tx, actor: Actor, today: CalendarDate): Promise<OwnersMoved> => {
    const rules = await rulesInForce(tx, today);
    const matches = await ports.firstMet(
      tx,
      rules.map((rule) => rule.filter),
      today,
    );
    // A filter over a free field that is gone: nothing moves until somebody mends the rules.
    if (!matches.ok) return { changeId: null, moved: 0 };
    await store.stageMoves(tx, store.byRules(tx, matches.value, rules));
    return move(services, tx, actor, "rules", today);
  };

  /** The rules of the night and of every load; nothing where there never were any. */
  const followRules = (services: Services, actor: Actor, today: CalendarDate): Promise<OwnersMoved> =>
    inside(services, actor, async (tx) => {
      const { version } = await latestSetting(tx, RULES);
      return version === 0 ? { changeId: null, moved: 0 } : apply(services, tx, actor, today);
    });

  /** Gives all that a user has to one taker, or spread over several by overdue. By hand: the rules leave it alone afterwards. */
  const handOver = (
    services: Services,
    actor: Actor,
    wanted: { fromId: string; takerIds: readonly string[] },
    today: CalendarDate,
  ): Promise<Result<HandOver, "owner_unknown" | "taker_is_giver">> =>
    inside(services, actor, async (tx) => {
      const takerIds = [...new Set(wanted.takerIds)];
      if (takerIds.includes(wanted.fromId)) return refuse("taker_is_giver");
      const [first] = takerIds;
      const isMember = (await colleagues(tx, tx.tenant)).some((one) => one.id === wanted.fromId);
      if (!isMember || first === undefined || !(await areActive(tx, takerIds))) return refuse("owner_unknown");
      const { currency, loads } = await ports.overdueOf(tx, wanted.fromId, today);
      const given = spreadEvenly(loads, takerIds);
      const pairs = [...given];
      await store.stageMoves(
        tx,
        sql`select customer_id, owner_id, 'person'::text as origin, null::text as rule_name
            from unnest(${pairs.map(([id]) => id)}::uuid[], ${pairs.map(([, id]) => id)}::text[]) as x (customer_id, owner_id)`,
      );
      const moved = await move(services, tx, actor, "hand_over", today);
      const name = await names(tx);
      const { value: rules } = await latestSetting(tx, RULES);
      const shares = takerIds.map((ownerId) => {
        const own = loads.filter((load) => given.get(load.customerId) === ownerId);
        const overdueMinor = String(own.reduce((sum, load) => sum + load.overdueMinor, 0n));
        return { ownerId, ownerName: name(ownerId), customers: own.length, overdueMinor };
      });
      return done({
        ...moved,
        currency,
        shares,
        tasks: await ports.passTasks(tx, actor, wanted.fromId, first),
        rules: rules.filter((rule) => rule.ownerId === wanted.fromId).length,
      });
    });

  const rulesInForce = async (tx: Tx, today: CalendarDate) => {
    const { value } = await settingOn(tx, RULES, today);
    const active = new Set((await colleagues(tx, tx.tenant)).flatMap((one) => (one.isActive ? [one.id] : [])));
    return value.filter((rule) => active.has(rule.ownerId));
  };

  return { assign, undo, read, readRules, saveRules, preview, followRules, handOver };
}

/** Makes the staged moves true and tells the journal: one event per owner, in the timeline of each customer. */
async function move(
  services: Services,
  tx: Tx,
  actor: Actor,
  reason: store.ChangeReason,
  today: CalendarDate,
): Promise<OwnersMoved> {
  const moved = await store.countStaged(tx);
  if (moved === 0) return { changeId: null, moved: 0 };
  const id = newId();
  await store.moveStaged(tx, { id, reason, by: actor.id, at: services.clock.now().toISOString(), on: today });
  const events = (await store.stagedByOwner(tx)).map(({ ownerId, origin, customerIds }) => ({
    kind: ownerId === null ? "parties.owner.released" : "parties.owner.changed",
    version: 1,
    subject: { type: "owner_change", id },
    about: customerIds.map((customerId) => ({ type: "customer", id: customerId })),
    payload: { changeId: id, reason, ownerId, origin, customers: customerIds.length },
  }));
  await recordAll(tx, actor, events);
  return { changeId: id, moved };
}

const areActive = async (tx: Tx, ids: readonly string[]): Promise<boolean> => {
  const active = new Set((await colleagues(tx, tx.tenant)).flatMap((one) => (one.isActive ? [one.id] : [])));
  return ids.every((id) => active.has(id));
};

const names = async (tx: Tx): Promise<Named> => {
  const known = new Map((await colleagues(tx, tx.tenant)).map((one) => [one.id, one.name]));
  return (id) => (id === null ? null : (known.get(id) ?? null));
};
