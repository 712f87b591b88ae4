import { ListQuery } from "#contracts/lists.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import { done } from "#kernel/result.ts";
import { type PortfolioPorts, portfolioActions } from "#modules/parties/index.ts";
import { passTasks } from "#modules/tasks/index.ts";
import type { Actor } from "#platform/actor.ts";
import { withoutNestedLoops } from "#platform/database/index.ts";
import { firstMet, idsOf, prepareList, streamList } from "#platform/lists/index.ts";
import type { Services } from "#platform/services.ts";
import { LISTS, listGiven } from "./catalogue.ts";

type Load = { readonly customerId: string; readonly overdueMinor: bigint };

const OVERDUE = "customer.overdue";

/** What portfolios ask of the rooms above: the list of customers with all its criteria, and tasks. */
export const portfolioPorts: PortfolioPorts = {
  listed: async (tx, actor, list, today) => {
    const query = ListQuery.parse({ ...list, columns: ["customer.number"] });
    const prepared = await prepareList(tx, LISTS.customer, query, await listGiven(tx, today, actor.id));
    return prepared.ok ? done(idsOf(prepared.value, "customer_id")) : prepared;
  },
  firstMet: async (tx, filters, today) =>
    firstMet(tx, LISTS.customer, filters, "customer_id", await listGiven(tx, today)),
  overdueOf: async (tx, ownerId, today) => {
    const given = await listGiven(tx, today);
    const filter = JSON.stringify({ criterion: "customer.owner", operator: "is", value: ownerId });
    const query = ListQuery.parse({ filter, columns: [OVERDUE] });
    const prepared = await prepareList(tx, LISTS.customer, query, given);
    if (!prepared.ok) throw new Error(`the portfolio could not be read: ${prepared.code}`);
    const loads: Load[] = [];
    await withoutNestedLoops(tx, async () => {
      for await (const batch of streamList(prepared.value))
        for (const row of batch)
          loads.push({ customerId: row.id, overdueMinor: BigInt(String(row.values[OVERDUE] ?? 0)) });
    });
    return { currency: given.reportingCurrency, loads };
  },
  passTasks,
};

const { followRules } = portfolioActions(portfolioPorts);

/** New customers, and those whose facts changed, go to whom the rules say; what a person decided stays. */
export const followPortfolioRules = (services: Services, actor: Actor, today: CalendarDate): Promise<unknown> =>
  followRules(services, actor, today);
