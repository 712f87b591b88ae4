import { Link, useParams } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import type { Permission } from "#contracts/permissions.ts";
import { Loading, RefusedState } from "#ui/states.tsx";
import { PageHead } from "#ui/surfaces.tsx";
import { type TextKey, useT } from "../../i18n/index.ts";
import { useWorkplace } from "../../session.tsx";
import { usePageTitle } from "../../shell/page.tsx";

type Section = {
  readonly key: string;
  readonly label: TextKey;
  readonly permission: Permission;
  readonly component: React.LazyExoticComponent<() => React.ReactNode>;
};

const SECTIONS: readonly Section[] = [
  {
    key: "companies",
    label: "settings.companies",
    permission: "companies.read",
    component: lazy(() => import("./companies.tsx").then((one) => ({ default: one.Companies }))),
  },
  {
    key: "users",
    label: "settings.users",
    permission: "users.read",
    component: lazy(() => import("./users.tsx").then((one) => ({ default: one.Users }))),
  },
  {
    key: "email",
    label: "settings.email",
    permission: "channels.read",
    component: lazy(() => import("./email.tsx").then((one) => ({ default: one.Email }))),
  },
  {
    key: "sending",
    label: "settings.sending",
    permission: "settings.read",
    component: lazy(() => import("./sending.tsx").then((one) => ({ default: one.Sending }))),
  },
  {
    key: "bank-accounts",
    label: "settings.bankAccounts",
    permission: "cash.read",
    component: lazy(() => import("./bank-accounts.tsx").then((one) => ({ default: one.BankAccounts }))),
  },
  {
    key: "matching",
    label: "settings.matching",
    permission: "settings.read",
    component: lazy(() => import("./matching.tsx").then((one) => ({ default: one.Matching }))),
  },
  {
    key: "api-keys",
    label: "settings.apiKeys",
    permission: "api_keys.read",
    component: lazy(() => import("./api-keys.tsx").then((one) => ({ default: one.ApiKeys }))),
  },
  {
    key: "webhooks",
    label: "settings.webhooks",
    permission: "webhooks.read",
    component: lazy(() => import("./webhooks.tsx").then((one) => ({ default: one.Webhooks }))),
  },
  {
    key: "ageing",
    label: "settings.ageing",
    permission: "settings.read",
    component: lazy(() => import("./ageing.tsx").then((one) => ({ default: one.Ageing }))),
  },
  {
    key: "custom-fields",
    label: "settings.customFields",
    permission: "customers.read",
    component: lazy(() => import("./custom-fields.tsx").then((one) => ({ default: one.CustomFields }))),
  },
  {
    key: "rates",
    label: "settings.rates",
    permission: "rates.read",
    component: lazy(() => import("./rates.tsx").then((one) => ({ default: one.Rates }))),
  },
  {
    key: "jobs",
    label: "settings.jobs",
    permission: "jobs.read",
    component: lazy(() => import("./jobs.tsx").then((one) => ({ default: one.Jobs }))),
  },
  {
    key: "journal",
    label: "settings.journal",
    permission: "journal.read",
    component: lazy(() => import("./journal.tsx").then((one) => ({ default: one.Journal }))),
  },
];

/** Settings by section; the first one the reader may see opens. */
export function Settings() {
  const { t } = useT();
  const { may } = useWorkplace();
  const { section } = useParams({ strict: false }) as { section?: string };
  const shown = SECTIONS.filter((one) => may(one.permission));
  const current = shown.find((one) => one.key === section) ?? shown[0];
  usePageTitle(current ? t(current.label) : t("nav.settings"), [{ label: t("nav.settings"), to: "/settings" }]);
  const Body = current?.component;
  return (
    <>
      <PageHead title={t("nav.settings")} />
      <div className="settings">
        <nav aria-label={t("nav.settings")} className="settings-nav">
          {shown.map((one) => (
            <Link
              key={one.key}
              to="/settings/$section"
              params={{ section: one.key }}
              className="nav-link"
              aria-current={one.key === current?.key ? "page" : undefined}
            >
              {t(one.label)}
            </Link>
          ))}
        </nav>
        <div className="stack gap-20">
          {Body ? (
            <Suspense fallback={<Loading />}>
              <Body />
            </Suspense>
          ) : (
            <RefusedState title={t("refused.title")}>{t("refused.text")}</RefusedState>
          )}
        </div>
      </div>
    </>
  );
}
