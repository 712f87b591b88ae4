/** The scenario that a new tenant starts with (FEATURES, decision 1): courtesy, R1 to R5, thanks. Amounts are minor units of the book currency. */
const step = (
  key: string,
  track: "courtesy" | "reminder" | "thanks",
  level: number,
  delayDays: number,
  mode: "auto" | "confirm",
  fr: string,
  en: string,
) => ({
  key,
  track,
  level,
  name: { fr, en },
  delayDays,
  gapDays: null,
  mode,
  channel: "email" as const,
  templateKey: key,
  recipientRole: "accounting",
  condition: null,
});

export const MODEL_SCENARIO_KEY = "model";
export const MODEL_SCENARIO_NAME = { fr: "Scénario modèle", en: "Model scenario" };

export const MODEL_SCENARIO = {
  grouping: "customer" as const,
  minimumGapDays: 7,
  entryStep: "r1",
  itemMinimumMinor: "1500",
  customerMinimumMinor: "5000",
  ceilingMinor: "10000000",
  creditsNotDue: "netted" as const,
  itemCondition: null,
  thanksFromLevel: 2,
  steps: [
    step("courtesy", "courtesy", 0, -5, "auto", "Prévenance", "Courtesy"),
    step("r1", "reminder", 1, 3, "auto", "Relance R1", "Reminder R1"),
    step("r2", "reminder", 2, 10, "auto", "Relance R2", "Reminder R2"),
    step("r3", "reminder", 3, 20, "confirm", "Relance R3", "Reminder R3"),
    step("r4", "reminder", 4, 30, "confirm", "Relance R4", "Reminder R4"),
    step("r5", "reminder", 5, 45, "confirm", "Relance R5", "Reminder R5"),
    step("thanks", "thanks", 0, 1, "auto", "Remerciement", "Thanks"),
  ],
};
