import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { NotFound, Root } from "./root.tsx";
import { Day } from "./screens/day/day.tsx";

const root = createRootRoute({ component: Root, notFoundComponent: NotFound });

/** One screen, fetched when first opened; `name` is its export. */
function screen<Name extends string>(path: string, load: () => Promise<Record<Name, unknown>>, name: Name) {
  return createRoute({
    getParentRoute: () => root,
    path,
    // the shape of each screen is a component without props; the loader cannot say so in one type
    component: lazyRouteComponent(load as () => Promise<Record<string, () => React.ReactNode>>, name),
  });
}

const routes = [createRoute({ getParentRoute: () => root, path: "/", component: Day })];

export const router = createRouter({
  routeTree: root.addChildren(routes),
  defaultPreload: "intent",
  defaultPreloadStaleTime: 30_000,
  scrollRestoration: true,
});
void screen;
