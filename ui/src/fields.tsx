import { IconAlertCircle } from "@tabler/icons-react";
import { type ReactNode, useEffect, useId, useState } from "react";
import { useLocale } from "./locale.tsx";
import { readDay } from "./typed-day.ts";

type Common = { label: ReactNode; hint?: ReactNode; error?: string | undefined; hideLabel?: boolean };

/** Label above, control, hint or error with the way out below. */
export function Field(props: Common & { children: (ids: FieldIds) => ReactNode }) {
  const id = useId();
  const below = props.error || props.hint ? `${id}-below` : undefined;
  return (
    <div>
      <label className={props.hideLabel ? "visually-hidden" : "field-label"} htmlFor={id}>
        {props.label}
      </label>
      {props.children({ id, "aria-describedby": below, "aria-invalid": props.error ? true : undefined })}
      {props.error ? (
        <div className="field-error" id={below}>
          <IconAlertCircle className="icon-s" stroke={1.75} aria-hidden="true" />
          {props.error}
        </div>
      ) : props.hint ? (
        <div className="field-hint" id={below}>
          {props.hint}
        </div>
      ) : null}
    </div>
  );
}

type FieldIds = {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
};

type TextProps = Common & {
  value: string;
  onChange: (value: string) => void;
  type?: "text" | "email" | "password" | "number" | "search" | "url" | "tel";
  placeholder?: string;
  autoComplete?: string;
  required?: boolean;
  disabled?: boolean;
  small?: boolean;
  name?: string;
  inputMode?: "numeric" | "decimal";
};

export function TextField(props: TextProps) {
  return (
    <Field {...props}>
      {(ids) => (
        <input
          {...ids}
          className={props.small ? "input input-small" : "input"}
          type={props.type ?? "text"}
          name={props.name}
          value={props.value}
          placeholder={props.placeholder}
          autoComplete={props.autoComplete ?? "off"}
          inputMode={props.inputMode}
          required={props.required}
          disabled={props.disabled}
          onChange={(event) => props.onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

export function TextArea(props: Common & { value: string; onChange: (value: string) => void; rows?: number }) {
  return (
    <Field {...props}>
      {(ids) => (
        <textarea
          {...ids}
          className="input"
          rows={props.rows ?? 3}
          value={props.value}
          onChange={(event) => props.onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** One of a list; native, so it works with every keyboard and on a phone. */
export function Choice<Key extends string>(
  props: Common & {
    value: Key | "";
    onChange: (value: Key) => void;
    options: readonly { value: Key; label: string }[];
    placeholder?: string;
    small?: boolean;
    disabled?: boolean;
  },
) {
  return (
    <Field {...props}>
      {(ids) => (
        <select
          {...ids}
          className={props.small ? "input input-small" : "input"}
          value={props.value}
          disabled={props.disabled}
          onChange={(event) => {
            const chosen = props.options.find((option) => option.value === event.currentTarget.value);
            if (chosen) props.onChange(chosen.value);
          }}
        >
          {props.placeholder !== undefined && props.value === "" ? (
            <option value="" disabled>
              {props.placeholder}
            </option>
          ) : null}
          {props.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function CheckField(props: {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
  disabled?: boolean;
}) {
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={props.checked}
        disabled={props.disabled}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <span>{props.children}</span>
    </label>
  );
}

/** A day, typed as people write it ("24/11", "+10", "vendredi"); the day it was understood as stands written out. */
export function DayField(
  props: Common & { value: string; onChange: (day: string) => void; small?: boolean; optional?: boolean },
) {
  const { formats, texts, today } = useLocale();
  const [typed, setTyped] = useState(props.value ? formats.day(props.value) : "");
  const [wrong, setWrong] = useState(false);
  useEffect(() => {
    setTyped(props.value ? formats.day(props.value) : "");
    setWrong(false);
  }, [props.value, formats]);
  const commit = () => {
    if (typed.trim() === "" && props.optional) return props.onChange("");
    const day = readDay(typed, today, formats.language);
    setWrong(!day);
    if (day) {
      setTyped(formats.day(day));
      if (day !== props.value) props.onChange(day);
    }
  };
  return (
    <Field {...props} error={wrong ? texts.dayUnknown : props.error}>
      {(ids) => (
        <input
          {...ids}
          className={props.small ? "input input-small" : "input"}
          value={typed}
          autoComplete="off"
          onChange={(event) => setTyped(event.currentTarget.value)}
          onBlur={commit}
          onKeyDown={(event) => {
            if (event.key === "Enter") commit();
          }}
        />
      )}
    </Field>
  );
}
