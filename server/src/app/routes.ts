import { accessRoutes, type SignIn } from "#modules/access/index.ts";
import { cashRoutes } from "#modules/cash/index.ts";
import { connectorRoutes, pushRoutes, readRoutes, sourceRoutes } from "#modules/connectors/index.ts";
import { correspondenceRoutes } from "#modules/correspondence/index.ts";
import { creditRoutes } from "#modules/credit/index.ts";
import { documentRoutes, type IdsOfSubject, type SubjectExists } from "#modules/documents/index.ts";
import { dunningRoutes } from "#modules/dunning/index.ts";
import { type ItemExists, partiesRoutes, sameCustomers } from "#modules/parties/index.ts";
import { receivablesRoutes } from "#modules/receivables/index.ts";
import { segmentRoutes } from "#modules/segments/index.ts";
import { taskRoutes } from "#modules/tasks/index.ts";
import { sql } from "#platform/database/index.ts";
import type { Route } from "#platform/http/index.ts";
import { exportRoutes } from "./http/exports.ts";
import { listExportRoutes } from "./http/list-exports.ts";
import { listRoutes } from "./http/lists.ts";
import { jobRoutes, journalRoutes, rateRoutes } from "./http/operations.ts";
import { organisationRoutes } from "./http/organisation.ts";
import { searchRoutes } from "./http/search.ts";
import { webhookRoutes } from "./http/webhooks.ts";
import { portfolioPorts } from "./portfolios.ts";
import { createDunningTasks, inspectCsv, isBatchInUse, readStatements, tellMentioned } from "./ports.ts";
import { sessionRoute } from "./session.ts";

/** Where each kind of subject lives: lower rooms ask whether one exists through this port. */
const SUBJECTS = {
  customer: sql`parties.customer where customer_id`,
  item: sql`receivables.item where item_id`,
  message: sql`correspondence.message where message_id`,
};

const subjectExists: SubjectExists = async (services, actor, subject) => {
  const place = SUBJECTS[subject.type as keyof typeof SUBJECTS];
  const row = await services.db.transaction(actor.tenant, (tx) =>
    tx.maybeOne(sql`select 1 as one from ${place} = ${subject.id} and tenant_id = ${tx.tenant}`),
  );
  return row !== undefined;
};

const idsOfSubject: IdsOfSubject = async (tx, { type, id }) => (type === "customer" ? sameCustomers(tx, id) : [id]);

const itemExists: ItemExists = (services, actor, id) => subjectExists(services, actor, { type: "item", id });

/** Every operation of every room. */
export function allRoutes(signIn: SignIn): Route[] {
  const routes = [
    sessionRoute,
    ...accessRoutes(signIn),
    ...organisationRoutes,
    ...partiesRoutes({ itemExists, tellMentioned }, portfolioPorts),
    ...receivablesRoutes({ isBatchInUse }),
    ...connectorRoutes(isBatchInUse),
    ...sourceRoutes,
    ...pushRoutes,
    ...readRoutes,
    ...creditRoutes,
    ...cashRoutes(readStatements, inspectCsv),
    ...taskRoutes,
    ...segmentRoutes,
    ...documentRoutes(subjectExists, idsOfSubject),
    ...correspondenceRoutes,
    ...dunningRoutes(createDunningTasks),
    ...searchRoutes,
    ...exportRoutes,
    ...listRoutes,
    ...rateRoutes,
    ...jobRoutes,
    ...journalRoutes,
    ...webhookRoutes,
  ];
  return [...routes, ...listExportRoutes(routes)];
}
