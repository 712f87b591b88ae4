import type { Expression } from "#contracts/criteria.ts";
import type { ScenarioContent } from "#contracts/dunning.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import { newId } from "#kernel/ids.ts";
import { ensureShippedTemplates } from "#modules/correspondence/index.ts";
import { type Criterion, catalogueOf, evaluateExpression } from "#platform/criteria/index.ts";
import type { Tx } from "#platform/database/index.ts";
import { MODEL_SCENARIO, MODEL_SCENARIO_KEY, MODEL_SCENARIO_NAME } from "../core/model-scenario.ts";
import type { Scenario } from "../core/scenario.ts";
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
export const DUNNING_CRITERIA: readonly Criterion[] = [
  criterion("message.amount", "money", "book_currency", "Montant du message", "Amount of the message"),
  criterion("claim.currency", "text", null, "Devise de la relance", "Currency of the claim"),
  criterion("customer.number", "text", null, "Numéro de client", "Customer number"),
];
export const STEP_CATALOGUE = catalogueOf(DUNNING_CRITERIA);

/** Content as stored to the form the planner takes, conditions ready to be asked. */
export function scenarioOf(
  row: Pick<ScenarioRow, "scenarioId" | "versionNo" | "content">,
  asOf: CalendarDate,
): Scenario {
  const { content } = row;
  const minor = (text: string | null) => (text === null ? null : BigInt(text));
  const holds = (condition: Expression | null) =>
    condition === null
      ? null
      : (facts: Readonly<Record<string, string | bigint | boolean | null>>) =>
          evaluateExpression(condition, STEP_CATALOGUE, facts, asOf);
  return {
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
    steps: content.steps.map(({ condition, name: _, ...step }) => ({ ...step, holds: holds(condition) })),
  };
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
