import { Amount } from "./amount.tsx";
import type { Amount as AmountValue } from "./format.ts";
import { useFormats } from "./locale.tsx";

/** One part of the bar: its label, its amount, and its shade from 0 (not due) to 4 (oldest, hatched). */
export type AgePart = { readonly label: string; readonly amount: AmountValue; readonly shade: number };

const shadeOf = (part: AgePart): number => Math.max(0, Math.min(4, part.shade));

/** Parts of an outstanding in fixed order, older with more contrast. Credits are never inside: negative parts are left out. */
export function AgeingBar({ parts, thin = false }: { parts: readonly AgePart[]; thin?: boolean }) {
  const formats = useFormats();
  const shown = parts.filter((part) => !part.amount.minor.startsWith("-") && !/^0*$/.test(part.amount.minor));
  const spoken = shown.map((part) => `${part.label} ${formats.amount(part.amount)}`).join(", ");
  const total = shown.reduce((sum, part) => sum + Number(part.amount.minor), 0);
  const className = `age-bar${thin ? " age-bar-thin" : ""}${shown.length === 0 ? " age-bar-empty" : ""}`;
  if (shown.length === 0) return <span className={className} aria-hidden="true" />;
  return (
    <span className={className} role="img" aria-label={spoken}>
      {shown.map((part) => (
        <span
          key={part.label}
          className={`age-${shadeOf(part)}`}
          style={{ flex: Math.max(1, Math.round((Number(part.amount.minor) / total) * 1000)) }}
        />
      ))}
    </span>
  );
}

/** The amounts of the bar, written below it. */
export function AgeingLegend({ parts }: { parts: readonly AgePart[] }) {
  return (
    <span className="age-legend">
      {parts.map((part) => (
        <span key={part.label}>
          <span className={`swatch age-${shadeOf(part)}`} />
          {part.label}
          <b>
            <Amount value={part.amount} whole dash bare />
          </b>
        </span>
      ))}
    </span>
  );
}
