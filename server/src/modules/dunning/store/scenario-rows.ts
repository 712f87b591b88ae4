import type { ScenarioContent } from "#contracts/dunning.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { sql, type Tx } from "#platform/database/index.ts";

export type ScenarioRow = {
  readonly scenarioId: Uuid;
  readonly key: string;
  readonly name: { readonly fr: string; readonly en?: string | undefined };
  readonly version: number;
  readonly versionNo: number;
  readonly validFrom: CalendarDate;
  readonly content: ScenarioContent;
};

const columns = sql`s.scenario_id as "scenarioId", s.key, s.name, s.version, v.version_no as "versionNo", v.valid_from as "validFrom", v.content`;

/** Every scenario with the version in force on a day, the oldest scenario first. */
export async function scenariosOn(tx: Tx, asOf: CalendarDate): Promise<ScenarioRow[]> {
  return tx.rows<ScenarioRow>(sql`
    select distinct on (s.created_at, s.scenario_id) ${columns}
    from dunning.scenario s
    join dunning.scenario_version v on v.tenant_id = s.tenant_id and v.scenario_id = s.scenario_id
    where s.tenant_id = ${tx.tenant}
    order by s.created_at, s.scenario_id, (v.valid_from <= ${asOf}) desc, case when v.valid_from <= ${asOf} then v.version_no else -v.version_no end desc`);
}

export async function scenarioVersion(tx: Tx, scenarioId: Uuid, versionNo: number): Promise<ScenarioRow | undefined> {
  return tx.maybeOne<ScenarioRow>(sql`
    select ${columns}
    from dunning.scenario s
    join dunning.scenario_version v on v.tenant_id = s.tenant_id and v.scenario_id = s.scenario_id
    where s.tenant_id = ${tx.tenant} and s.scenario_id = ${scenarioId} and v.version_no = ${versionNo}`);
}

export async function scenarioVersions(tx: Tx, scenarioId: Uuid) {
  return tx.rows<{ versionNo: number; validFrom: CalendarDate; createdAt: string; createdBy: string }>(sql`
    select version_no as "versionNo", valid_from as "validFrom", created_at as "createdAt", created_by as "createdBy"
    from dunning.scenario_version
    where tenant_id = ${tx.tenant} and scenario_id = ${scenarioId}
    order by version_no desc
    limit 200`);
}

export type NewVersion = {
  readonly scenarioId: Uuid;
  readonly versionNo: number;
  readonly validFrom: CalendarDate;
  readonly content: ScenarioContent;
  readonly knownOn: CalendarDate;
  readonly by: string;
  readonly now: string;
};

/** Adds a scenario with its first version unless its key exists; true when added. */
export async function insertScenario(tx: Tx, key: string, name: object, first: NewVersion): Promise<boolean> {
  const added = await tx.run(sql`
    insert into dunning.scenario (tenant_id, scenario_id, key, name, created_at)
    values (${tx.tenant}, ${first.scenarioId}, ${key}, ${JSON.stringify(name)}::jsonb, ${first.now})
    on conflict (tenant_id, key) do nothing`);
  if (added > 0) await insertVersion(tx, first);
  return added > 0;
}

/** Moves the aggregate's version on; false when `basedOn` is stale. */
export async function touchScenario(tx: Tx, scenarioId: Uuid, name: object | null, basedOn: number): Promise<boolean> {
  const changed = await tx.run(sql`
    update dunning.scenario set version = version + 1, name = coalesce(${name ? JSON.stringify(name) : null}::jsonb, name)
    where tenant_id = ${tx.tenant} and scenario_id = ${scenarioId} and version = ${basedOn}`);
  return changed > 0;
}

export async function insertVersion(tx: Tx, version: NewVersion): Promise<void> {
  await tx.run(sql`
    insert into dunning.scenario_version (tenant_id, scenario_id, version_no, valid_from, content, known_on, created_by, created_at)
    values (${tx.tenant}, ${version.scenarioId}, ${version.versionNo}, ${version.validFrom}, ${JSON.stringify(version.content)}::jsonb,
      ${version.knownOn}, ${version.by}, ${version.now})`);
}

export async function lastVersionNo(tx: Tx, scenarioId: Uuid): Promise<number> {
  const row = await tx.one<{ last: number }>(sql`
    select coalesce(max(version_no), 0)::int as last from dunning.scenario_version
    where tenant_id = ${tx.tenant} and scenario_id = ${scenarioId}`);
  return row.last;
}
