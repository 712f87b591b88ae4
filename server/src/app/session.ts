import { Session } from "#contracts/access.ts";
import { done, refuse } from "#kernel/result.ts";
import { findTenant, type SignedIn } from "#modules/access/index.ts";
import { listCompanies } from "#modules/parties/index.ts";
import type { Actor } from "#platform/actor.ts";
import { type Route, route } from "#platform/http/index.ts";

/** What the application asks first: who is here, where, what they may do. */
export const sessionRoute: Route = route({
  method: "GET",
  path: "/session",
  operationId: "getSession",
  tag: "access",
  permission: "session.read",
  summary: "Who is signed in, in which organisation, with which rights",
  reply: Session,
  handle: async ({ actor, services, today }) => {
    const { signedIn } = actor as Actor & { signedIn?: SignedIn };
    const tenant = await services.db.global((tx) => findTenant(tx, actor.tenant));
    if (!tenant) return refuse("not_found");
    const companies = await services.db.transaction(actor.tenant, (tx) => listCompanies(tx));
    const { id, name, zone, reportingCurrency, isDemo } = tenant;
    return done({
      user: signedIn
        ? { ...signedIn.user, language: actor.language }
        : { id: actor.id, name: "API", email: "", language: actor.language },
      tenant: { id, name, zone, reportingCurrency, isDemo },
      tenants: (signedIn?.tenants ?? [tenant]).map((one) => ({ id: one.id, name: one.name })),
      role: signedIn?.role ?? null,
      permissions: [...actor.permissions],
      today,
      companies: companies.map((company) => ({
        id: company.id,
        code: company.code,
        name: company.name,
        bookCurrency: company.bookCurrency,
      })),
      sandbox: true,
    });
  },
});
