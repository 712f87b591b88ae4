import { done, type Result, refuse } from "#kernel/result.ts";

/** One setting of a connector, as a form asks for it. Labels stand in the catalogues under `connector.<connector>.<key>`. */
export type SettingField = {
  readonly key: string;
  /** A secret is stored sealed and never given back. */
  readonly kind: "text" | "secret" | "number" | "flag" | "choice";
  readonly isRequired: boolean;
  readonly choices?: readonly string[];
  /** What the form starts with. */
  readonly initial?: string | number | boolean;
};

export type SettingValues = Readonly<Record<string, string | number | boolean>>;

type Checked = { readonly settings: SettingValues; readonly secrets: Readonly<Record<string, string>> };

/** Settings as a connector wants them: known fields only, of their kind, none missing that it needs. Empty secrets are cleared. */
export function checkSettings(
  fields: readonly SettingField[],
  given: SettingValues,
  secrets: Readonly<Record<string, string>>,
): Result<Checked, "setting_wrong"> {
  const settings: Record<string, string | number | boolean> = {};
  const sealed: Record<string, string> = {};
  for (const field of fields) {
    if (field.kind === "secret") {
      const secret = secrets[field.key] ?? "";
      if (secret !== "") sealed[field.key] = secret;
      else if (field.isRequired) return refuse("setting_wrong", { setting: field.key });
      continue;
    }
    const value = readValue(field, given[field.key] ?? field.initial);
    if (value === undefined) return refuse("setting_wrong", { setting: field.key });
    if (value !== "") settings[field.key] = value;
    else if (field.isRequired) return refuse("setting_wrong", { setting: field.key });
  }
  return done({ settings, secrets: sealed });
}

/** Undefined when it is of another kind; "" when it is left out. */
function readValue(
  field: SettingField,
  given: string | number | boolean | undefined,
): string | number | boolean | undefined {
  if (given === undefined || given === "") return field.kind === "flag" ? false : "";
  switch (field.kind) {
    case "flag":
      return typeof given === "boolean" ? given : undefined;
    case "number": {
      const number = Number(given);
      return Number.isFinite(number) && number >= 0 ? number : undefined;
    }
    case "choice":
      return field.choices?.includes(String(given)) ? String(given) : undefined;
    default:
      return typeof given === "string" ? given.trim() : undefined;
  }
}
