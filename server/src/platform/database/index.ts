export { default as sql, empty, join, raw, type Sql } from "sql-template-tag";
export { type CopyLines, copyLines, copyValue, type Db, type GlobalTx, openDb, type Tx } from "./db.ts";
export { migrate } from "./migrate.ts";
export { withoutNestedLoops } from "./plans.ts";
export { type RoleNames, roleNames } from "./roles.ts";
