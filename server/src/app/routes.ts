import { accessRoutes, type SignIn } from "#modules/access/index.ts";
import { partiesRoutes } from "#modules/parties/index.ts";
import type { Route } from "#platform/http/index.ts";

/** Every operation of every room. */
export const allRoutes = (signIn: SignIn): Route[] => [...accessRoutes(signIn), ...partiesRoutes(async () => false)];
