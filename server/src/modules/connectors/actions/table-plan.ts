import type { ImportKind } from "#contracts/imports.ts";
import type { Encoding } from "../core/read-text.ts";
import type { ImportRecord } from "../store/import-store.ts";
import type { RowsPlan } from "../worker/protocol.ts";
import type { StoredProfile } from "./start-import.ts";

/** How to read the records of a table again, as its profile found them. */
export const tablePlan = (format: ImportRecord["format"], profile: StoredProfile, kind: ImportKind): RowsPlan =>
  format === "sage"
    ? {
        format: "parties",
        encoding: profile.encoding as Encoding,
        kind: kind === "contacts" ? "contacts" : "customers",
        headerLine: profile.headerLine,
      }
    : format === "xlsx"
      ? { format: "xlsx", headerLine: profile.headerLine }
      : {
          format: "csv",
          encoding: profile.encoding as Encoding,
          separator: profile.separator ?? ";",
          headerLine: profile.headerLine,
        };
