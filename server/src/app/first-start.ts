import { todayIn } from "#kernel/clock.ts";
import { allTenants, foundTenant, type SignIn, systemActor } from "#modules/access/index.ts";
import type { Actor } from "#platform/actor.ts";
import type { Services } from "#platform/services.ts";
import { seedBank } from "./demo/bank.ts";
import { seedOrders } from "./demo/orders.ts";
import { seedPortfolios } from "./demo/portfolios.ts";
import { seedWorld } from "./demo/seed.ts";
import { seedSuppliers } from "./demo/suppliers.ts";
import { demoSize, makeWorld } from "./demo/world.ts";
import { refreshSearch } from "./search.ts";

export const DEMO_EMAIL = "demo@encours.example";
export const DEMO_PASSWORD = "demonstration";

/** On an empty installation: the demo company (unless ENCOURS_DEMO=0) and the first administrator. Returns lines to print. */
export async function firstStart(
  services: Services,
  signIn: SignIn,
  environment: NodeJS.ProcessEnv,
): Promise<string[]> {
  const tenants = await services.db.global(allTenants);
  const email = environment.ENCOURS_ADMIN_EMAIL;
  const password = environment.ENCOURS_ADMIN_PASSWORD;
  const wantsDemo = environment.ENCOURS_DEMO !== "0";
  if (email && password && !tenants.some((tenant) => !tenant.isDemo)) {
    const administrator = { email, name: email.split("@")[0] ?? email, password };
    const place = { zone: "Europe/Paris", reportingCurrency: "EUR", language: "fr" as const, isDemo: false };
    await foundTenant(services.db, signIn, { name: "Mon entreprise", ...place, administrator });
  }
  if (wantsDemo && !tenants.some((tenant) => tenant.isDemo)) {
    const place = { zone: "Europe/Paris", reportingCurrency: "EUR", language: "fr" as const, isDemo: true };
    const demo = await foundTenant(services.db, signIn, {
      name: "Groupe Rivoire (démonstration)",
      ...place,
      administrator: { email: DEMO_EMAIL, name: "Camille Rivoire", password: DEMO_PASSWORD },
    });
    const system = systemActor(demo, "demo");
    await fillDemo(services, system);
    await seedPortfolios(services, signIn, system);
  }
  const hasDemo = wantsDemo || tenants.some((tenant) => tenant.isDemo);
  return hasDemo ? [`Démonstration / demo sign-in: ${DEMO_EMAIL}  ${DEMO_PASSWORD}`] : [];
}

/** Two years of a made-up group, ending today. */
async function fillDemo(services: Services, actor: Actor): Promise<void> {
  const today = todayIn(services.clock, actor.zone);
  const world = makeWorld(demoSize(today));
  await seedWorld(services, actor, world, today);
  await seedOrders(services, actor, world, today);
  await seedBank(services, actor, today);
  await seedSuppliers(services, actor, today);
  await services.db.transaction(actor.tenant, refreshSearch);
}
