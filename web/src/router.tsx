import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { parseSearch, stringifySearch } from "./parts/search-state.ts";
import { Broken, NotFound, Root } from "./root.tsx";
import { Day } from "./screens/day/day.tsx";

const root = createRootRoute({ component: Root, notFoundComponent: NotFound });

type Screen = () => ReactNode;

/** One screen, fetched when first opened; `name` is its export. */
function screen<Name extends string>(path: string, load: () => Promise<Record<Name, Screen>>, name: Name) {
  const route = createRoute({ getParentRoute: () => root, path });
  return route.update({ component: lazyRouteComponent(load as () => Promise<Record<string, Screen>>, name) });
}

const routes = [
  createRoute({ getParentRoute: () => root, path: "/", component: Day }),
  screen("/customers", () => import("./screens/customers/customers.tsx"), "Customers"),
  screen("/customers/duplicates", () => import("./screens/customers/duplicates.tsx"), "Duplicates"),
  screen("/customers/portfolios", () => import("./screens/portfolios/portfolios.tsx"), "Portfolios"),
  screen("/customers/$customerId", () => import("./screens/customers/customer.tsx"), "CustomerPage"),
  screen("/customers/$customerId/group", () => import("./screens/customers/group.tsx"), "GroupPage"),
  screen("/accounts/$accountId", () => import("./screens/customers/account.tsx"), "AccountPage"),
  screen("/items", () => import("./screens/items/items.tsx"), "Items"),
  screen("/items/$itemId", () => import("./screens/items/item.tsx"), "ItemPage"),
  screen("/aged-balance", () => import("./screens/balance/balance.tsx"), "Balance"),
  screen("/bank", () => import("./screens/bank/statements.tsx"), "Statements"),
  screen("/bank/files/$fileId", () => import("./screens/bank/verdict.tsx"), "Verdict"),
  screen("/bank/columns", () => import("./screens/bank/csv-columns.tsx"), "CsvColumns"),
  screen("/bank/report", () => import("./screens/bank/report.tsx"), "Report"),
  screen("/bank/unbooked", () => import("./screens/bank/unbooked.tsx"), "Unbooked"),
  screen("/matching", () => import("./screens/matching/matching.tsx"), "Matching"),
  screen("/runs", () => import("./screens/runs/runs.tsx"), "Runs"),
  screen("/runs/$runId", () => import("./screens/runs/review.tsx"), "RunReview"),
  screen("/messages", () => import("./screens/messages/messages.tsx"), "Messages"),
  screen("/scenarios", () => import("./screens/scenarios/scenarios.tsx"), "Scenarios"),
  screen("/scenarios/$scenarioId", () => import("./screens/scenarios/scenario.tsx"), "Scenario"),
  screen("/templates", () => import("./screens/templates/templates.tsx"), "Templates"),
  screen("/templates/$templateId", () => import("./screens/templates/template.tsx"), "Template"),
  screen("/data", () => import("./screens/imports/imports.tsx"), "Imports"),
  screen("/data/sources/new", () => import("./screens/sources/new-source.tsx"), "NewSource"),
  screen("/data/sources/$sourceId", () => import("./screens/sources/source.tsx"), "SourcePage"),
  screen("/data/runs/$runId", () => import("./screens/sources/sync-run.tsx"), "SyncRunPage"),
  screen("/data/import", () => import("./screens/imports/upload.tsx"), "Upload"),
  screen("/data/import/$importId", () => import("./screens/imports/wizard.tsx"), "Wizard"),
  screen("/tasks", () => import("./screens/tasks/tasks.tsx"), "Tasks"),
  screen("/settings", () => import("./screens/settings/settings.tsx"), "Settings"),
  screen("/settings/$section", () => import("./screens/settings/settings.tsx"), "Settings"),
];

export const router = createRouter({
  routeTree: root.addChildren(routes),
  defaultPreload: "intent",
  defaultErrorComponent: Broken,
  defaultPreloadStaleTime: 30_000,
  scrollRestoration: true,
  parseSearch,
  stringifySearch,
});
