import type { ReactNode } from "react";
import type { CriterionInfo } from "#contracts/criteria.ts";
import type { ListRow, ListSum, ListValue } from "#contracts/lists.ts";
import { Amount } from "#ui/amount.tsx";
import type { Column } from "#ui/data-table.tsx";
import type { Formats } from "#ui/format.ts";
import { useFormats } from "#ui/locale.tsx";
import { lookUp, type Translate, useT } from "../../i18n/index.ts";

const isRight = (info: CriterionInfo): boolean => info.type === "money" || info.type === "integer";

/** A value of a list as people read it. */
export function valueText(info: CriterionInfo, value: ListValue, formats: Formats, t: Translate): string {
  if (value === null || value === "") return "";
  if (info.type === "boolean") return t(value === true ? "ui.yes" : "ui.no");
  if (info.type === "day") return formats.day(String(value));
  if (info.type === "choice")
    return info.choices?.find((one) => one.value === value)?.[formats.language] ?? String(value);
  if (info.type !== "integer") return String(value);
  const number = formats.number(Number(value));
  return info.unit ? `${number}\u00A0${lookUp(t, `unit.${info.unit}`, {}, info.unit)}` : number;
}

function Value(props: { info: CriterionInfo; value: ListValue; currency: string }) {
  const { t } = useT();
  const formats = useFormats();
  const { info, value } = props;
  if (value === null) return null;
  if (info.type === "money") return <Amount value={{ minor: String(value), currency: props.currency }} dash />;
  const text = valueText(info, value, formats, t);
  return <span className={info.type === "text" ? "t2" : "nowrap"}>{text}</span>;
}

/** Columns of a list from its criteria; `link` draws the one that opens the row. */
export function useListColumns(props: {
  columns: readonly CriterionInfo[];
  sums: readonly ListSum[];
  nameKey: string;
  link: (row: ListRow, text: ReactNode) => ReactNode;
}): Column<ListRow>[] {
  const { language } = useT();
  return props.columns.map((info) => ({
    key: info.key,
    header: info.label[language],
    sort: info.key,
    right: isRight(info),
    cell: (row) => {
      const value = row.values[info.key] ?? null;
      return info.key === props.nameKey ? (
        props.link(row, String(value ?? ""))
      ) : (
        <Value info={info} value={value} currency={row.currency} />
      );
    },
    total: info.type === "money" ? <Sums info={info} sums={props.sums} /> : undefined,
  }));
}

/** One total a currency. */
function Sums({ info, sums }: { info: CriterionInfo; sums: readonly ListSum[] }) {
  return (
    <>
      {sums.map((sum) => (
        <div key={sum.currency}>
          <Amount value={{ minor: sum.values[info.key] ?? "0", currency: sum.currency }} />
        </div>
      ))}
    </>
  );
}
