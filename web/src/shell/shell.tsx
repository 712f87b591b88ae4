import { Menu } from "@mantine/core";
import {
  IconAlertTriangle,
  IconChevronDown,
  IconCircleCheck,
  IconMenu2,
  IconPackage,
  IconSearch,
} from "@tabler/icons-react";
import { Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { Badge } from "#ui/badge.tsx";
import { Key } from "#ui/key.tsx";
import { useFormats } from "#ui/locale.tsx";
import { useT } from "../i18n/index.ts";
import { useWorkplace } from "../session.tsx";
import { useGoKeys, useHotkeys } from "./hotkeys.ts";
import { Mark } from "./mark.tsx";
import { ALL_ENTRIES, NAVIGATION, NAVIGATION_FOOT, type NavEntry } from "./navigation.ts";
import { Crumbs } from "./page.tsx";
import { UserMenu } from "./user-menu.tsx";
import { useFailingSources, useFreshness, useWaiting } from "./waiting.ts";

const loadPalette = () => import("./palette.tsx");
const Palette = lazy(() => loadPalette().then((module) => ({ default: module.Palette })));
const Shortcuts = lazy(() => import("./shortcuts.tsx").then((module) => ({ default: module.Shortcuts })));

/** Navigation, top bar, banner, and the page between them. */
export function Shell() {
  const { t } = useT();
  const navigate = useNavigate();
  const { may, session } = useWorkplace();
  const [open, setOpen] = useState<"palette" | "shortcuts" | undefined>();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const main = useRef<HTMLElement>(null);
  const firstPath = useRef(path);

  useHotkeys({ "?": () => setOpen("shortcuts"), "/": () => setOpen("palette") });
  useGoKeys((letter) => {
    const entry = ALL_ENTRIES.find((one) => one.letter === letter && may(one.permission));
    if (entry) void navigate({ to: entry.to });
    return entry !== undefined;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setOpen((now) => (now === "palette" ? undefined : "palette"));
    };
    window.addEventListener("keydown", onKey);
    const idle = setTimeout(() => void loadPalette(), 1500);
    return () => {
      window.removeEventListener("keydown", onKey);
      clearTimeout(idle);
    };
  }, []);
  useEffect(() => {
    // a screen reader and the keyboard follow to the new page, not on the first load
    if (path !== firstPath.current) main.current?.focus({ preventScroll: true });
    firstPath.current = path;
  }, [path]);

  return (
    <div className={session.sandbox ? "app app-sandbox" : "app"}>
      <a className="skip-link btn" href="#main">
        {t("shell.skip")}
      </a>
      {session.sandbox ? <SandboxBanner /> : null}
      <Navigation />
      <div className="main-column">
        <header className="topbar">
          <Crumbs />
          <button type="button" className="find" onClick={() => setOpen("palette")} aria-label={t("shell.search")}>
            <IconSearch className="icon" stroke={1.75} aria-hidden="true" />
            <span className="find-text">{t("shell.search")}</span>
            <Key>{isMac() ? "⌘" : t("shell.ctrl")}</Key>
            <Key>K</Key>
          </button>
          <div className="topbar-end">
            <Freshness />
            <UserMenu onShortcuts={() => setOpen("shortcuts")} />
          </div>
        </header>
        <main className="page" id="main" ref={main} tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <BottomBar onSearch={() => setOpen("palette")} />
      <Suspense fallback={null}>
        {open === "palette" ? <Palette onClose={() => setOpen(undefined)} /> : null}
        {open === "shortcuts" ? <Shortcuts onClose={() => setOpen(undefined)} /> : null}
      </Suspense>
    </div>
  );
}

const isMac = () => /Mac|iPhone|iPad/.test(navigator.platform);

function SandboxBanner() {
  const { t } = useT();
  const { may } = useWorkplace();
  return (
    <div className="sandbox-banner" role="note">
      <IconPackage className="icon" stroke={1.75} aria-hidden="true" />
      <b>{t("sandbox.name")}</b>
      <span className="t2">{t("sandbox.meaning")}</span>
      <span className="grow" />
      {may("messages.read") ? (
        <Link to="/messages" search={{ sandbox: "true" }}>
          {t("sandbox.see")}
        </Link>
      ) : null}
      {may("channels.write") ? (
        <Link to="/settings/$section" params={{ section: "email" }}>
          {t("sandbox.arm")}
        </Link>
      ) : null}
    </div>
  );
}

function Freshness() {
  const { t } = useT();
  const formats = useFormats();
  const { session } = useWorkplace();
  const fresh = useFreshness();
  const failing = useFailingSources();
  if (failing > 0)
    return (
      <Link to="/data" className="fresh fresh-old">
        <IconAlertTriangle className="icon-s" stroke={1.75} aria-hidden="true" />
        {t("sources.failing", { count: failing })}
      </Link>
    );
  if (!fresh) return null;
  const sameDay = formats.dayOf(fresh.at) === session.today;
  const when = sameDay ? formats.time(fresh.at) : formats.day(formats.dayOf(fresh.at));
  const Glyph = fresh.ties ? IconCircleCheck : IconAlertTriangle;
  return (
    <Link to="/data" className={sameDay && fresh.ties ? "fresh" : "fresh fresh-old"}>
      <Glyph className="icon-s" stroke={1.75} aria-hidden="true" />
      {sameDay ? t("shell.freshAt", { when }) : t("shell.freshOn", { when })}
    </Link>
  );
}

function Navigation() {
  const { t } = useT();
  const { may } = useWorkplace();
  return (
    <nav className="nav" aria-label={t("shell.navigation")}>
      <Link to="/" className="nav-brand">
        <Mark />
        Encours
      </Link>
      <CompanySwitch />
      {NAVIGATION.map((group) => {
        const entries = group.entries.filter((entry) => may(entry.permission));
        if (entries.length === 0) return null;
        return (
          <div key={group.label ?? "top"}>
            {group.label ? <h2>{t(group.label)}</h2> : null}
            {entries.map((entry) => (
              <NavLink key={entry.to} entry={entry} />
            ))}
          </div>
        );
      })}
      <span className="grow" />
      {NAVIGATION_FOOT.filter((entry) => may(entry.permission)).map((entry) => (
        <NavLink key={entry.to} entry={entry} />
      ))}
    </nav>
  );
}

function NavLink({ entry }: { entry: NavEntry }) {
  const { t } = useT();
  const waiting = useWaiting();
  const count = entry.waiting ? waiting[entry.waiting] : 0;
  const Glyph = entry.icon;
  return (
    <Link to={entry.to} className="nav-link" activeOptions={{ exact: entry.to === "/", includeSearch: false }}>
      <Glyph className="icon" stroke={1.75} aria-hidden="true" />
      {t(entry.label)}
      {count > 0 ? (
        <span className="nav-count">
          {count}
          <span className="visually-hidden"> {t("shell.waiting")}</span>
        </span>
      ) : null}
    </Link>
  );
}

function CompanySwitch() {
  const { t } = useT();
  const { session, company } = useWorkplace();
  const all = t("shell.companies", { count: session.companies.length });
  return (
    <Menu width={236} position="bottom-start">
      <Menu.Target>
        <button type="button" className="nav-company" aria-label={t("shell.company")}>
          <span className="grow">
            <b>{company?.name ?? session.tenant.name}</b>
            <small>{company ? company.code : all}</small>
          </span>
          <IconChevronDown className="icon-s" stroke={1.75} aria-hidden="true" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <CompanyItems />
        {session.tenant.isDemo ? (
          <>
            <Menu.Divider />
            <Menu.Label>
              <Badge tone="info">{t("shell.demo")}</Badge>
            </Menu.Label>
          </>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}

/** All companies, or one: what every list and figure is about. */
function CompanyItems() {
  const { t } = useT();
  const { session, company, chooseCompany } = useWorkplace();
  return (
    <>
      <Menu.Item onClick={() => chooseCompany(undefined)} fw={company ? undefined : 620}>
        {t("shell.allCompanies")}
      </Menu.Item>
      {session.companies.map((one) => (
        <Menu.Item key={one.id} onClick={() => chooseCompany(one.id)} fw={one.id === company?.id ? 620 : undefined}>
          {one.name} <span className="t3 small">{one.bookCurrency}</span>
        </Menu.Item>
      ))}
    </>
  );
}

const BOTTOM = ["/", "/customers", "/items"];

/** The phone's bar: three places, and the rest behind one button. */
function BottomBar({ onSearch }: { onSearch: () => void }) {
  const { t } = useT();
  const { may } = useWorkplace();
  const shown = ALL_ENTRIES.filter((entry) => may(entry.permission));
  return (
    <nav className="bottom-bar" aria-label={t("shell.navigation")}>
      {shown
        .filter((entry) => BOTTOM.includes(entry.to))
        .map((entry) => {
          const Glyph = entry.icon;
          return (
            <Link key={entry.to} to={entry.to} activeOptions={{ exact: entry.to === "/", includeSearch: false }}>
              <Glyph className="icon" stroke={1.75} aria-hidden="true" />
              {t(entry.label)}
            </Link>
          );
        })}
      <Menu position="top-end" width={264}>
        <Menu.Target>
          <button type="button">
            <IconMenu2 className="icon" stroke={1.75} aria-hidden="true" />
            {t("shell.more")}
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconSearch className="icon" stroke={1.75} />} onClick={onSearch}>
            {t("shell.search")}
          </Menu.Item>
          {shown
            .filter((entry) => !BOTTOM.includes(entry.to))
            .map((entry) => {
              const Glyph = entry.icon;
              return (
                <Menu.Item
                  key={entry.to}
                  leftSection={<Glyph className="icon" stroke={1.75} />}
                  renderRoot={(props) => <Link to={entry.to} {...props} />}
                >
                  {t(entry.label)}
                </Menu.Item>
              );
            })}
          <Menu.Divider />
          <CompanyItems />
        </Menu.Dropdown>
      </Menu>
    </nav>
  );
}
