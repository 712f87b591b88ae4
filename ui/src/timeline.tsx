import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useLocale } from "./locale.tsx";

export type TimelineEntry = { key: string; day: string; icon: Icon; title: ReactNode; below?: ReactNode };

/** Dates in the margin, icon on the line, fact in bold. */
export function Timeline({ entries }: { entries: readonly TimelineEntry[] }) {
  const { formats, today } = useLocale();
  return (
    <ol className="timeline">
      {entries.map(({ key, day, icon: Glyph, title, below }) => (
        <li key={key}>
          <time dateTime={day} title={formats.dayLong(day)}>
            {formats.dayMargin(day, today)}
          </time>
          <span className="timeline-dot">
            <Glyph stroke={1.75} aria-hidden="true" />
          </span>
          <div>
            <div>{title}</div>
            {below ? <div className="t2 small">{below}</div> : null}
          </div>
        </li>
      ))}
    </ol>
  );
}
