import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";
import tokens from "./tokens.json" with { type: "json" };

/** A colour scale of ten steps as Mantine wants it; the token file is checked by its unit test. */
const scale = (steps: readonly string[]): MantineColorsTuple => steps as unknown as MantineColorsTuple;

const { mantine, semantic, ageing, motion } = tokens;

/** Theme of both applications, read from the design tokens and nothing else. */
export const theme = createTheme({
  primaryColor: mantine.primaryColor,
  primaryShade: { light: 7, dark: 5 },
  white: mantine.white,
  black: mantine.black,
  colors: Object.fromEntries(Object.entries(mantine.colors).map(([name, steps]) => [name, scale(steps)])),
  defaultRadius: mantine.defaultRadius,
  radius: mantine.radius,
  spacing: mantine.spacing,
  fontSizes: mantine.fontSizes,
  lineHeights: mantine.lineHeights,
  fontFamily: mantine.fontFamily,
  fontFamilyMonospace: mantine.fontFamilyMonospace,
  shadows: mantine.shadows,
  breakpoints: mantine.breakpoints,
  focusRing: "auto",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Drawer: { defaultProps: { transitionProps: { duration: 180 }, overlayProps: { className: "scrim" } } },
    Modal: { defaultProps: { transitionProps: { duration: 120 }, overlayProps: { className: "scrim" }, radius: 12 } },
    Menu: { defaultProps: { transitionProps: { duration: 90 }, radius: 8, shadow: "lg" } },
    Popover: { defaultProps: { transitionProps: { duration: 90 }, radius: 8, shadow: "lg" } },
    Select: { defaultProps: { checkIconPosition: "right", allowDeselect: false } },
  },
});

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replace(/_/g, "-");

const AGE_NAMES = { notDue: "not-due", d1_30: "d1-30", d31_60: "d31-60", d61_90: "d61-90", over90: "over90" } as const;

/** `--bg`, `--text2`, `--age-over90-text`, and the Mantine variables that read them, for one colour scheme. */
function variablesOf(scheme: "light" | "dark"): Record<string, string> {
  const own = Object.entries(semantic[scheme]).map(([name, value]) => [`--${kebab(name)}`, value]);
  const ages = Object.entries(AGE_NAMES).flatMap(([name, css]) => {
    const key = name as keyof typeof AGE_NAMES;
    return [
      [`--age-${css}`, ageing[scheme][key]],
      [`--age-${css}-text`, ageing.text[scheme][key]],
    ];
  });
  const dark = scheme === "dark";
  return {
    ...Object.fromEntries([...own, ...ages]),
    "--shadow-sm": dark ? "none" : mantine.shadows.sm,
    "--shadow-md": dark ? "0 4px 14px rgba(0,0,0,.35)" : mantine.shadows.md,
    "--shadow-lg": dark ? "0 14px 36px rgba(0,0,0,.45)" : mantine.shadows.lg,
    "--shadow-xl": dark ? "0 28px 64px rgba(0,0,0,.6)" : mantine.shadows.xl,
    "--mantine-color-body": "var(--bg)",
    "--mantine-color-text": "var(--text)",
    "--mantine-color-dimmed": "var(--text3)",
    "--mantine-color-default": "var(--surface)",
    "--mantine-color-default-hover": "var(--hover)",
    "--mantine-color-default-border": "var(--line-strong)",
    "--mantine-color-default-color": "var(--text)",
    "--mantine-color-anchor": "var(--brand-text)",
    "--mantine-color-error": "var(--danger)",
    "--mantine-color-placeholder": "var(--text3)",
  };
}

/** Lays the semantic tokens as CSS variables per colour scheme. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: { "--ease": motion.easing, "--fast": motion.fast, "--base": motion.base, "--slow": motion.slow },
  light: variablesOf("light"),
  dark: variablesOf("dark"),
});
