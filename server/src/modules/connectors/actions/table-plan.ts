import type { Encoding } from "../core/read-text.ts";
import type { RowsPlan } from "../worker/protocol.ts";
import type { StoredProfile } from "./start-import.ts";

/** How to read the records of a table again, as its profile found them. */
export const tablePlan = (format: "csv" | "xlsx" | "fec", profile: StoredProfile): RowsPlan =>
  format === "xlsx"
    ? { format: "xlsx", headerLine: profile.headerLine }
    : {
        format: "csv",
        encoding: profile.encoding as Encoding,
        separator: profile.separator ?? ";",
        headerLine: profile.headerLine,
      };
