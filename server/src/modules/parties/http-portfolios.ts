import { z } from "zod";
import { Id } from "#contracts/common.ts";
import {
  ColleagueList,
  CustomerOwner,
  HandOver,
  HandOverWrite,
  OwnersMoved,
  OwnerWrite,
  PortfolioPreview,
  PortfolioRules,
  PortfolioRulesSaved,
  PortfolioRulesWrite,
} from "#contracts/portfolios.ts";
import { done, refuse } from "#kernel/result.ts";
import { colleagues } from "#modules/access/index.ts";
import { type Route, route, versioned, withEtag } from "#platform/http/index.ts";
import { type PortfolioPorts, portfolioActions } from "./actions/manage-portfolios.ts";

const tag = "portfolios";
const write = "portfolios.write" as const;

/** Who follows which customer: by hand, by rules, by handing over. */
export function portfolioRoutes(ports: PortfolioPorts): Route[] {
  const actions = portfolioActions(ports);
  return [
    route({
      method: "GET",
      path: "/colleagues",
      operationId: "listColleagues",
      tag,
      permission: "session.read",
      summary: "Names of the organisation’s users: to choose an owner, an assignee, whom to mention",
      reply: ColleagueList,
      handle: async ({ actor, services }) =>
        done({ rows: await services.db.global((tx) => colleagues(tx, actor.tenant)) }),
    }),
    route({
      method: "GET",
      path: "/customers/:customerId/owner",
      operationId: "getCustomerOwner",
      tag,
      permission: "customers.read",
      summary: "Whose portfolio a customer is in, since when and why, and what the rules say",
      params: z.object({ customerId: Id }),
      reply: CustomerOwner,
      handle: async ({ actor, params, services, today }) => {
        const owner = await actions.read(services, actor, params.customerId, today);
        return owner ? done(owner) : refuse("not_found");
      },
    }),
    route({
      method: "PUT",
      path: "/portfolio/owners",
      operationId: "assignCustomers",
      tag,
      permission: write,
      summary: "Give customers to a user, named ones or all that a list shows; or back to the rules",
      body: OwnerWrite,
      reply: OwnersMoved,
      handle: ({ actor, body, services, today }) => actions.assign(services, actor, body, today),
    }),
    route({
      method: "POST",
      path: "/portfolio/changes/:ownerChangeId/undo",
      operationId: "undoOwnerChange",
      tag,
      permission: write,
      summary: "Take a change of owners back where it still stands",
      params: z.object({ ownerChangeId: Id }),
      reply: OwnersMoved,
      handle: ({ actor, params, services, today }) => actions.undo(services, actor, params.ownerChangeId, today),
    }),
    route({
      method: "GET",
      path: "/portfolio/rules",
      operationId: "getPortfolioRules",
      tag,
      permission: "customers.read",
      summary: "The rules that give customers to users; the first that a customer meets counts",
      reply: PortfolioRules,
      handle: async ({ actor, services }) => {
        const rules = await actions.readRules(services, actor);
        return done(withEtag(rules, rules.version));
      },
    }),
    route({
      method: "PUT",
      path: "/portfolio/rules",
      operationId: "savePortfolioRules",
      tag,
      permission: write,
      summary: "Save the rules from today on and apply them to what nobody decided by hand",
      body: PortfolioRulesWrite,
      reply: PortfolioRulesSaved,
      handle: async ({ actor, body, ifMatch, services, today }) =>
        versioned(await actions.saveRules(services, actor, body.rules, ifMatch, today)),
    }),
    route({
      method: "POST",
      path: "/portfolio/preview",
      operationId: "previewPortfolioRules",
      tag,
      permission: write,
      summary: "What rules would move today; nothing is written",
      body: PortfolioRulesWrite,
      reply: PortfolioPreview,
      handle: ({ actor, body, services, today }) => actions.preview(services, actor, body.rules, today),
    }),
    route({
      method: "POST",
      path: "/portfolio/hand-over",
      operationId: "handOverPortfolio",
      tag,
      permission: write,
      summary: "Give all customers and open tasks of a user to another, or spread them evenly by overdue",
      body: HandOverWrite,
      reply: HandOver,
      handle: ({ actor, body, services, today }) => actions.handOver(services, actor, body, today),
    }),
  ];
}
