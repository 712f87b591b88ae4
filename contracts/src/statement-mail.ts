import { z } from "zod";
import { Day, Id } from "./common.ts";
import { messageLanguage } from "./correspondence.ts";

/** A statement of what is open, as a mail to one address. */
export const StatementMailWrite = z.object({
  /** Absent: all companies. */
  companyId: Id.optional(),
  /** Today unless said; never later. */
  asOf: Day.optional(),
  recipient: z.string().min(3).max(254),
  recipientName: z.string().trim().max(120).default(""),
  language: messageLanguage,
  /** A few words of one's own above the figures. */
  note: z.string().trim().max(2_000).default(""),
});
export type StatementMailWrite = z.infer<typeof StatementMailWrite>;
