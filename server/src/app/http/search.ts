import { z } from "zod";
import { CriterionList, CriterionSubject } from "#contracts/criteria.ts";
import { SearchHits, SearchQuery } from "#contracts/parties.ts";
import { done } from "#kernel/result.ts";
import { colleagues } from "#modules/access/index.ts";
import { freeFieldCriteria } from "#modules/parties/index.ts";
import { criterionInfo, withUsers } from "#platform/criteria/index.ts";
import { type Route, route } from "#platform/http/index.ts";
import { CATALOGUE } from "../catalogue.ts";
import { search } from "../search.ts";

export const searchRoutes: Route[] = [
  route({
    method: "GET",
    path: "/search",
    operationId: "search",
    tag: "search",
    permission: "customers.read",
    summary: "Customers, items and contacts by any part of a name, number, e-mail or amount",
    query: SearchQuery,
    reply: SearchHits,
    handle: async ({ actor, query, services }) =>
      done({ rows: await services.db.transaction(actor.tenant, (tx) => search(tx, actor, query.q, query.limit)) }),
  }),
  route({
    method: "GET",
    path: "/criteria",
    operationId: "listCriteria",
    tag: "search",
    permission: "session.read",
    summary: "Criteria that filters and conditions may use",
    query: z.object({ subject: CriterionSubject.optional() }),
    reply: CriterionList,
    handle: async ({ actor, query, services }) => {
      const { free, users } = await services.db.transaction(actor.tenant, async (tx) => ({
        free: await freeFieldCriteria(tx),
        users: await colleagues(tx, actor.tenant),
      }));
      return done({
        rows: [...CATALOGUE.values(), ...free]
          .filter((one) => !query.subject || one.subject === query.subject)
          .map((one) => criterionInfo(withUsers(one, users))),
      });
    },
  }),
];
