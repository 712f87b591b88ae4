import type { Icon } from "@tabler/icons-react";
import type { ButtonHTMLAttributes, ReactNode } from "react";
import { Key } from "./key.tsx";

type Look = {
  tone?: "primary" | "default" | "quiet" | "danger";
  size?: "small" | "normal" | "tall";
  icon?: Icon | undefined;
  /** Key that does the same, printed on the button. */
  hotkey?: string | undefined;
};

/** Class names of a button, for links that look like one. */
export function buttonClass({ tone = "default", size = "normal" }: Look, iconOnly = false): string {
  const names = ["btn"];
  if (tone === "primary") names.push("btn-primary");
  if (tone === "quiet") names.push("btn-quiet");
  if (tone === "danger") names.push("btn-danger");
  if (size === "small") names.push("btn-small");
  if (size === "tall") names.push("btn-tall");
  if (iconOnly) names.push("btn-icon");
  return names.join(" ");
}

type ButtonProps = Look & {
  /** The work it started is under way: it waits and cannot be pressed again. */
  waiting?: boolean;
  children?: ReactNode;
} & Omit<ButtonHTMLAttributes<HTMLButtonElement>, "className">;

/** A button says the verb of what happens. Without children give it an `aria-label`. */
export function Button({ tone, size, icon: Glyph, hotkey, waiting = false, children, ...rest }: ButtonProps) {
  const look = { ...(tone ? { tone } : {}), ...(size ? { size } : {}) };
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled || waiting}
      className={buttonClass(look, !children) + (waiting ? " btn-wait" : "")}
    >
      {Glyph && !waiting ? <Glyph className="icon" stroke={1.75} aria-hidden="true" /> : null}
      {children}
      {hotkey ? <Key>{hotkey}</Key> : null}
    </button>
  );
}
