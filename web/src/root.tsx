import { Link, useRouterState } from "@tanstack/react-router";
import { type ReactNode, useEffect, useMemo } from "react";
import { buttonClass } from "#ui/button.tsx";
import { LocaleProvider, type UiTexts } from "#ui/locale.tsx";
import { EmptyState, ErrorState } from "#ui/states.tsx";
import { ToastProvider } from "#ui/toasts.tsx";
import { Problem } from "./api/client.ts";
import { isLanguageOpen, switchLanguage, type Translate, useT } from "./i18n/index.ts";
import { Invitation } from "./screens/invitation.tsx";
import { SignIn } from "./screens/sign-in.tsx";
import { useSessionQuery, WorkplaceProvider } from "./session.tsx";
import { PageProvider } from "./shell/page.tsx";
import { Shell } from "./shell/shell.tsx";

export const uiTexts = (t: Translate): UiTexts => ({
  close: t("ui.close"),
  undo: t("ui.undo"),
  retry: t("ui.retry"),
  loading: t("ui.loading"),
  today: t("ui.today"),
  tomorrow: t("ui.tomorrow"),
  yesterday: t("ui.yesterday"),
  selectAll: t("ui.selectAll"),
  selectRow: t("ui.selectRow"),
  reference: t("ui.reference"),
  openCalendar: t("ui.openCalendar"),
  dayUnknown: t("ui.dayUnknown"),
  notifications: t("ui.notifications"),
  inDays: (days) => t("ui.inDays", { days }),
  lateDays: (days) => t("ui.lateDays", { days }),
});

/** Language, zone and today for everything below; `zone` is the organisation's once somebody is signed in. */
function WithLocale(props: { zone: string; today: string; children: ReactNode }) {
  const { t, language } = useT();
  // `t` is a new function whenever the language changes
  const texts = useMemo(() => uiTexts(t), [t]);
  return (
    <LocaleProvider language={language} zone={props.zone} today={props.today} texts={texts}>
      <ToastProvider>{props.children}</ToastProvider>
    </LocaleProvider>
  );
}

/** Sign-in, or the application for who is signed in. */
export function Root() {
  const session = useSessionQuery();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const { t, language } = useT();
  const own = session.data?.user.language;
  useEffect(() => {
    // somebody who never chose on this device reads in the language of their account
    if (own && own !== language && isLanguageOpen()) void switchLanguage(own, false);
  }, [own, language]);
  const here = { zone: "Europe/Paris", today: new Date().toISOString().slice(0, 10) };
  if (session.isPending) return null;
  if (session.isError) {
    const problem = session.error;
    return (
      <WithLocale {...here}>
        <ErrorState title={t("error.title")} onRetry={() => void session.refetch()}>
          {problem instanceof Problem && problem.detail ? problem.detail : t("error.unreachable")}
        </ErrorState>
      </WithLocale>
    );
  }
  const token = /^\/invitation\/([\w-]+)$/.exec(path)?.[1];
  if (token)
    return (
      <WithLocale {...here}>
        <Invitation token={token} />
      </WithLocale>
    );
  if (!session.data)
    return (
      <WithLocale {...here}>
        <SignIn />
      </WithLocale>
    );
  return (
    <WorkplaceProvider session={session.data}>
      <WithLocale zone={session.data.tenant.zone} today={session.data.today}>
        <PageProvider>
          <Shell />
        </PageProvider>
      </WithLocale>
    </WorkplaceProvider>
  );
}

/** A fault of a screen: the rest of the application stays. */
export function Broken({ error, reset }: { error: unknown; reset: () => void }) {
  const { t } = useT();
  console.error(error);
  return (
    <WithLocale zone="Europe/Paris" today={new Date().toISOString().slice(0, 10)}>
      <ErrorState title={t("error.broken")} onRetry={reset}>
        {t("error.brokenText")}
      </ErrorState>
    </WithLocale>
  );
}

export function NotFound() {
  const { t } = useT();
  return (
    <EmptyState
      title={t("notFound.title")}
      actions={
        <Link to="/" className={buttonClass({ tone: "primary" })}>
          {t("nav.day")}
        </Link>
      }
    >
      {t("notFound.text")}
    </EmptyState>
  );
}
