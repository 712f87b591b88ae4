import { IconCheck } from "@tabler/icons-react";
import { type TextKey, useT } from "../../i18n/index.ts";

const STEPS: readonly TextKey[] = ["imports.step1", "imports.step2", "imports.step3"];

export function Steps({ at }: { at: 1 | 2 | 3 | 4 }) {
  const { t } = useT();
  return (
    <ol className="steps">
      {STEPS.map((label, index) => {
        const number = index + 1;
        return (
          <li
            key={label}
            className={number < at ? "steps-done" : number === at ? "steps-on" : undefined}
            aria-current={number === at ? "step" : undefined}
          >
            {number < at ? <IconCheck className="icon" stroke={1.75} aria-hidden="true" /> : <b>{number}</b>}
            {t(label)}
          </li>
        );
      })}
    </ol>
  );
}
