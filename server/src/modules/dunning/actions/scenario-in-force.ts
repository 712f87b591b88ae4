import type { Expression } from "#contracts/criteria.ts";
import type { ScenarioContent } from "#contracts/dunning.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import { newId } from "#kernel/ids.ts";
import { ensureShippedTemplates } from "#modules/correspondence/index.ts";
import { customerCriteria, everyFreeFieldCriterion, freeFieldCriteria } from "#modules/parties/index.ts";
import { itemCriteria } from "#modules/receivables/index.ts";
import {
  type Criterion,
  catalogueOf,
  checkExpression,
  compileExpression,
  evaluateExpression,
} from "#platform/criteria/index.ts";
import { type Sql, sql, type Tx } from "#platform/database/index.ts";
import { MODEL_SCENARIO, MODEL_SCENARIO_KEY, MODEL_SCENARIO_NAME } from "../core/model-scenario.ts";
import type { Scenario, Step } from "../core/scenario.ts";
import { insertScenario, type ScenarioRow, scenariosOn } from "../store/scenario-rows.ts";

const criterion = (key: string, type: Criterion["type"], unit: string | null, fr: string, en: string): Criterion => ({
  key,
  subject: "customer",
  type,
  unit,
  label: { fr, en },
  isDated: true,
});

/** What conditions of steps may read. Known when the claim of a group is computed, so they have no column. */
const DUNNING_CRITERIA: readonly Criterion[] = [
  criterion("message.amount", "money", "book_currency", "Montant du message", "Amount of the message"),
  criterion("claim.currency", "text", null, "Devise de la relance", "Currency of the claim"),
];
const STEP_CATALOGUE = catalogueOf(DUNNING_CRITERIA);

type Catalogue = ReturnType<typeof catalogueOf>;

/**
 * What conditions may ask of the database: items, customers, and the customers' free fields, those no longer offered too. Criteria of the claim are
 * asked of the planner; one clause uses one kind.
 */
export const conditionCatalogue = async (tx: Tx): Promise<Catalogue> =>
  catalogueOf(itemCriteria, customerCriteria, await everyFreeFieldCriterion(tx));

/** What a person may choose from, for the scenario as a whole or for one of its steps: what items say of their customer is not offered twice. */
export async function conditionChoices(tx: Tx, place: "item" | "step"): Promise<readonly Criterion[]> {
  const ofItems = new Set(itemCriteria.map((one) => one.key));
  const isTwin = ({ key }: Criterion) => ofItems.has(key.replace("customer.", "item.customer_"));
  const onRows = [...itemCriteria, ...customerCriteria.filter((one) => !isTwin(one)), ...(await freeFieldCriteria(tx))];
  return [...onRows.filter((one) => one.isDated), ...(place === "step" ? DUNNING_CRITERIA : [])];
}

type Split = { readonly row: Expression | null; readonly claim: Expression | null };

/** The clauses of a condition by who can answer them; undefined when one mixes both or has a fault. */
function split(
  condition: Expression | null,
  known: Catalogue,
): Split | { readonly path: string; readonly fault: string } {
  if (condition === null) return { row: null, claim: null };
  const clauses = "all" in condition ? condition.all : [condition];
  const row: Expression[] = [];
  const claim: Expression[] = [];
  for (const [index, clause] of clauses.entries()) {
    const fault = checkExpression(clause, known, { onlyDated: true });
    if (!fault) row.push(clause);
    else {
      const other = checkExpression(clause, STEP_CATALOGUE, { onlyDated: true });
      if (other)
        return {
          path: `all.${index}.${fault.path}`,
          fault: other.fault === "unknown_criterion" ? fault.fault : other.fault,
        };
      claim.push(clause);
    }
  }
  const tree = (all: Expression[]) => (all.length === 0 ? null : { all });
  return { row: tree(row), claim: tree(claim) };
}

/** What is wrong with a condition, or undefined. Claims can only be asked about at a step, not about single items. */
export function conditionFault(
  condition: Expression | null,
  place: "item" | "step",
  known: Catalogue,
): { path: string; fault: string } | undefined {
  const parts = split(condition, known);
  if ("fault" in parts) return parts;
  return place === "item" && parts.claim ? { path: "", fault: "unknown_criterion" } : undefined;
}

/** What a planned message is written and held against: only the planner asks conditions, so no criteria are read for each message. */
export function rulesOf(row: Pick<ScenarioRow, "scenarioId" | "versionNo" | "content">, asOf: CalendarDate): Scenario {
  const steps = row.content.steps.map((step) => ({ ...step, condition: null }));
  return scenarioOf({ ...row, content: { ...row.content, itemCondition: null, steps } }, asOf, NOTHING_ASKED);
}

const NOTHING_ASKED = catalogueOf();

/** Content as stored to the form the planner takes, and its conditions on items compiled: bit 0 for the scenario, then one per step. */
export function scenarioOf(
  row: Pick<ScenarioRow, "scenarioId" | "versionNo" | "content">,
  asOf: CalendarDate,
  known: Catalogue,
): Scenario & { readonly conditions: Sql[] } {
  const { content } = row;
  const minor = (text: string | null) => (text === null ? null : BigInt(text));
  const rowPart = (condition: Expression | null): Sql | null => {
    const parts = split(condition, known);
    // what is not understood takes nothing: taking everything would write to people nobody meant
    if ("fault" in parts) return sql`false`;
    return parts.row && compileExpression(parts.row, known, asOf);
  };
  const whole = rowPart(content.itemCondition);
  const onRows = content.steps.map((step) => rowPart(step.condition));
  const hasAny = whole !== null || onRows.some((one) => one !== null);
  const conditions = hasAny ? [whole ?? sql`true`] : [];
  const steps = content.steps.map(({ condition, name: _, ...step }, index) => {
    const own = onRows[index] ?? null;
    const itemBit = own ? conditions.push(own) - 1 : null;
    return { ...step, itemBit, holds: claimPart(condition, asOf, known) };
  });
  return {
    conditions,
    steps,
    scenarioId: row.scenarioId,
    versionNo: row.versionNo,
    grouping: content.grouping,
    minimumGapDays: content.minimumGapDays,
    entryStep: content.entryStep,
    itemMinimumMinor: minor(content.itemMinimumMinor),
    customerMinimumMinor: minor(content.customerMinimumMinor),
    ceilingMinor: minor(content.ceilingMinor),
    creditsNotDue: content.creditsNotDue,
    thanksFromLevel: content.thanksFromLevel,
  };
}

function claimPart(condition: Expression | null, asOf: CalendarDate, known: Catalogue): Step["holds"] {
  const parts = split(condition, known);
  const claim = "fault" in parts ? null : parts.claim;
  return claim === null ? null : (facts) => evaluateExpression(claim, STEP_CATALOGUE, facts, asOf);
}

/** Gives a tenant the model scenario and the shipped templates when it has none. */
export async function ensureModel(tx: Tx, today: CalendarDate, now: string): Promise<void> {
  const first = {
    scenarioId: newId(),
    versionNo: 1,
    validFrom: FIRST_DAY,
    content: MODEL_SCENARIO as ScenarioContent,
    knownOn: today,
  };
  const added = await insertScenario(tx, MODEL_SCENARIO_KEY, MODEL_SCENARIO_NAME, { ...first, by: "shipped", now });
  if (added) await ensureShippedTemplates(tx, now);
}

/** The model is in force from ever on, so that a plan for a past day finds it. */
const FIRST_DAY = "2000-01-01" as CalendarDate;

/** The scenario that plans a day: the tenant's first one, in the version in force. */
export async function scenarioInForce(
  tx: Tx,
  asOf: CalendarDate,
  today: CalendarDate,
  now: string,
): Promise<ScenarioRow> {
  const [known] = await scenariosOn(tx, asOf);
  if (known) return known;
  await ensureModel(tx, today, now);
  const [made] = await scenariosOn(tx, asOf);
  if (!made) throw new Error("no scenario in force");
  return made;
}
