import { z } from "zod";
import { Day, Id } from "./common.ts";

/** A user of the organisation as everybody sees them: who may follow customers, be mentioned or given a task. */
export const Colleague = z.object({ id: z.string(), name: z.string(), isActive: z.boolean() });
export type Colleague = z.infer<typeof Colleague>;
export const ColleagueList = z.object({ rows: z.array(Colleague) });

const UserId = z.string().min(1).max(64);
const MinorUnits = z.string().regex(/^-?\d{1,19}$/);

/** Who decided: a person (the rules leave it alone), a rule, or nobody yet. */
export const OwnerOrigin = z.enum(["person", "rule", "none"]);

/** Whose portfolio a customer is in, and what the rules in force would say. */
export const CustomerOwner = z
  .object({
    customerId: Id,
    ownerId: z.string().nullable(),
    ownerName: z.string().nullable(),
    origin: OwnerOrigin,
    ruleName: z.string().nullable(),
    since: Day.nullable(),
    byName: z.string().nullable(),
    /** What the rules of today say, whatever was decided by hand. */
    rule: z.object({ name: z.string(), ownerId: z.string(), ownerName: z.string().nullable() }).nullable(),
    /** Earlier ones, newest first. */
    history: z.array(z.object({ ownerName: z.string().nullable(), from: Day, to: Day })),
  })
  .meta({ id: "CustomerOwner" });
export type CustomerOwner = z.infer<typeof CustomerOwner>;

/** All customers of a list: the same filter, text and company as the list takes. */
const ListChoice = z.object({
  filter: z.string().max(8_000).optional(),
  text: z.string().trim().max(100).optional(),
  companyId: Id.optional(),
});

/** Customers go to a user, or back to the rules (null). Either named customers, or all that a list shows: one of both. */
export const OwnerWrite = z.object({
  ownerId: UserId.nullable(),
  customerIds: z.array(Id).min(1).max(5_000).optional(),
  list: ListChoice.optional(),
});
export type OwnerWrite = z.infer<typeof OwnerWrite>;
/** `changeId` undoes it; null where nothing changed. */
export const OwnersMoved = z.object({ changeId: Id.nullable(), moved: z.number().int() });
export type OwnersMoved = z.infer<typeof OwnersMoved>;

/** The first rule whose filter a customer meets gives it to its user. `filter`: a criteria expression over customers, as JSON. */
export const PortfolioRule = z.object({
  name: z.string().trim().min(1).max(80),
  ownerId: UserId,
  filter: z.string().min(2).max(8_000),
});
export type PortfolioRule = z.infer<typeof PortfolioRule>;
export const PortfolioRulesWrite = z.object({ rules: z.array(PortfolioRule).max(100) });
export const PortfolioRules = PortfolioRulesWrite.extend({ version: z.number().int() }).meta({ id: "PortfolioRules" });
export type PortfolioRules = z.infer<typeof PortfolioRules>;
export const PortfolioRulesSaved = PortfolioRules.extend({ changeId: Id.nullable(), moved: z.number().int() });
export type PortfolioRulesSaved = z.infer<typeof PortfolioRulesSaved>;

/** What rules would do today. */
export const PortfolioPreview = z
  .object({
    customers: z.number().int(),
    /** Would change hands. */
    moved: z.number().int(),
    /** Decided by hand: rules leave them alone. */
    byHand: z.number().int(),
    /** Customers each rule gives, in the order of the rules, those by hand left out. */
    perRule: z.array(z.number().int()),
    owners: z.array(
      z.object({
        ownerId: z.string().nullable(),
        ownerName: z.string().nullable(),
        before: z.number().int(),
        after: z.number().int(),
      }),
    ),
    /** The first 200 by name. */
    moves: z.array(
      z.object({
        customerId: Id,
        number: z.string(),
        name: z.string(),
        fromName: z.string().nullable(),
        toName: z.string().nullable(),
        ruleName: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: "PortfolioPreview" });
export type PortfolioPreview = z.infer<typeof PortfolioPreview>;

/** All customers of a user go to the takers: to one, or spread so that each carries about the same overdue. */
export const HandOverWrite = z.object({ fromId: UserId, takerIds: z.array(UserId).min(1).max(50) });
export type HandOverWrite = z.infer<typeof HandOverWrite>;
const Share = z.object({
  ownerId: z.string(),
  ownerName: z.string().nullable(),
  customers: z.number().int(),
  /** Overdue in the reporting currency. */
  overdueMinor: MinorUnits,
});
export const HandOver = z
  .object({
    changeId: Id.nullable(),
    moved: z.number().int(),
    currency: z.string(),
    shares: z.array(Share),
    /** Open tasks of the user that now go with their customers, or to the first taker. */
    tasks: z.number().int(),
    /** Rules that still name the user. */
    rules: z.number().int(),
  })
  .meta({ id: "HandOver" });
export type HandOver = z.infer<typeof HandOver>;
