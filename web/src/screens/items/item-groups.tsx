import type { CriterionInfo } from "#contracts/criteria.ts";
import type { ItemSums } from "#contracts/item-sums.ts";
import { Amount } from "#ui/amount.tsx";
import { type Column, DataTable } from "#ui/data-table.tsx";
import { useFormats } from "#ui/locale.tsx";
import { EmptyState } from "#ui/states.tsx";
import { useT } from "../../i18n/index.ts";
import type { Clause } from "../../parts/criteria/codec.ts";
import { valueText } from "../../parts/list/list-parts.tsx";

type Group = ItemSums["groups"][number];

/** One line per value of a criterion and currency, with count and amounts of all its items; a line opens them. */
export function ItemGroups(props: {
  data: ItemSums;
  criterion: CriterionInfo | undefined;
  onOpen: (clause: Clause) => void;
}) {
  const { t, language } = useT();
  const formats = useFormats();
  const { data, criterion } = props;
  if (!criterion || data.groups.length === 0)
    return <EmptyState title={t("list.none")}>{t("list.noneText")}</EmptyState>;
  const name = (group: Group) => valueText(criterion, group.value, formats, t) || t("list.without");
  const open = (group: Group) =>
    props.onOpen(
      group.value === null
        ? { criterion: criterion.key, operator: "is_empty" }
        : { criterion: criterion.key, operator: "is", value: group.value },
    );
  const amounts = [
    ["overdueMinor", t("balance.overdue")],
    ["openMinor", t("field.openAmount")],
  ] as const;
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
      header: t("nav.items"),
      right: true,
      cell: (group) => formats.number(group.items),
      total: formats.number(data.items),
    },
    ...amounts.map(
      ([key, header]): Column<Group> => ({
        key,
        header,
        right: true,
        cell: (group) => <Amount value={{ minor: group[key], currency: group.currency }} dash />,
        total: data.sums.map((sum) => (
          <div key={sum.currency}>
            <Amount value={{ minor: sum[key], currency: sum.currency }} />
          </div>
        )),
      }),
    ),
  ];
  return (
    <DataTable
      label={criterion.label[language]}
      rows={data.groups}
      count={data.groups.length}
      columns={columns}
      rowKey={(group) => `${String(group.value)}${group.currency}`}
      compact={false}
      hasTotal
      onOpen={open}
      phone={(group) => ({
        title: (
          <button type="button" className="link-button" onClick={() => open(group)}>
            {name(group)}
          </button>
        ),
        below: t("items.count", { count: group.items }),
        amount: <Amount value={{ minor: group.openMinor, currency: group.currency }} dash />,
      })}
    />
  );
}
