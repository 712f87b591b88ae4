import type { ScenarioContent } from "#contracts/dunning.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import { listTemplates } from "#modules/correspondence/index.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import { scenarioFaults } from "../core/scenario.ts";
import {
  insertVersion,
  lastVersionNo,
  type ScenarioRow,
  scenarioVersion,
  touchScenario,
} from "../store/scenario-rows.ts";
import { conditionCatalogue, conditionFault } from "./scenario-in-force.ts";

type Refusals = "not_found" | "version_required" | "stale_version" | "scenario_invalid" | "valid_from_in_past";

/** A change is a new version, in force from `validFrom` (today or later); runs planned before keep theirs. */
export async function saveScenario(
  services: Pick<Services, "db" | "clock">,
  actor: Actor,
  scenarioId: Uuid,
  change: {
    readonly name?: { fr: string; en?: string | undefined } | undefined;
    readonly validFrom?: CalendarDate | undefined;
    readonly content: ScenarioContent;
    readonly today: CalendarDate;
  },
  ifMatch: number | undefined,
): Promise<Result<ScenarioRow, Refusals>> {
  if (ifMatch === undefined) return refuse("version_required");
  const validFrom = change.validFrom ?? change.today;
  if (validFrom < change.today) return refuse("valid_from_in_past", { day: validFrom });
  return services.db.transaction(actor.tenant, async (tx) => {
    const fault = await contentFault(tx, change.content);
    if (fault) return refuse("scenario_invalid", fault);
    const last = await lastVersionNo(tx, scenarioId);
    if (last === 0) return refuse("not_found");
    if (!(await touchScenario(tx, scenarioId, change.name ?? null, ifMatch))) return refuse("stale_version");
    const versionNo = last + 1;
    const now = services.clock.now().toISOString();
    await insertVersion(tx, {
      scenarioId,
      versionNo,
      validFrom,
      content: change.content,
      knownOn: change.today,
      by: actor.id,
      now,
    });
    await record(tx, actor, {
      kind: "dunning.scenario.changed",
      version: 1,
      subject: { type: "scenario", id: scenarioId },
      payload: { versionNo, validFrom },
    });
    const saved = await scenarioVersion(tx, scenarioId, versionNo);
    return saved ? done(saved) : refuse("not_found");
  });
}

/** The first rule a scenario breaks: its place and code. */
export async function contentFault(
  tx: Tx,
  content: ScenarioContent,
): Promise<{ path: string; fault: string } | undefined> {
  const [first] = scenarioFaults(content);
  if (first) return { path: first.path, fault: first.code };
  const known = await conditionCatalogue(tx);
  const ofItems = conditionFault(content.itemCondition, "item", known);
  if (ofItems) return { path: `itemCondition.${ofItems.path}`, fault: ofItems.fault };
  const templates = new Set((await listTemplates(tx)).map((template) => template.key));
  for (const [index, step] of content.steps.entries()) {
    if (!templates.has(step.templateKey)) return { path: `steps.${index}.templateKey`, fault: "template_unknown" };
    const fault = conditionFault(step.condition, "step", known);
    if (fault) return { path: `steps.${index}.condition.${fault.path}`, fault: fault.fault };
  }
  return undefined;
}
