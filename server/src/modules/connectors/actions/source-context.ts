import path from "node:path";
import { dayInZone } from "#kernel/calendar-date.ts";
import { currency } from "#kernel/money.ts";
import type { Actor } from "#platform/actor.ts";
import type { Services } from "#platform/services.ts";
import type { ConnectorContext } from "../connector/connector.ts";
import type { FedRow, SourceRecord } from "../store/source-store.ts";

/** What a connector is told: settings, opened secrets, its companies, today. */
export function contextOf(
  services: Services,
  actor: Actor,
  source: Pick<SourceRecord, "settings" | "secrets">,
  companies: readonly FedRow[],
): ConnectorContext {
  const now = services.clock.now();
  return {
    settings: source.settings,
    secrets: openSecrets(services, source.secrets),
    companies: companies.map((one) => ({
      companyId: one.companyId,
      code: one.companyCode,
      bookCurrency: currency(one.bookCurrency),
      part: one.part,
      reached: one.reached,
    })),
    outside: services.outside,
    inbox: path.join(services.inbox, actor.tenant),
    today: dayInZone(now, actor.zone),
    now,
  };
}

export const openSecrets = (services: Services, sealed: string | null): Record<string, string> =>
  sealed ? (JSON.parse(services.secrets.open(sealed)) as Record<string, string>) : {};

export const sealSecrets = (services: Services, secrets: Readonly<Record<string, string>>): string | null =>
  Object.keys(secrets).length > 0 ? services.secrets.seal(JSON.stringify(secrets)) : null;
