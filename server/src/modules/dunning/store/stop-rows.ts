import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { sql, type Tx } from "#platform/database/index.ts";

export type StopRow = {
  readonly stopId: Uuid;
  readonly versionNo: number;
  readonly subject: "customer" | "item";
  readonly subjectId: Uuid;
  readonly reason: string;
  readonly validFrom: CalendarDate;
  readonly validTo: CalendarDate;
  readonly createdBy: string;
  readonly createdAt: string;
};

const columns = sql`stop_id as "stopId", version_no as "versionNo", subject, subject_id as "subjectId", reason, valid_from as "validFrom",
  valid_to as "validTo", created_by as "createdBy", created_at as "createdAt"`;

/** Stops in force on a day: last day by subject; one of a merged customer stops the one it was merged into. Both kinds of subject share one map, ids never meet. */
export async function stopsOn(
  tx: Tx,
  asOf: CalendarDate,
  subjectIds?: readonly Uuid[],
): Promise<Map<Uuid, CalendarDate>> {
  const only = subjectIds ? sql`and coalesce(c.merged_into, s.subject_id) = any(${[...subjectIds]}::uuid[])` : sql``;
  const rows = await tx.rows<{ subject_id: Uuid; until: CalendarDate }>(sql`
    select coalesce(c.merged_into, s.subject_id) as subject_id, max(s.valid_to) as until
    from dunning.current_stop s
    left join parties.customer c on c.tenant_id = s.tenant_id and c.customer_id = s.subject_id
    where s.tenant_id = ${tx.tenant} and s.valid_from <= ${asOf} and s.valid_to >= ${asOf} ${only}
    group by 1`);
  return new Map(rows.map((row) => [row.subject_id, row.until]));
}

export async function listStops(
  tx: Tx,
  filter: {
    subject?: string | undefined;
    subjectIds?: readonly Uuid[] | undefined;
    activeOn?: CalendarDate | undefined;
  },
): Promise<StopRow[]> {
  const conditions = [
    filter.subject ? sql`and subject = ${filter.subject}` : sql``,
    filter.subjectIds
      ? sql`and subject_id in (
          select id from unnest(${[...filter.subjectIds]}::uuid[]) as asked (id)
          union
          select customer_id from parties.customer
          where tenant_id = ${tx.tenant} and merged_into = any(${[...filter.subjectIds]}::uuid[]))`
      : sql``,
    filter.activeOn ? sql`and valid_from <= ${filter.activeOn} and valid_to >= ${filter.activeOn}` : sql``,
  ];
  return tx.rows<StopRow>(sql`
    select ${columns} from dunning.current_stop
    where tenant_id = ${tx.tenant} ${conditions[0]} ${conditions[1]} ${conditions[2]}
    order by valid_to desc, stop_id
    limit 500`);
}

export async function findStop(tx: Tx, stopId: Uuid): Promise<StopRow | undefined> {
  return tx.maybeOne<StopRow>(
    sql`select ${columns} from dunning.current_stop where tenant_id = ${tx.tenant} and stop_id = ${stopId}`,
  );
}

/** Adds a version; false when another one with that number came first. */
export async function insertStopVersion(tx: Tx, stop: StopRow, knownOn: CalendarDate): Promise<boolean> {
  const added = await tx.run(sql`
    insert into dunning.stop (tenant_id, stop_id, version_no, subject, subject_id, reason, valid_from, valid_to, known_on, created_by, created_at)
    values (${tx.tenant}, ${stop.stopId}, ${stop.versionNo}, ${stop.subject}, ${stop.subjectId}, ${stop.reason}, ${stop.validFrom},
      ${stop.validTo}, ${knownOn}, ${stop.createdBy}, ${stop.createdAt})
    on conflict (tenant_id, stop_id, version_no) do nothing`);
  return added > 0;
}
