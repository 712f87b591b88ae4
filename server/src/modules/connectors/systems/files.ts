import type { SettingField, SettingValues } from "../core/settings.ts";

/** What every connector of files asks: what the files hold, what they cover, how long they must rest. */
export const FILE_SETTINGS: readonly SettingField[] = [
  {
    key: "content",
    kind: "choice",
    isRequired: true,
    choices: ["auto", "fec", "items", "customers", "contacts", "einvoice", "bank"],
    initial: "auto",
  },
  {
    key: "coverage",
    kind: "choice",
    isRequired: true,
    choices: ["movements", "open_snapshot", "full"],
    initial: "movements",
  },
  { key: "settleSeconds", kind: "number", isRequired: true, initial: 10 },
  { key: "skipRefused", kind: "flag", isRequired: false, initial: false },
];

/** Hidden files and those that other programs still write. */
export const isWorkOfOthers = (name: string): boolean =>
  /^[.~]|\.(tmp|part|partial|filepart|crdownload|swp|lock)$/i.test(name);

export const settingText = (settings: SettingValues, key: string): string => String(settings[key] ?? "").trim();

/** An instant as part of a file's name. */
export const stampOf = (now: Date): string => now.toISOString().replaceAll(/[-:]|\.\d+/g, "");
