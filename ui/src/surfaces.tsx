import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";

/** White sheet on paper. `title` gives it a heading row. */
export function Sheet(props: {
  title?: ReactNode;
  hint?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
  label?: string;
}) {
  return (
    <section className="sheet" aria-label={props.label}>
      {props.title !== undefined ? (
        <div className="sheet-head">
          <h2 className="h3">{props.title}</h2>
          {props.hint ? <p>{props.hint}</p> : null}
          {props.actions ? <div className="sheet-actions">{props.actions}</div> : null}
        </div>
      ) : null}
      {props.children}
    </section>
  );
}

export type Figure = { label: ReactNode; value: ReactNode; below?: ReactNode; wide?: boolean; key: string };

/** Figures between hairlines; replaces cards. */
export function Strip({ figures }: { figures: readonly Figure[] }) {
  return (
    <dl className="strip">
      {figures.map((figure) => (
        <div key={figure.key} className={figure.wide ? "strip-wide" : undefined}>
          <dt>{figure.label}</dt>
          <dd>{figure.value}</dd>
          {figure.below ? <dd className="strip-sub">{figure.below}</dd> : null}
        </div>
      ))}
    </dl>
  );
}

/** Last line of every balance: whether it ties, by how much it does not, and where the proof is. */
export function ProofLine(props: { ties: boolean; children: ReactNode; link?: ReactNode }) {
  const Glyph = props.ties ? IconCircleCheck : IconAlertTriangle;
  return (
    <div className={props.ties ? "proof" : "proof proof-gap"}>
      <Glyph className="icon" stroke={1.75} aria-hidden="true" />
      {props.children}
      <span className="grow" />
      {props.link}
    </div>
  );
}

const NOTE_ICONS = {
  warning: IconAlertTriangle,
  danger: IconAlertTriangle,
  info: IconInfoCircle,
  success: IconCircleCheck,
};

/** A quiet box that says one thing. */
export function Note(props: { tone?: keyof typeof NOTE_ICONS; children: ReactNode; role?: "status" | "alert" }) {
  const { tone = "warning" } = props;
  const Glyph = NOTE_ICONS[tone];
  return (
    <div className={tone === "warning" ? "note" : `note note-${tone}`} role={props.role}>
      <Glyph className="icon" stroke={1.75} aria-hidden="true" />
      <div className="grow">{props.children}</div>
    </div>
  );
}

/** Title row of a page: what it is, one sentence that says something, actions on the right. */
export function PageHead(props: { title: ReactNode; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className="page-head">
      <div>
        <h1>{props.title}</h1>
        {props.children ? <p>{props.children}</p> : null}
      </div>
      {props.actions ? <div className="page-actions">{props.actions}</div> : null}
    </div>
  );
}
