import { randomBytes } from "node:crypto";
import { todayIn } from "#kernel/clock.ts";
import { addMember, colleagues, type SignIn } from "#modules/access/index.ts";
import { portfolioActions } from "#modules/parties/index.ts";
import type { Actor } from "#platform/actor.ts";
import type { Services } from "#platform/services.ts";
import { portfolioPorts } from "../portfolios.ts";

/** Colleagues of the demonstration; nobody knows their passwords, so nobody signs in as them. */
const COLLEAGUES = [
  { name: "Hugo Lenoir", email: "hugo.lenoir@encours.example", role: "collector" },
  { name: "Sarah Benali", email: "sarah.benali@encours.example", role: "collector" },
  { name: "Élise Marchand", email: "elise.marchand@encours.example", role: "credit_manager" },
] as const;

/** Gives the demonstration a team with portfolios: foreign customers, the large ones, and the rest, by rules. */
export async function seedPortfolios(services: Services, signIn: SignIn, actor: Actor): Promise<void> {
  for (const { name, email, role } of COLLEAGUES) {
    const user = await signIn.createUser({
      name,
      email,
      password: randomBytes(24).toString("base64url"),
      language: "fr",
    });
    await addMember(services.db, actor.tenant, user.id, role);
  }
  const team = await services.db.global((tx) => colleagues(tx, actor.tenant));
  const idOf = (name: string) => team.find((one) => one.name === name)?.id ?? "";
  const first = team.find((one) => !COLLEAGUES.some((other) => other.name === one.name))?.id ?? "";
  const rule = (name: string, ownerId: string, criterion: string, operator: string, value: string) => ({
    name,
    ownerId,
    filter: JSON.stringify({ all: [{ criterion, operator, value }] }),
  });
  const rules = [
    rule("Étranger", idOf("Sarah Benali"), "customer.country", "is_not", "FR"),
    rule("Gros encours", first, "customer.outstanding", "at_least", "2500000"),
    rule("Autres clients qui doivent", idOf("Hugo Lenoir"), "customer.outstanding", "more", "0"),
  ];
  const today = todayIn(services.clock, actor.zone);
  await portfolioActions(portfolioPorts).saveRules(services, actor, rules, 0, today);
}
