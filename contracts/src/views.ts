import { z } from "zod";
import { Id } from "./common.ts";

export const ViewedList = z.enum(["customers", "accounts", "items"]);
export type ViewedList = z.infer<typeof ViewedList>;

export const ViewWrite = z.object({
  list: ViewedList,
  name: z.string().trim().min(1).max(80),
  /** Seen by everybody of the organisation; changed by its author only. */
  isShared: z.boolean().default(false),
  /** The state of the list as it stands in its address. */
  search: z.record(z.string().max(40), z.string().max(4_000)).refine((search) => Object.keys(search).length <= 30),
});
export type ViewWrite = z.infer<typeof ViewWrite>;

export const View = z
  .object({
    id: Id,
    list: ViewedList,
    name: z.string(),
    isShared: z.boolean(),
    isOwn: z.boolean(),
    authorName: z.string(),
    search: z.record(z.string(), z.string()),
    version: z.number().int(),
  })
  .meta({ id: "View" });
export type View = z.infer<typeof View>;
export const ViewList = z.object({ rows: z.array(View) });
export const ViewQuery = z.object({ list: ViewedList });
