import { z } from "zod";
import { Day, Id, Instant, PageQuery, pageOf } from "./common.ts";

export const TaskState = z.enum(["open", "done", "withdrawn"]);
export const Task = z.object({
  id: Id,
  /** "manual", or what made it: "match", "missing_contact", ... */
  kind: z.string(),
  title: z.string(),
  details: z.string().nullable(),
  subjectType: z.string().nullable(),
  subjectId: Id.nullable(),
  customerId: Id.nullable(),
  customerName: z.string().nullable(),
  dueOn: Day.nullable(),
  assigneeId: z.string().nullable(),
  assigneeName: z.string().nullable(),
  /** Whose portfolio the customer is in: a task without an assignee is theirs. */
  ownerId: z.string().nullable(),
  ownerName: z.string().nullable(),
  state: TaskState,
  createdBy: z.string(),
  createdAt: Instant,
  completedAt: Instant.nullable(),
  version: z.number().int(),
});
export type Task = z.infer<typeof Task>;
export const TaskPage = pageOf(Task);
export const TaskQuery = PageQuery.extend({
  state: TaskState.default("open"),
  assignee: z.enum(["me", "nobody", "anybody"]).default("anybody"),
  customerId: Id.optional(),
});
export const TaskWrite = z.object({
  title: z.string().trim().min(1).max(300),
  details: z.string().trim().max(5000).nullable().default(null),
  customerId: Id.nullable().default(null),
  dueOn: Day.nullable().default(null),
  assigneeId: z.string().max(64).nullable().default(null),
});
export type TaskWrite = z.infer<typeof TaskWrite>;
export const TaskClose = z.object({ state: z.enum(["done", "withdrawn", "open"]) });
