import { z } from "zod";

type Schema = {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  $ref?: string;
  format?: string;
  pattern?: string;
  minLength?: number;
  minimum?: number;
  minItems?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  default?: unknown;
};

const PATTERNS: readonly [RegExp, string][] = [
  [/\\d\{1,1[589]\}|\\d\{1,18\}/, "100"],
  [/A-Z\]\{3\}/, "EUR"],
  [/A-Z\]\{2\}/, "FR"],
  [/a-z\]\{2\}/, "fr"],
];

/** Values that a schema alone cannot tell. */
const NAMED: Readonly<Record<string, unknown>> = {
  bookCurrency: "EUR",
  reportingCurrency: "EUR",
  zone: "Europe/Paris",
  kinds: ["*"],
};

/** The smallest value that a schema accepts, for calling every operation without writing bodies by hand. */
export function sampleOf(schema: z.ZodType): unknown {
  const root = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Schema & {
    $defs?: Record<string, Schema>;
  };
  const value = valueFor(root, root.$defs ?? {}, 0);
  const checked = schema.safeParse(value);
  if (!checked.success)
    throw new Error(`no sample for a schema: ${z.prettifyError(checked.error)} in ${JSON.stringify(value)}`);
  return value;
}

function valueFor(schema: Schema, defs: Readonly<Record<string, Schema>>, depth: number): unknown {
  if (depth > 12) return null;
  if (schema.$ref) return valueFor(defs[schema.$ref.split("/").at(-1) ?? ""] ?? {}, defs, depth + 1);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return valueFor(choices.find((one) => one.type === "null") ?? choices.at(-1) ?? {}, defs, depth + 1);
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((one) => valueFor(one, defs, depth + 1)));
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case "object":
      return Object.fromEntries(
        (schema.required ?? []).map((name) => [
          name,
          NAMED[name] ?? valueFor(schema.properties?.[name] ?? {}, defs, depth + 1),
        ]),
      );
    case "array":
      return Array.from({ length: schema.minItems ?? 0 }, () => valueFor(schema.items ?? {}, defs, depth + 1));
    case "integer":
    case "number":
      return Math.max(schema.minimum ?? 1, 1);
    case "boolean":
      return false;
    case "string":
      return text(schema);
    default:
      return null;
  }
}

function text(schema: Schema): string {
  if (schema.format === "uuid") return "01890000-0000-7000-8000-000000000000";
  if (schema.format === "date") return "2026-12-31";
  if (schema.format === "date-time") return "2026-12-31T00:00:00Z";
  const pattern = PATTERNS.find(([one]) => one.test(schema.pattern ?? ""));
  if (pattern) return pattern[1];
  return "x".repeat(Math.max(3, schema.minLength ?? 0));
}
