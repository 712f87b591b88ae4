import type { CriterionInfo } from "#contracts/criteria.ts";
import type { ListPage } from "#contracts/lists.ts";
import { Amount } from "#ui/amount.tsx";
import { type Column, DataTable } from "#ui/data-table.tsx";
import { useFormats } from "#ui/locale.tsx";
import { EmptyState } from "#ui/states.tsx";
import { useT } from "../../i18n/index.ts";
import type { Clause } from "../criteria/codec.ts";
import { valueText } from "./list-parts.tsx";

type Group = ListPage["groups"][number];

/** One line per value of a criterion with count and totals; a line opens its rows. */
export function Groups(props: {
  page: ListPage;
  criterion: CriterionInfo | undefined;
  onOpen: (clause: Clause) => void;
}) {
  const { t, language } = useT();
  const formats = useFormats();
  const { page, criterion } = props;
  if (!criterion || page.groups.length === 0)
    return <EmptyState title={t("list.none")}>{t("list.noneText")}</EmptyState>;
  const name = (group: Group) => valueText(criterion, group.value, formats, t) || t("list.without");
  const open = (group: Group) => props.onOpen(clauseOf(criterion, group));
  const money = page.columns.filter((column) => column.type === "money");
  const total = page.sums.reduce((sum, one) => sum + one.count, 0);
  const columns: Column<Group>[] = [
    {
      key: "value",
      header: criterion.label[language],
      cell: (group) => (
        <button type="button" className="link-button" onClick={() => open(group)}>
          {name(group)}
        </button>
      ),
      total: t("list.total"),
    },
    {
      key: "count",
      header: t("list.count"),
      right: true,
      cell: (group) => formats.number(group.count),
      total: formats.number(total),
    },
    ...money.map(
      (column): Column<Group> => ({
        key: column.key,
        header: column.label[language],
        right: true,
        cell: (group) => <Amount value={{ minor: group.values[column.key] ?? "0", currency: group.currency }} dash />,
        total: page.sums.map((sum) => (
          <div key={sum.currency}>
            <Amount value={{ minor: sum.values[column.key] ?? "0", currency: sum.currency }} />
          </div>
        )),
      }),
    ),
  ];
  return (
    <DataTable
      label={criterion.label[language]}
      rows={page.groups}
      count={page.groups.length}
      columns={columns}
      rowKey={(group) => `${String(group.value)}${group.currency}`}
      compact={false}
      hasTotal
      onOpen={open}
      phone={(group) => {
        const [first] = money;
        return {
          title: (
            <button type="button" className="link-button" onClick={() => open(group)}>
              {name(group)}
            </button>
          ),
          below: t("list.rows", { count: group.count }),
          amount: first ? (
            <Amount value={{ minor: group.values[first.key] ?? "0", currency: group.currency }} dash />
          ) : null,
        };
      }}
    />
  );
}

function clauseOf(criterion: CriterionInfo, group: Group): Clause {
  if (group.value === null) return { criterion: criterion.key, operator: "is_empty" };
  return { criterion: criterion.key, operator: "is", value: group.value };
}
