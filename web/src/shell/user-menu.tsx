import { Menu, useMantineColorScheme } from "@mantine/core";
import { IconCheck, IconKeyboard, IconLanguage, IconLogout, IconMoon, IconSun, IconSunMoon } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import type { Language } from "#ui/format.ts";
import { api } from "../api/client.ts";
import { switchLanguage, useT } from "../i18n/index.ts";
import { sessionKey, useWorkplace } from "../session.tsx";

const SCHEMES = [
  { value: "light", key: "theme.light", icon: IconSun },
  { value: "dark", key: "theme.dark", icon: IconMoon },
  { value: "auto", key: "theme.auto", icon: IconSunMoon },
] as const;

const LANGUAGES: readonly { value: Language; label: string }[] = [
  { value: "fr", label: "Français" },
  { value: "en", label: "English" },
];

/** "Camille Rousseau" → "CR" */
export const initials = (name: string): string =>
  name
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 2)
    .map((part) => part.charAt(0).toUpperCase())
    .join("");

export function UserMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const { t, language } = useT();
  const queries = useQueryClient();
  const { session } = useWorkplace();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const speak = async (next: Language) => {
    await switchLanguage(next);
    await api.put("/session/language", { language: next }).catch(() => undefined);
    await queries.invalidateQueries();
  };
  const leave = async () => {
    await api.post("/api/auth/sign-out");
    queries.clear();
    await queries.invalidateQueries({ queryKey: sessionKey });
    window.location.assign("/");
  };
  const tick = <IconCheck className="icon-s" stroke={2} aria-hidden="true" />;
  return (
    <Menu width={240} position="bottom-end">
      <Menu.Target>
        <button
          type="button"
          className="btn btn-quiet btn-icon"
          aria-label={t("user.menu", { name: session.user.name })}
        >
          <span className="avatar">{initials(session.user.name)}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {session.user.name}
          <br />
          {session.user.email}
        </Menu.Label>
        <Menu.Divider />
        {LANGUAGES.map(({ value, label }) => (
          <Menu.Item
            key={value}
            lang={value}
            leftSection={<IconLanguage className="icon" stroke={1.75} />}
            rightSection={language === value ? tick : null}
            onClick={() => void speak(value)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        {SCHEMES.map(({ value, key, icon: Glyph }) => (
          <Menu.Item
            key={value}
            leftSection={<Glyph className="icon" stroke={1.75} />}
            rightSection={colorScheme === value ? tick : null}
            onClick={() => setColorScheme(value)}
          >
            {t(key)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconKeyboard className="icon" stroke={1.75} />} onClick={onShortcuts}>
          {t("shortcuts.title")}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout className="icon" stroke={1.75} />} onClick={() => void leave()}>
          {t("user.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
