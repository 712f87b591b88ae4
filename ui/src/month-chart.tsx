import { type KeyboardEvent, useState } from "react";

/** One point: its name, and a value for the bars and one for the line; null: nothing to show. */
export type ChartPoint = { readonly label: string; readonly bar: number | null; readonly line: number | null };

const WIDTH = 720;
const HEIGHT = 200;
const PAD = { left: 34, right: 8, top: 10, bottom: 24 };

/**
 * Bars and a line over the same points, on one scale. Pointer, or arrows once it has the focus, choose a point that `detail` then words; the bars are hatched
 * where they are below zero, so that nothing rests on colour alone. A table beside it must hold the same figures.
 */
export function MonthChart(props: {
  points: readonly ChartPoint[];
  /** What the whole says, in words. */
  summary: string;
  detail: (index: number) => string;
}) {
  const { points } = props;
  const [chosen, setChosen] = useState(points.length - 1);
  const values = points.flatMap(({ bar, line }) => [bar ?? 0, line ?? 0]);
  const top = Math.max(10, ...values);
  const bottom = Math.min(0, ...values);
  const y = (value: number) => PAD.top + ((top - value) / (top - bottom)) * (HEIGHT - PAD.top - PAD.bottom);
  const step = (WIDTH - PAD.left - PAD.right) / Math.max(1, points.length);
  const x = (index: number) => PAD.left + step * (index + 0.5);
  const move = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, Home: -points.length, End: points.length }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    setChosen(Math.max(0, Math.min(points.length - 1, chosen + by)));
  };
  // the lowest has a line of its own where it would not stand on that of 0
  const isLow = -bottom > (top - bottom) / 10;
  const ticks = [top, top / 2, 0, ...(isLow ? [bottom] : [])].map(Math.round);
  return (
    <figure style={{ margin: 0 }}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        style={{ width: "100%", height: "auto", display: "block" }}
        role="img"
        aria-label={props.summary}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrows go through the points
        tabIndex={0}
        onKeyDown={move}
      >
        <defs>
          <pattern id="below-zero" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <line x1="0" y1="0" x2="0" y2="4" stroke="var(--success)" strokeWidth="2" />
          </pattern>
        </defs>
        {ticks.map((tick) => (
          <g key={tick}>
            <line x1={PAD.left} x2={WIDTH - PAD.right} y1={y(tick)} y2={y(tick)} stroke="var(--line)" />
            <text x={PAD.left - 6} y={y(tick) + 4} textAnchor="end" fontSize="11" fill="var(--text3)">
              {tick}
            </text>
          </g>
        ))}
        {points.map(({ label, bar }, index) => (
          <g key={label} onPointerEnter={() => setChosen(index)}>
            <rect
              x={x(index) - step / 2}
              y={PAD.top}
              width={step}
              height={HEIGHT - PAD.top - PAD.bottom}
              fill={index === chosen ? "var(--hover)" : "transparent"}
            />
            {bar === null ? null : (
              <rect
                x={x(index) - step * 0.28}
                y={Math.min(y(bar), y(0))}
                width={step * 0.56}
                height={Math.max(1.5, Math.abs(y(bar) - y(0)))}
                fill={bar < 0 ? "url(#below-zero)" : "var(--age-d31-60)"}
              />
            )}
            {index % 3 === points.length % 3 ? (
              <text x={x(index)} y={HEIGHT - 8} textAnchor="middle" fontSize="11" fill="var(--text3)">
                {label}
              </text>
            ) : null}
          </g>
        ))}
        <Line points={points} x={x} y={y} />
      </svg>
      <figcaption className="small t2" aria-live="polite" style={{ minHeight: 20 }}>
        {points[chosen] ? props.detail(chosen) : null}
      </figcaption>
    </figure>
  );
}

/** The line, broken where a point has no value. */
function Line(props: { points: readonly ChartPoint[]; x: (index: number) => number; y: (value: number) => number }) {
  const known = props.points.map(({ line }, index) =>
    line === null ? undefined : `${props.x(index).toFixed(1)},${props.y(line).toFixed(1)}`,
  );
  const runs: string[][] = [[]];
  for (const point of known) {
    if (point === undefined) runs.push([]);
    else runs.at(-1)?.push(point);
  }
  return (
    <>
      {runs
        .filter((run) => run.length > 1)
        .map((run) => (
          <polyline key={run[0]} points={run.join(" ")} fill="none" stroke="var(--brand)" strokeWidth="2" />
        ))}
      {known.map((point) => {
        const [cx, cy] = point?.split(",") ?? [];
        return point ? <circle key={point} cx={cx} cy={cy} r="3" fill="var(--brand)" /> : null;
      })}
    </>
  );
}
