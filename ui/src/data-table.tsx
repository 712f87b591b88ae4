import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { useLocale } from "./locale.tsx";
import { usePhone } from "./use-phone.ts";

export type Column<Row> = {
  readonly key: string;
  readonly header: ReactNode;
  readonly cell: (row: Row) => ReactNode;
  readonly right?: boolean;
  readonly width?: number | string;
  /** Name of the sort this header switches; without it the column does not sort. */
  readonly sort?: string;
  /** What stands under the column in the total of all rows. */
  readonly total?: ReactNode;
};

/** On a phone a row is two lines: name and state left, amount and badge right. */
export type PhoneRow = { title: ReactNode; below?: ReactNode; amount?: ReactNode; badge?: ReactNode };

export type Sort = { readonly by: string; readonly descending: boolean };

type DataTableProps<Row> = {
  label: string;
  rows: readonly Row[];
  /** How many rows there are in all, loaded or not. */
  count: number;
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => string;
  phone: (row: Row) => PhoneRow;
  compact?: boolean;
  /** Height of a row in pixels, where its cells hold two lines. */
  rowHeight?: number;
  sort?: Sort | undefined;
  onSort?: (sort: Sort) => void;
  onOpen?: (row: Row) => void;
  onPeek?: (row: Row) => void;
  /** Called when the last loaded rows come into view. */
  onEnd?: () => void;
  selected?: ReadonlySet<string>;
  onSelect?: (selected: ReadonlySet<string>) => void;
  hasTotal?: boolean;
  /** Height the table may take before it scrolls inside; lists of a page use the default. */
  maxHeight?: string;
};

/** A real table whose rows are drawn as they are seen. J/K or arrows move, Enter opens, Space peeks, X selects. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  return usePhone() ? <PhoneList {...props} /> : <WideTable {...props} />;
}

function PhoneList<Row>({ rows, rowKey, phone, onEnd, label }: DataTableProps<Row>) {
  const end = useRef<HTMLLIElement>(null);
  useEffect(() => {
    const node = end.current;
    if (!node || !onEnd) return;
    const seen = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && onEnd(), {
      rootMargin: "400px",
    });
    seen.observe(node);
    return () => seen.disconnect();
  }, [onEnd]);
  return (
    <ul className="list-two-lines" aria-label={label}>
      {rows.map((row, index) => {
        const { title, below, amount, badge } = phone(row);
        return (
          <li key={rowKey(row)} ref={index === rows.length - 1 ? end : undefined}>
            <div style={{ minWidth: 0 }}>
              {title}
              <div className="small t2">{below}</div>
            </div>
            <div className="right" style={{ flex: "none", maxWidth: "58%" }}>
              {amount}
              <div style={{ marginTop: 3 }}>{badge}</div>
            </div>
          </li>
        );
      })}
    </ul>
  );
}

function WideTable<Row>(props: DataTableProps<Row>) {
  const { rows, columns, rowKey, compact = true, selected, onSelect } = props;
  const { texts } = useLocale();
  const scroller = useRef<HTMLElement>(null);
  const [cursor, setCursor] = useState(0);
  const height = props.rowHeight ?? (compact ? 33 : 40);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
    // the row that holds the focus stays mounted, or the keyboard would lose its place
    rangeExtractor: (range) =>
      [...new Set([...defaultRangeExtractor(range), Math.min(cursor, Math.max(0, rows.length - 1))])]
        .filter((index) => index < rows.length)
        .sort((a, b) => a - b),
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const { onEnd } = props;
  useEffect(() => {
    if (onEnd && rows.length > 0 && last >= rows.length - 20) onEnd();
  }, [last, rows.length, onEnd]);

  const focusRow = useCallback(
    (index: number) => {
      const target = Math.max(0, Math.min(rows.length - 1, index));
      setCursor(target);
      virtual.scrollToIndex(target);
      requestAnimationFrame(() =>
        scroller.current?.querySelector<HTMLElement>(`tr[data-index="${target}"]`)?.focus({ preventScroll: true }),
      );
    },
    [rows.length, virtual],
  );
  const toggle = (row: Row) => {
    if (!onSelect || !selected) return;
    const next = new Set(selected);
    if (!next.delete(rowKey(row))) next.add(rowKey(row));
    onSelect(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLElement && ["INPUT", "SELECT", "TEXTAREA"].includes(event.target.tagName)) return;
    const row = rows[cursor];
    const moves: Record<string, number> = {
      ArrowDown: cursor + 1,
      j: cursor + 1,
      ArrowUp: cursor - 1,
      k: cursor - 1,
      PageDown: cursor + 15,
      PageUp: cursor - 15,
      Home: 0,
      End: rows.length - 1,
    };
    const move = moves[event.key];
    if (move !== undefined) focusRow(move);
    else if (event.key === "Enter" && row && props.onOpen && event.target instanceof HTMLTableRowElement)
      props.onOpen(row);
    else if (event.key === " " && row && props.onPeek) props.onPeek(row);
    else if (event.key === "x" && row && onSelect) toggle(row);
    else return;
    event.preventDefault();
  };
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const span = columns.length + (onSelect ? 1 : 0);
  const all = rows.length > 0 && selected !== undefined && rows.every((row) => selected.has(rowKey(row)));

  return (
    <section
      className="table-scroll"
      ref={scroller}
      style={{ maxHeight: props.maxHeight ?? "max(420px, calc(100vh - 292px))" }}
      aria-label={props.label}
      onKeyDown={onKeyDown}
      tabIndex={rows.length === 0 ? 0 : -1}
    >
      <table className={compact ? "table table-compact" : "table"} aria-rowcount={props.count + 1}>
        <caption className="visually-hidden">{props.label}</caption>
        <thead>
          <tr aria-rowindex={1}>
            {onSelect && selected ? (
              <th style={{ width: 44 }}>
                <label className="check-cell">
                  <input
                    type="checkbox"
                    className="checkbox"
                    aria-label={texts.selectAll}
                    checked={all}
                    ref={(node) => {
                      if (node) node.indeterminate = selected.size > 0 && !all;
                    }}
                    onChange={() => onSelect(all ? new Set() : new Set(rows.map(rowKey)))}
                  />
                </label>
              </th>
            ) : null}
            {columns.map((column) => (
              <HeaderCell key={column.key} column={column} sort={props.sort} onSort={props.onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 ? <Spacer height={before} span={span} /> : null}
          {items.map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            const isSelected = selected?.has(rowKey(row)) ?? false;
            return (
              <tr
                key={rowKey(row)}
                data-index={item.index}
                aria-rowindex={item.index + 2}
                tabIndex={item.index === cursor ? 0 : -1}
                className={isSelected ? "selected" : undefined}
                onFocus={() => setCursor(item.index)}
                style={{ height }}
              >
                {onSelect ? (
                  <td>
                    <label className="check-cell">
                      <input
                        type="checkbox"
                        className="checkbox"
                        tabIndex={-1}
                        aria-label={texts.selectRow}
                        checked={isSelected}
                        onChange={() => toggle(row)}
                      />
                    </label>
                  </td>
                ) : null}
                {columns.map((column) => (
                  <td key={column.key} className={column.right ? "right" : undefined}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
          {after > 0 ? <Spacer height={after} span={span} /> : null}
        </tbody>
        {props.hasTotal ? (
          <tfoot>
            <tr>
              {onSelect ? <td /> : null}
              {columns.map((column) => (
                <td key={column.key} className={column.right ? "right nowrap" : "nowrap"}>
                  {column.total}
                </td>
              ))}
            </tr>
          </tfoot>
        ) : null}
      </table>
    </section>
  );
}

const Spacer = ({ height, span }: { height: number; span: number }) => (
  <tr className="row-spacer" style={{ height }}>
    <td colSpan={span} style={{ height }} />
  </tr>
);

function HeaderCell<Row>(props: {
  column: Column<Row>;
  sort: Sort | undefined;
  onSort: ((sort: Sort) => void) | undefined;
}) {
  const { column, sort, onSort } = props;
  const sorted = column.sort !== undefined && sort?.by === column.sort;
  const className = [column.right ? "right" : "", sorted ? "sorted" : ""].join(" ").trim() || undefined;
  const style = column.width === undefined ? undefined : { width: column.width };
  const name = column.sort;
  if (name === undefined || !onSort)
    return (
      <th scope="col" className={className} style={style}>
        {column.header}
      </th>
    );
  const Arrow = sort?.descending ? IconChevronDown : IconChevronUp;
  return (
    <th
      scope="col"
      className={className}
      style={style}
      aria-sort={sorted ? (sort?.descending ? "descending" : "ascending") : "none"}
    >
      <button
        type="button"
        className="sort-button"
        onClick={() => onSort({ by: name, descending: sorted ? !sort?.descending : Boolean(column.right) })}
      >
        {column.header}
        {sorted ? <Arrow size={13} stroke={1.75} aria-hidden="true" /> : null}
      </button>
    </th>
  );
}
