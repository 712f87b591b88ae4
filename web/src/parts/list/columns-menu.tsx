import { Popover } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconColumns3, IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { CriterionInfo } from "#contracts/criteria.ts";
import { Button, buttonClass } from "#ui/button.tsx";
import { TextField } from "#ui/fields.tsx";
import { useT } from "../../i18n/index.ts";

/** Which criteria a list shows and in which order: with buttons, without dragging. */
export function ColumnsMenu(props: {
  criteria: readonly CriterionInfo[];
  shown: readonly string[];
  /** Undefined: the columns as shipped. */
  onChange: (keys: readonly string[] | undefined) => void;
}) {
  const { t, language } = useT();
  const [text, setText] = useState("");
  const { shown, onChange } = props;
  const labelOf = (key: string) => props.criteria.find((one) => one.key === key)?.label[language] ?? key;
  const wanted = text.trim().toLowerCase();
  const others = props.criteria
    .filter((one) => !shown.includes(one.key) && one.label[language].toLowerCase().includes(wanted))
    .sort((a, b) => a.label[language].localeCompare(b.label[language], language));
  const move = (index: number, by: number) => {
    const next = [...shown];
    const [key] = next.splice(index, 1);
    if (key !== undefined) next.splice(index + by, 0, key);
    onChange(next);
  };
  return (
    <Popover position="bottom-end" width={340} trapFocus shadow="md">
      <Popover.Target>
        <button type="button" className={buttonClass({ size: "small" })}>
          <IconColumns3 className="icon-s" stroke={1.75} aria-hidden="true" />
          {t("list.columns")}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className="stack gap-12">
          <ol className="plain-list" aria-label={t("list.shownColumns")} style={{ maxHeight: 260, overflowY: "auto" }}>
            {shown.map((key, index) => (
              <li key={key} className="row gap-8" style={{ padding: "3px 0" }}>
                <span className="grow clip">{labelOf(key)}</span>
                <IconButton
                  label={t("list.columnUp", { name: labelOf(key) })}
                  icon={IconArrowUp}
                  disabled={index === 0}
                  onClick={() => move(index, -1)}
                />
                <IconButton
                  label={t("list.columnDown", { name: labelOf(key) })}
                  icon={IconArrowDown}
                  disabled={index === shown.length - 1}
                  onClick={() => move(index, 1)}
                />
                <IconButton
                  label={t("list.columnOff", { name: labelOf(key) })}
                  icon={IconX}
                  disabled={shown.length === 1}
                  onClick={() => onChange(shown.filter((one) => one !== key))}
                />
              </li>
            ))}
          </ol>
          <TextField
            label={t("list.findColumn")}
            hideLabel
            small
            type="search"
            placeholder={t("list.findColumn")}
            value={text}
            onChange={setText}
          />
          <ul className="plain-list" aria-label={t("list.otherColumns")} style={{ maxHeight: 220, overflowY: "auto" }}>
            {others.map((one) => (
              <li key={one.key}>
                <button
                  type="button"
                  className="menu-line"
                  disabled={shown.length >= 30}
                  onClick={() => onChange([...shown, one.key])}
                >
                  {one.label[language]}
                </button>
              </li>
            ))}
          </ul>
          <Button size="small" onClick={() => onChange(undefined)}>
            {t("list.shippedColumns")}
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function IconButton(props: { label: string; icon: typeof IconX; disabled: boolean; onClick: () => void }) {
  const Glyph = props.icon;
  return (
    <button
      type="button"
      className="chip-cross"
      aria-label={props.label}
      title={props.label}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      <Glyph className="icon-s" stroke={1.75} aria-hidden="true" />
    </button>
  );
}
