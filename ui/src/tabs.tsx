import { type KeyboardEvent, type ReactNode, useEffect, useId } from "react";

export type TabItem<Key extends string> = { key: Key; label: ReactNode; count?: ReactNode };

/** Tabs of one region; arrows move between them. The panel is `TabPanel` with the same `idBase`. */
export function Tabs<Key extends string>(props: {
  items: readonly TabItem<Key>[];
  value: Key;
  onChange: (key: Key) => void;
  label: string;
}) {
  const base = useId();
  // where not all fit, the chosen one is never the one cut off
  useEffect(() => {
    const chosen = document.getElementById(`${base}${props.value}`);
    const list = chosen?.parentElement;
    if (chosen && list && list.scrollWidth > list.clientWidth)
      list.scrollLeft = chosen.offsetLeft - list.offsetLeft - (list.clientWidth - chosen.offsetWidth) / 2;
  }, [base, props.value]);
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const index = props.items.findIndex((item) => item.key === props.value);
    const next = props.items[(index + step + props.items.length) % props.items.length];
    if (!next) return;
    props.onChange(next.key);
    document.getElementById(`${base}${next.key}`)?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label={props.label} onKeyDown={move}>
      {props.items.map((item) => (
        <button
          key={item.key}
          id={`${base}${item.key}`}
          type="button"
          role="tab"
          className="tab"
          aria-selected={item.key === props.value}
          tabIndex={item.key === props.value ? 0 : -1}
          onClick={() => props.onChange(item.key)}
        >
          {item.label}
          {item.count !== undefined ? <span className="tab-count">{item.count}</span> : null}
        </button>
      ))}
    </div>
  );
}

/** One of few: a radio group drawn as joined segments. */
export function Segments<Key extends string>(props: {
  items: readonly { key: Key; label: ReactNode }[];
  value: Key;
  onChange: (key: Key) => void;
  label: string;
}) {
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = ["ArrowRight", "ArrowDown"].includes(event.key)
      ? 1
      : ["ArrowLeft", "ArrowUp"].includes(event.key)
        ? -1
        : 0;
    if (step === 0) return;
    event.preventDefault();
    const index = props.items.findIndex((item) => item.key === props.value);
    const next = props.items[(index + step + props.items.length) % props.items.length];
    if (next) props.onChange(next.key);
  };
  return (
    <div className="segments" role="radiogroup" aria-label={props.label} onKeyDown={move}>
      {props.items.map((item) => (
        // biome-ignore lint/a11y/useSemanticElements: a native radio cannot be drawn as a segment in every engine
        <button
          key={item.key}
          type="button"
          role="radio"
          className="segment"
          aria-checked={item.key === props.value}
          tabIndex={item.key === props.value ? 0 : -1}
          onClick={() => props.onChange(item.key)}
        >
          {item.label}
        </button>
      ))}
    </div>
  );
}
