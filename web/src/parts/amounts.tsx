import { Fragment } from "react";
import { Amount } from "#ui/amount.tsx";
import type { Amount as AmountValue } from "#ui/format.ts";

/** One sum per currency, never added across. */
export function Amounts({ values, quiet = false }: { values: readonly AmountValue[]; quiet?: boolean }) {
  if (values.length === 0) return <span className="t3">–</span>;
  return (
    <>
      {values.map((value, index) => (
        <Fragment key={value.currency}>
          {index > 0 ? " " : null}
          <span className="nowrap">
            {index > 0 ? <span className="t3">+ </span> : null}
            <Amount value={value} quiet={quiet} />
          </span>
        </Fragment>
      ))}
    </>
  );
}
