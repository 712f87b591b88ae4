import {
  type Icon,
  IconArrowsJoin,
  IconBuildingBank,
  IconChartBar,
  IconChecklist,
  IconDatabase,
  IconFileText,
  IconInbox,
  IconRoute,
  IconSend,
  IconSettings,
  IconSun,
  IconTemplate,
  IconUsers,
} from "@tabler/icons-react";
import type { Permission } from "#contracts/permissions.ts";
import type { TextKey } from "../i18n/index.ts";

export type NavEntry = {
  readonly to: string;
  readonly label: TextKey;
  readonly icon: Icon;
  readonly permission: Permission;
  /** Second key after G. */
  readonly letter: string;
  /** Which count of what waits stands beside it. */
  readonly waiting?: "runs" | "tasks" | "inDoubt" | "matching";
};
export type NavGroup = { readonly label?: TextKey; readonly entries: readonly NavEntry[] };

/** The bar in the order of the day. Entries without permission are absent, not greyed. */
export const NAVIGATION: readonly NavGroup[] = [
  {
    entries: [
      { to: "/", label: "nav.day", icon: IconSun, permission: "session.read", letter: "d" },
      {
        to: "/tasks",
        label: "nav.tasks",
        icon: IconChecklist,
        permission: "tasks.read",
        letter: "t",
        waiting: "tasks",
      },
    ],
  },
  {
    label: "nav.follow",
    entries: [
      { to: "/customers", label: "nav.customers", icon: IconUsers, permission: "customers.read", letter: "c" },
      { to: "/items", label: "nav.items", icon: IconFileText, permission: "receivables.read", letter: "i" },
    ],
  },
  {
    label: "nav.chase",
    entries: [
      { to: "/runs", label: "nav.runs", icon: IconSend, permission: "runs.read", letter: "r", waiting: "runs" },
      {
        to: "/messages",
        label: "nav.messages",
        icon: IconInbox,
        permission: "messages.read",
        letter: "e",
        waiting: "inDoubt",
      },
      { to: "/scenarios", label: "nav.scenarios", icon: IconRoute, permission: "scenarios.read", letter: "s" },
      { to: "/templates", label: "nav.templates", icon: IconTemplate, permission: "templates.read", letter: "m" },
    ],
  },
  {
    label: "nav.collect",
    entries: [
      { to: "/bank", label: "nav.bank", icon: IconBuildingBank, permission: "cash.read", letter: "k" },
      {
        to: "/matching",
        label: "nav.matching",
        icon: IconArrowsJoin,
        permission: "cash.read",
        letter: "l",
        waiting: "matching",
      },
    ],
  },
  {
    label: "nav.steer",
    entries: [
      { to: "/aged-balance", label: "nav.balance", icon: IconChartBar, permission: "receivables.read", letter: "b" },
    ],
  },
];

export const NAVIGATION_FOOT: readonly NavEntry[] = [
  { to: "/data", label: "nav.data", icon: IconDatabase, permission: "imports.read", letter: "n" },
  { to: "/settings", label: "nav.settings", icon: IconSettings, permission: "session.read", letter: "p" },
];

export const ALL_ENTRIES: readonly NavEntry[] = [...NAVIGATION.flatMap((group) => group.entries), ...NAVIGATION_FOOT];
