import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";

export type Tone = "neutral" | "success" | "warning" | "danger" | "info" | "brand";

/** State as icon and one to three words; colour comes third. */
export function Badge(props: { tone?: Tone; icon?: Icon; children: ReactNode; title?: string }) {
  const { tone = "neutral", icon: Glyph } = props;
  return (
    <span className={tone === "neutral" ? "badge" : `badge badge-${tone}`} title={props.title}>
      {Glyph ? <Glyph stroke={1.75} aria-hidden="true" /> : null}
      {props.children}
    </span>
  );
}
