import type { z } from "zod";
import { AgeingBuckets, AgeingBucketsRead, Organisation, OrganisationRead } from "#contracts/platform.ts";
import { parseCurrency } from "#kernel/money.ts";
import { done, refuse } from "#kernel/result.ts";
import { AGEING_BUCKETS } from "#modules/receivables/index.ts";
import type { Actor } from "#platform/actor.ts";
import { sql, type Tx } from "#platform/database/index.ts";
import { type Route, route, withEtag } from "#platform/http/index.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import { changeSetting, latestSetting } from "#platform/settings/index.ts";

const tag = "settings";

const readTenant = (tx: Tx) =>
  tx.one<{ name: string; zone: string; reportingCurrency: string; language: "fr" | "en"; version: number }>(sql`
    select name, zone, reporting_currency as "reportingCurrency", language, version from platform.tenant
    where tenant_id = ${tx.tenant}`);

const isZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};

async function changeOrganisation(
  services: Services,
  actor: Actor,
  wanted: z.infer<typeof Organisation>,
  version: number | undefined,
) {
  if (!parseCurrency(wanted.reportingCurrency)) return refuse("unknown_currency", { value: wanted.reportingCurrency });
  if (!isZone(wanted.zone)) return refuse("invalid_request", { detail: wanted.zone });
  return services.db.transaction(actor.tenant, async (tx) => {
    const before = await readTenant(tx);
    if (version === undefined) return refuse("version_required");
    if (version !== before.version) return refuse("stale_version");
    await tx.run(sql`
      update platform.tenant
      set name = ${wanted.name}, zone = ${wanted.zone}, reporting_currency = ${wanted.reportingCurrency}, language = ${wanted.language},
        version = version + 1
      where tenant_id = ${tx.tenant}`);
    const { version: _version, ...was } = before;
    await record(tx, actor, {
      kind: "access.tenant.changed",
      version: 1,
      subject: { type: "tenant", id: tx.tenant },
      payload: { before: was, after: { ...wanted } },
    });
    return done(withEtag({ ...wanted, version: version + 1 }, version + 1));
  });
}

export const organisationRoutes: Route[] = [
  route({
    method: "GET",
    path: "/organisation",
    operationId: "getOrganisation",
    tag,
    permission: "session.read",
    summary: "Name, zone, reporting currency and language of the organisation",
    reply: OrganisationRead,
    handle: async ({ actor, services }) => {
      const tenant = await services.db.transaction(actor.tenant, readTenant);
      return done(withEtag(tenant, tenant.version));
    },
  }),
  route({
    method: "PUT",
    path: "/organisation",
    operationId: "changeOrganisation",
    tag,
    permission: "settings.write",
    summary: "Change the organisation",
    body: Organisation,
    reply: OrganisationRead,
    handle: ({ actor, body, ifMatch, services }) => changeOrganisation(services, actor, body, ifMatch),
  }),
  route({
    method: "GET",
    path: "/settings/ageing-buckets",
    operationId: "getAgeingBuckets",
    tag,
    permission: "session.read",
    summary: "Buckets of the aged balance",
    reply: AgeingBucketsRead,
    handle: async ({ actor, services }) => {
      const found = await services.db.transaction(actor.tenant, (tx) => latestSetting(tx, AGEING_BUCKETS));
      return done(withEtag({ lastDays: [...found.value], version: found.version }, found.version));
    },
  }),
  route({
    method: "PUT",
    path: "/settings/ageing-buckets",
    operationId: "changeAgeingBuckets",
    tag,
    permission: "settings.write",
    summary: "Change the buckets from today on; figures of earlier days keep theirs",
    body: AgeingBuckets,
    reply: AgeingBucketsRead,
    handle: async ({ actor, body, ifMatch, services, today }) => {
      if (ifMatch === undefined) return refuse("version_required");
      const isAscending = body.lastDays.every((last, index) => index === 0 || last > (body.lastDays[index - 1] ?? 0));
      if (!isAscending) return refuse("invalid_request", { detail: "lastDays" });
      const changed = await services.db.transaction(actor.tenant, (tx) =>
        changeSetting(tx, actor, AGEING_BUCKETS, { value: body.lastDays, validFrom: today, basedOn: ifMatch }),
      );
      return changed.ok
        ? done(withEtag({ lastDays: [...changed.value.value], version: changed.value.version }, changed.value.version))
        : changed;
    },
  }),
];
