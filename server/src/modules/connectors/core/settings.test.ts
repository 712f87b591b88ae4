import { expect, test } from "vitest";
import { checkSettings } from "./settings.ts";

const FIELDS = [
  { key: "host", kind: "text", isRequired: true },
  { key: "port", kind: "number", isRequired: true, initial: 22 },
  { key: "mode", kind: "choice", isRequired: true, choices: ["a", "b"], initial: "a" },
  { key: "strict", kind: "flag", isRequired: false },
  { key: "password", kind: "secret", isRequired: true },
] as const;

test("settings keep what the connector knows, in its kinds, with what it starts from", () => {
  expect(checkSettings(FIELDS, { host: " h ", other: "x" }, { password: "s", old: "y" })).toEqual({
    ok: true,
    value: { settings: { host: "h", port: 22, mode: "a", strict: false }, secrets: { password: "s" } },
  });
});

test.each([
  [{}, { password: "s" }, "host"],
  [{ host: "h", port: "x" }, { password: "s" }, "port"],
  [{ host: "h", mode: "c" }, { password: "s" }, "mode"],
  [{ host: "h", strict: "yes" }, { password: "s" }, "strict"],
  [{ host: "h" }, { password: "" }, "password"],
])("what is missing or of another kind is named: %j", (settings, secrets, setting) => {
  expect(checkSettings(FIELDS, settings, secrets)).toMatchObject({
    ok: false,
    code: "setting_wrong",
    details: { setting },
  });
});
