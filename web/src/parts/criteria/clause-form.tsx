import { useState } from "react";
import type { CriterionInfo, CriterionValue, Operator } from "#contracts/criteria.ts";
import { Button } from "#ui/button.tsx";
import { CheckField, Choice, DayField, TextField } from "#ui/fields.tsx";
import { decimalText, readAmount } from "#ui/format.ts";
import { useFormats } from "#ui/locale.tsx";
import { useT } from "../../i18n/index.ts";
import { useWorkplace } from "../../session.tsx";
import type { Clause } from "./codec.ts";
import { currencyOf, isBare, operatorWords } from "./criteria.ts";

/** Criterion, operator, value: one condition, made or changed. */
export function ClauseForm(props: {
  criteria: readonly CriterionInfo[];
  clause?: Clause | undefined;
  onDone: (clause: Clause) => void;
  onCancel: () => void;
}) {
  const { t, language } = useT();
  const formats = useFormats();
  const [key, setKey] = useState(props.clause?.criterion ?? "");
  const info = props.criteria.find((one) => one.key === key);
  const [operator, setOperator] = useState<Operator | "">(props.clause?.operator ?? "");
  const [value, setValue] = useState<CriterionValue | undefined>(props.clause?.value);
  const sorted = [...props.criteria].sort((a, b) => formats.compare(a.label[language], b.label[language]));
  const complete =
    info !== undefined &&
    operator !== "" &&
    (isBare(operator) || (value !== undefined && value !== "" && value !== null));

  return (
    <div className="stack gap-12" style={{ minWidth: 280 }}>
      <Choice
        label={t("filter.criterion")}
        value={key}
        placeholder={t("filter.choose")}
        options={sorted.map((one) => ({ value: one.key, label: one.label[language] }))}
        onChange={(next) => {
          setKey(next);
          const chosen = props.criteria.find((one) => one.key === next);
          setOperator(firstOperator(chosen));
          setValue(chosen?.type === "boolean" ? true : undefined);
        }}
      />
      {info ? (
        <Choice
          label={t("filter.operator")}
          value={operator}
          options={info.operators.map((one) => ({ value: one, label: operatorWords(one, t) }))}
          onChange={(next) => {
            setOperator(next);
            setValue(info.type === "boolean" ? true : undefined);
          }}
        />
      ) : null}
      {info && operator && !isBare(operator) ? (
        <ValueField key={`${key}${operator}`} info={info} operator={operator} value={value} onChange={setValue} />
      ) : null}
      <div className="row">
        <Button
          tone="primary"
          size="small"
          disabled={!complete}
          onClick={() => {
            if (!operator) return;
            props.onDone({ criterion: key, operator, ...(isBare(operator) || value === undefined ? {} : { value }) });
          }}
        >
          {t("filter.apply")}
        </Button>
        <Button tone="quiet" size="small" onClick={props.onCancel}>
          {t("ui.cancel")}
        </Button>
      </div>
    </div>
  );
}

const firstOperator = (info: CriterionInfo | undefined): Operator | "" => {
  if (!info) return "";
  const wished: Operator = info.type === "text" ? "contains" : info.type === "choice" ? "is_one_of" : "at_least";
  return info.operators.includes(wished) ? wished : (info.operators[0] ?? "");
};

type ValueProps = {
  info: CriterionInfo;
  operator: Operator;
  value: CriterionValue | undefined;
  onChange: (value: CriterionValue | undefined) => void;
};

function ValueField({ info, operator, value, onChange }: ValueProps) {
  const { t, language } = useT();
  if (operator === "between") return <PairField info={info} operator={operator} value={value} onChange={onChange} />;
  if (info.type === "boolean")
    return (
      <Choice
        label={t("filter.value")}
        value={value === false ? "no" : "yes"}
        options={[
          { value: "yes", label: t("ui.yes") },
          { value: "no", label: t("ui.no") },
        ]}
        onChange={(next) => onChange(next === "yes")}
      />
    );
  if (info.type === "choice" && info.choices) {
    const list = Array.isArray(value) ? value : typeof value === "string" ? [value] : [];
    const many = operator === "is_one_of" || operator === "is_none_of";
    if (!many)
      return (
        <Choice
          label={t("filter.value")}
          value={list[0] ?? ""}
          placeholder={t("filter.choose")}
          options={info.choices.map((one) => ({ value: one.value, label: one[language] }))}
          onChange={onChange}
        />
      );
    return (
      <fieldset className="stack" style={{ gap: 2, maxHeight: 220, overflowY: "auto" }}>
        <legend className="field-label">{t("filter.value")}</legend>
        {info.choices.map((one) => (
          <CheckField
            key={one.value}
            checked={list.includes(one.value)}
            onChange={(on) => {
              const next = on ? [...list, one.value] : list.filter((other) => other !== one.value);
              onChange(next.length === 0 ? undefined : next);
            }}
          >
            {one[language]}
          </CheckField>
        ))}
      </fieldset>
    );
  }
  if (operator === "is_one_of" || operator === "is_none_of")
    return (
      <TextField
        label={t("filter.value")}
        hint={t("filter.commas")}
        value={Array.isArray(value) ? value.join(", ") : ""}
        onChange={(text) =>
          onChange(
            text
              .split(",")
              .map((one) => one.trim())
              .filter(Boolean),
          )
        }
      />
    );
  return <SingleField info={info} operator={operator} value={value} onChange={onChange} label={t("filter.value")} />;
}

function SingleField({ info, operator, value, onChange, label }: ValueProps & { label: string }) {
  const { t } = useT();
  const { session } = useWorkplace();
  const currency = currencyOf(info, session.tenant.reportingCurrency);
  const isDay = info.type === "day" && !operator.startsWith("days_ago");
  const [typed, setTyped] = useState(() =>
    info.type === "money" && typeof value === "string" ? decimalText({ minor: value, currency }) : String(value ?? ""),
  );
  if (isDay) return <DayField label={label} value={typeof value === "string" ? value : ""} onChange={onChange} />;
  if (info.type === "text")
    return <TextField label={label} value={typeof value === "string" ? value : ""} onChange={onChange} />;
  const isMoney = info.type === "money";
  const wrong = typed.trim() !== "" && value === undefined;
  return (
    <TextField
      label={isMoney ? `${label} (${currency})` : label}
      inputMode="decimal"
      value={typed}
      error={wrong ? t("filter.notANumber") : undefined}
      onChange={(text) => {
        setTyped(text);
        if (isMoney) onChange(readAmount(text, currency));
        else onChange(/^-?\d{1,9}$/.test(text.trim()) ? Number(text) : undefined);
      }}
    />
  );
}

/** From and to, both included. The pair travels as a list of two texts. */
function PairField(props: ValueProps) {
  const { t } = useT();
  const [from, to] = Array.isArray(props.value) ? props.value : [];
  const [low, setLow] = useState<CriterionValue | undefined>(from);
  const [high, setHigh] = useState<CriterionValue | undefined>(to);
  const send = (first: CriterionValue | undefined, second: CriterionValue | undefined) =>
    props.onChange(first !== undefined && second !== undefined ? [String(first), String(second)] : undefined);
  return (
    <div className="fields fields-2">
      <SingleField
        {...props}
        operator="at_least"
        label={t("filter.from")}
        value={low}
        onChange={(next) => {
          setLow(next);
          send(next, high);
        }}
      />
      <SingleField
        {...props}
        operator="at_most"
        label={t("filter.to")}
        value={high}
        onChange={(next) => {
          setHigh(next);
          send(low, next);
        }}
      />
    </div>
  );
}
