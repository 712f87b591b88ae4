import { IconBriefcase } from "@tabler/icons-react";
import { useT } from "../i18n/index.ts";
import { type Clause, readClauses, writeClauses } from "./criteria/codec.ts";

/** Only what is in the reader's own portfolio: one button, pressed or not. */
export function MyPortfolio(props: { on: boolean; onChange: (on: boolean) => void }) {
  const { t } = useT();
  return (
    <button
      type="button"
      className={props.on ? "chip chip-on" : "chip"}
      aria-pressed={props.on}
      onClick={() => props.onChange(!props.on)}
    >
      <IconBriefcase className="icon-s" stroke={1.75} aria-hidden="true" />
      {t("portfolio.mine")}
    </button>
  );
}

const isMine = (criterion: string) => (clause: Clause) =>
  clause.criterion === criterion && clause.operator === "is" && clause.value === "me";

/** The same as a condition among those of a list's address: a shared view then shows everybody their own. */
export function MyPortfolioClause(props: {
  criterion: "customer.owner" | "item.customer_owner";
  /** The conditions as they stand in the address. */
  written: string | undefined;
  onChange: (written: string | undefined) => void;
}) {
  const { criterion, onChange } = props;
  const clauses = readClauses(props.written);
  const mine = isMine(criterion);
  return (
    <MyPortfolio
      on={clauses.some(mine)}
      onChange={(on) => {
        const others = clauses.filter((clause) => clause.criterion !== criterion);
        const next: readonly Clause[] = on ? [{ criterion, operator: "is", value: "me" }, ...others] : others;
        onChange(writeClauses(next) || undefined);
      }}
    />
  );
}
