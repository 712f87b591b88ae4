export {
  authenticator,
  type CallerHeaders,
  createCliCaller,
  type SignedIn,
  systemActor,
} from "./actions/authenticate.ts";
export { addMember, foundTenant } from "./actions/found-tenant.ts";
export { makeApiKey } from "./actions/manage-api-keys.ts";
export { accessRoutes } from "./http.ts";
export { createSignIn, PEER_HEADER, type SignIn } from "./sign-in.ts";
export { allTenants, colleagues, findTenant, userNames } from "./store/access-store.ts";
