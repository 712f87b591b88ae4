import { IconAlertTriangle, IconLock, IconRefresh } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { useLocale } from "./locale.tsx";

/** A ledger page with nothing on it: margin line, one tick, one double rule. */
function EmptyLedger() {
  return (
    <svg width="112" height="66" viewBox="0 0 112 66" aria-hidden="true">
      <path d="M0 16h112M0 32h112M0 48h112" stroke="var(--line)" strokeWidth="1" />
      <path d="M28 2v62" stroke="var(--marge)" strokeWidth="1.5" />
      <circle cx="14" cy="24" r="6.5" fill="none" stroke="var(--brand)" strokeWidth="1.75" />
      <path d="M11.4 24.2l2 2 3.4-4" fill="none" stroke="var(--brand)" strokeWidth="1.75" />
      <rect x="38" y="21" width="40" height="6" rx="2" fill="var(--line-strong)" />
      <path d="M78 54h34M78 57.500h34" stroke="var(--control)" strokeWidth="1" />
    </svg>
  );
}

/** What this is, one button, one help. */
export function EmptyState(props: { title: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className="state">
      <EmptyLedger />
      <h2>{props.title}</h2>
      {props.children ? <p>{props.children}</p> : null}
      {props.actions ? <div className="row row-wrap">{props.actions}</div> : null}
    </div>
  );
}

/** What failed, what is safe, what to do, and the reference of the request. */
export function ErrorState(props: { title: string; children: ReactNode; reference?: string; onRetry?: () => void }) {
  const { texts } = useLocale();
  return (
    <div className="state state-error" role="alert">
      <IconAlertTriangle className="state-icon" stroke={1.75} aria-hidden="true" />
      <h2>{props.title}</h2>
      <p>{props.children}</p>
      {props.onRetry ? (
        <Button tone="primary" icon={IconRefresh} onClick={props.onRetry}>
          {texts.retry}
        </Button>
      ) : null}
      {props.reference ? (
        <p className="small t3">
          {texts.reference} {props.reference}
        </p>
      ) : null}
    </div>
  );
}

/** No right to see or do this: who can. */
export function RefusedState(props: { title: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className="state">
      <IconLock className="state-icon" stroke={1.75} aria-hidden="true" />
      <h2>{props.title}</h2>
      {props.children ? <p>{props.children}</p> : null}
      {props.actions}
    </div>
  );
}

const WIDTHS = [58, 74, 46, 66, 52, 70, 61, 49];

/** Skeleton of the real page, shown after 150 ms. */
export function Loading({ rows = 6, columns = 4 }: { rows?: number; columns?: number }) {
  const { texts } = useLocale();
  return (
    <div className="late" aria-busy="true" role="status">
      <span className="visually-hidden">{texts.loading}</span>
      <table className="table" aria-hidden="true">
        <tbody>
          {Array.from({ length: rows }, (_, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: placeholder rows are all alike
            <tr key={row}>
              {Array.from({ length: columns }, (_, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: placeholder cells are all alike
                <td key={column}>
                  <span
                    className="skeleton"
                    style={{ width: `${WIDTHS[(row * 3 + column) % WIDTHS.length] ?? 60}%`, minWidth: 28 }}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
