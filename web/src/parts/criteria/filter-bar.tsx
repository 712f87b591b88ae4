import { Popover } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import type { CriterionInfo } from "#contracts/criteria.ts";
import { Key } from "#ui/key.tsx";
import { useFormats } from "#ui/locale.tsx";
import { useT } from "../../i18n/index.ts";
import { useWorkplace } from "../../session.tsx";
import { useHotkeys } from "../../shell/hotkeys.ts";
import { ClauseForm } from "./clause-form.tsx";
import type { Clause } from "./codec.ts";
import { operatorWords, valueWords } from "./criteria.ts";

/** One chip per criterion: quiet field name, bold value, cross. F adds one. */
export function FilterBar(props: {
  criteria: readonly CriterionInfo[];
  clauses: readonly Clause[];
  onChange: (clauses: Clause[]) => void;
  /** What stands before the chips: search box, date. */
  before?: ReactNode;
  after?: ReactNode;
  hotkey?: boolean;
  addLabel?: string;
}) {
  const { t } = useT();
  const [editing, setEditing] = useState<number | "new" | undefined>();
  useHotkeys(props.hotkey === false ? {} : { f: () => setEditing("new") });
  const close = () => setEditing(undefined);
  const replace = (index: number, clause: Clause) => {
    props.onChange(props.clauses.map((one, at) => (at === index ? clause : one)));
    close();
  };
  return (
    <search className="filters" aria-label={t("filter.label")}>
      {props.before}
      {props.clauses.map((clause, index) => (
        <Popover
          // biome-ignore lint/suspicious/noArrayIndexKey: the place of a condition in its list is its identity
          key={index}
          opened={editing === index}
          onChange={(opened) => !opened && close()}
          position="bottom-start"
          trapFocus
          withRoles={false}
        >
          <Popover.Target>
            <span className="chip chip-on">
              <button
                type="button"
                className="chip-body"
                aria-haspopup="dialog"
                aria-expanded={editing === index}
                onClick={() => setEditing(index)}
              >
                <ClauseWords clause={clause} criteria={props.criteria} />
              </button>
              <button
                type="button"
                className="chip-cross"
                aria-label={t("filter.removeOne")}
                onClick={() => props.onChange(props.clauses.filter((_, at) => at !== index))}
              >
                <IconX className="icon-s" stroke={1.75} aria-hidden="true" />
              </button>
            </span>
          </Popover.Target>
          <Popover.Dropdown role="dialog" aria-label={t("filter.label")}>
            <ClauseForm
              criteria={props.criteria}
              clause={clause}
              onDone={(next) => replace(index, next)}
              onCancel={close}
            />
          </Popover.Dropdown>
        </Popover>
      ))}
      <Popover opened={editing === "new"} onChange={(opened) => !opened && close()} position="bottom-start" trapFocus>
        <Popover.Target>
          <button type="button" className="chip chip-add" onClick={() => setEditing("new")}>
            <IconPlus className="icon-s" stroke={1.75} aria-hidden="true" />
            {props.addLabel ?? t("filter.add")}
            {props.hotkey === false ? null : <Key>F</Key>}
          </button>
        </Popover.Target>
        <Popover.Dropdown>
          {editing === "new" ? (
            <ClauseForm
              criteria={props.criteria}
              onDone={(clause) => {
                props.onChange([...props.clauses, clause]);
                close();
              }}
              onCancel={close}
            />
          ) : null}
        </Popover.Dropdown>
      </Popover>
      {props.after}
    </search>
  );
}

/** "Reste dû ≥ 2 000,00 €" */
export function ClauseWords({ clause, criteria }: { clause: Clause; criteria: readonly CriterionInfo[] }) {
  const { t, language } = useT();
  const formats = useFormats();
  const { session } = useWorkplace();
  const info = criteria.find((one) => one.key === clause.criterion);
  if (!info) return <span className="chip-key">{clause.criterion}</span>;
  const words = valueWords(info, clause.value, formats, t, session.tenant.reportingCurrency);
  const plain = clause.operator === "is" || clause.operator === "is_one_of";
  return (
    <>
      <span className="chip-key">{info.label[language]}</span>
      {plain ? null : <span>{operatorWords(clause.operator, t)}</span>}
      <b>{words}</b>
    </>
  );
}
