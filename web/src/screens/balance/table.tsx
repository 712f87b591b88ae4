import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { Fragment, type KeyboardEvent, useState } from "react";
import type { AgedBalance, AgedRow } from "#contracts/receivables.ts";
import { AgeingBar } from "#ui/ageing-bar.tsx";
import { Amount } from "#ui/amount.tsx";
import { Button } from "#ui/button.tsx";
import { useFormats } from "#ui/locale.tsx";
import { usePhone } from "#ui/use-phone.ts";
import { useT } from "../../i18n/index.ts";
import { bucketLabel, bucketShade, overdueShare } from "../../parts/buckets.ts";
import { Drill } from "./drill.tsx";

type Patch = (patch: Readonly<Record<string, string | undefined>>) => void;
type TableProps = { data: AgedBalance; search: Readonly<Record<string, string>>; set: Patch };

const STEP = 100;

const parts = (row: AgedRow, data: AgedBalance, label: (index: number) => string) =>
  row.buckets.map((minor, index) => {
    const bucket = data.buckets[index];
    return { label: label(index), amount: { minor, currency: row.currency }, shade: bucket ? bucketShade(bucket) : 4 };
  });

/** Credits and unapplied cash stand in their own column, never inside a bucket. */
const credits = (row: AgedRow) => String(BigInt(row.unapplied) + BigInt(row.creditNotes));

export function BalanceTable(props: TableProps) {
  const phone = usePhone();
  return phone ? <PhoneBalance {...props} /> : <WideBalance {...props} />;
}

function WideBalance({ data, search, set }: TableProps) {
  const { t } = useT();
  const formats = useFormats();
  const [shown, setShown] = useState(STEP);
  const label = (index: number) => {
    const bucket = data.buckets[index];
    return bucket ? bucketLabel(bucket, t) : "";
  };
  const [openKey, openColumn] = (search.open ?? "").split(":");
  const opened = (key: string, column: string) => openKey === key && openColumn === column;
  const toggle = (key: string, column: string) => set({ open: opened(key, column) ? undefined : `${key}:${column}` });
  const span = data.buckets.length + 4;
  const sort = search.sort ?? "total";
  const descending = (search.dir ?? "desc") === "desc";
  const head = (name: string, text: string, right = true) => (
    <th
      scope="col"
      className={`${right ? "right" : ""}${sort === name ? " sorted" : ""}`}
      aria-sort={sort === name ? (descending ? "descending" : "ascending") : "none"}
    >
      <button
        type="button"
        className="sort-button"
        onClick={() => set({ sort: name, dir: sort === name && descending ? "asc" : "desc" })}
      >
        {text}
        {sort === name ? (
          <IconChevronDown size={13} stroke={1.75} aria-hidden="true" className={descending ? "" : "flip"} />
        ) : null}
      </button>
    </th>
  );
  const onKey = (event: KeyboardEvent<HTMLTableSectionElement>) => {
    const step =
      event.key === "ArrowDown" || event.key === "j" ? 1 : event.key === "ArrowUp" || event.key === "k" ? -1 : 0;
    const current = event.target instanceof HTMLElement ? event.target.closest("tr[data-row]") : null;
    if (step === 0 || !current) return;
    let next = step === 1 ? current.nextElementSibling : current.previousElementSibling;
    while (next && !next.hasAttribute("data-row"))
      next = step === 1 ? next.nextElementSibling : next.previousElementSibling;
    const target = next?.querySelector<HTMLElement>("button");
    if (!target) return;
    event.preventDefault();
    target.focus();
  };
  return (
    <div className="balance-scroll">
      <table className="table balance">
        <caption className="visually-hidden">{t("nav.balance")}</caption>
        <thead>
          <tr>
            {head("name", t(`by.${data.by}`), false)}
            {head("total", t("balance.outstanding"))}
            {data.buckets.map((bucket, index) => (
              <Fragment key={bucketLabel(bucket, t)}>{head(String(index), bucketLabel(bucket, t))}</Fragment>
            ))}
            {head("credits", t("balance.credits"))}
            {head("overdue", t("balance.overdue"), false)}
          </tr>
        </thead>
        <tbody onKeyDown={onKey}>
          {data.rows.slice(0, shown).map((row) => {
            const isOpen = openKey === row.key;
            const cell = (column: string, minor: string) =>
              /^-?0*$/.test(minor) ? (
                <span className="t3">–</span>
              ) : (
                <button
                  type="button"
                  className={opened(row.key, column) ? "figure figure-open" : "figure"}
                  aria-expanded={opened(row.key, column)}
                  onClick={() => toggle(row.key, column)}
                >
                  <Amount
                    value={{ minor, currency: row.currency }}
                    quiet={column !== "total"}
                    bare={column !== "total"}
                  />
                </button>
              );
            return (
              <Fragment key={`${row.key}${row.currency}`}>
                <tr data-row className={isOpen ? "cursor" : undefined}>
                  <td>
                    <button
                      type="button"
                      className="link-button link-quiet row gap-4"
                      aria-expanded={isOpen}
                      onClick={() => toggle(row.key, isOpen ? (openColumn ?? "total") : "total")}
                    >
                      {isOpen ? (
                        <IconChevronDown className="icon t3" stroke={1.75} aria-hidden="true" />
                      ) : (
                        <IconChevronRight className="icon t3" stroke={1.75} aria-hidden="true" />
                      )}
                      <span className="clip balance-name" title={row.number ?? undefined}>
                        {row.name}
                      </span>
                    </button>
                  </td>
                  <td className="right">{cell("total", row.total)}</td>
                  {row.buckets.map((minor, index) => (
                    <td className="right" key={label(index)}>
                      {cell(String(index), minor)}
                    </td>
                  ))}
                  <td className="right">{cell("credits", credits(row))}</td>
                  <td>
                    <div className="row balance-bar">
                      <AgeingBar thin parts={parts(row, data, label)} />
                      <span className="t2 right">{formats.percent(Math.round(overdueShare(row) * 100) / 100)}</span>
                    </div>
                  </td>
                </tr>
                {isOpen && openColumn ? (
                  <tr className="drill-row">
                    <td colSpan={span}>
                      <Drill data={data} row={row} column={openColumn} />
                    </td>
                  </tr>
                ) : null}
              </Fragment>
            );
          })}
          {shown < data.rows.length ? (
            <tr>
              <td colSpan={span}>
                <Button size="small" tone="quiet" onClick={() => setShown(shown + STEP * 5)}>
                  {t("balance.more", { count: data.rowCount - shown })}
                </Button>
              </td>
            </tr>
          ) : null}
        </tbody>
        <tfoot>
          {data.totals.map((total) => (
            <tr key={total.currency}>
              <td>{t(`balance.count.${data.by}`, { count: data.rowCount })}</td>
              <td className="right">
                <Amount value={{ minor: total.total, currency: total.currency }} total />
              </td>
              {total.buckets.map((minor, index) => (
                <td className="right" key={label(index)}>
                  <Amount value={{ minor, currency: total.currency }} total dash bare />
                </td>
              ))}
              <td className="right">
                <Amount value={{ minor: credits(total), currency: total.currency }} total dash bare />
              </td>
              <td>
                <div className="row balance-bar">
                  <AgeingBar thin parts={parts(total, data, label)} />
                  <span className="right">{formats.percent(Math.round(overdueShare(total) * 100) / 100)}</span>
                </div>
              </td>
            </tr>
          ))}
        </tfoot>
      </table>
    </div>
  );
}

function PhoneBalance({ data }: TableProps) {
  const { t } = useT();
  const label = (index: number) => {
    const bucket = data.buckets[index];
    return bucket ? bucketLabel(bucket, t) : "";
  };
  return (
    <ul className="list-two-lines">
      {data.rows.map((row) => (
        <li key={`${row.key}${row.currency}`}>
          <div className="grow">
            {data.by === "customer" ? (
              <Link className="link-quiet" to="/customers/$customerId" params={{ customerId: row.key }}>
                {row.name}
              </Link>
            ) : (
              <span className="medium">{row.name}</span>
            )}
            <div style={{ margin: "6px 0 4px" }}>
              <AgeingBar thin parts={parts(row, data, label)} />
            </div>
            <span className="small t2">
              {t("balance.ofWhichOverdue")} <Amount value={{ minor: row.overdue, currency: row.currency }} quiet />
            </span>
          </div>
          <div className="right">
            <Amount value={{ minor: row.total, currency: row.currency }} />
          </div>
        </li>
      ))}
    </ul>
  );
}
