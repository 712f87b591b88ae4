import type { ScenarioContent, ScenarioStep } from "#contracts/dunning.ts";

/** Moves the step at `index` by one place; the same list when it cannot move. */
export function moveStep(steps: readonly ScenarioStep[], index: number, by: -1 | 1): ScenarioStep[] {
  const target = index + by;
  const moved = steps[index];
  const other = steps[target];
  if (!moved || !other) return [...steps];
  return steps.map((step, at) => (at === index ? other : at === target ? moved : step));
}

/** A free key for a new step: "step-7". */
export function freeKey(steps: readonly ScenarioStep[]): string {
  for (let number = steps.length + 1; ; number += 1) {
    const key = `step-${number}`;
    if (!steps.some((step) => step.key === key)) return key;
  }
}

/** A copy after the step at `index`, one level and a week later, with a key of its own. */
export function duplicateStep(steps: readonly ScenarioStep[], index: number): ScenarioStep[] {
  const step = steps[index];
  if (!step) return [...steps];
  const copy = {
    ...step,
    key: freeKey(steps),
    level: step.track === "reminder" ? step.level + 1 : step.level,
    delayDays: step.delayDays + 7,
  };
  return [...steps.slice(0, index + 1), copy, ...steps.slice(index + 1)];
}

/** The reminder that would come next after all that stand there. */
export function nextReminder(steps: readonly ScenarioStep[], templateKey: string): ScenarioStep {
  const reminders = steps.filter((step) => step.track === "reminder");
  const last = reminders.at(-1);
  const level = Math.max(0, ...reminders.map((step) => step.level)) + 1;
  return {
    key: freeKey(steps),
    track: "reminder",
    level,
    name: { fr: `Relance R${level}`, en: `Reminder R${level}` },
    delayDays: (last?.delayDays ?? 0) + 15,
    gapDays: null,
    mode: "confirm",
    channel: "email",
    templateKey: last?.templateKey ?? templateKey,
    recipientRole: last?.recipientRole ?? "accounting",
    condition: null,
  };
}

export const isChanged = (draft: ScenarioContent, saved: ScenarioContent): boolean =>
  JSON.stringify(draft) !== JSON.stringify(saved);
