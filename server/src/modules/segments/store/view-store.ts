import type { ViewedList, ViewWrite } from "#contracts/views.ts";
import { raw, sql, type Tx } from "#platform/database/index.ts";

export type ViewRow = {
  readonly id: string;
  readonly list: ViewedList;
  readonly name: string;
  readonly isShared: boolean;
  readonly authorId: string;
  readonly search: Record<string, string>;
  readonly isRemoved: boolean;
  readonly version: number;
};

const VIEW = sql`view_id as id, list, name, is_shared as "isShared", author_id as "authorId", search, removed_at is not null as "isRemoved", version`;

/** A person's own views of a list and those shared with everybody, by name. */
export const listViews = (tx: Tx, list: ViewedList, authorId: string) =>
  tx.rows<ViewRow>(sql`
    select ${VIEW}
    from segments.view
    where tenant_id = ${tx.tenant} and list = ${list} and removed_at is null and (is_shared or author_id = ${authorId})
    order by name, view_id`);

export const findView = (tx: Tx, id: string, lock: "lock" | "read") =>
  tx.maybeOne<ViewRow>(sql`
    select ${VIEW} from segments.view where tenant_id = ${tx.tenant} and view_id = ${id} ${raw(lock === "lock" ? "for update" : "")}`);

export const insertView = (tx: Tx, id: string, authorId: string, view: ViewWrite) =>
  tx.run(sql`
    insert into segments.view (tenant_id, view_id, list, name, author_id, is_shared, search)
    values (${tx.tenant}, ${id}, ${view.list}, ${view.name}, ${authorId}, ${view.isShared}, ${JSON.stringify(view.search)}::jsonb)`);

export const updateView = (tx: Tx, id: string, view: ViewWrite) =>
  tx.run(sql`
    update segments.view
    set name = ${view.name}, is_shared = ${view.isShared}, search = ${JSON.stringify(view.search)}::jsonb, version = version + 1
    where tenant_id = ${tx.tenant} and view_id = ${id}`);

export const setViewRemoved = (tx: Tx, id: string, at: string | null) =>
  tx.run(sql`
    update segments.view
    set removed_at = ${at}, version = version + 1
    where tenant_id = ${tx.tenant} and view_id = ${id}`);
