import type { ReactNode } from "react";
import { Button } from "#ui/button.tsx";
import { useFormats } from "#ui/locale.tsx";
import { useT } from "../../i18n/index.ts";

/** Which rows of a list are chosen: some by name, or all that it shows, loaded or not. */
export type Selection = { readonly ids: ReadonlySet<string>; readonly isAll: boolean };

export const NONE: Selection = { ids: new Set(), isAll: false };

/** What is chosen, the way to all that match, and what may be done with it. */
export function SelectionBar(props: {
  selection: Selection;
  /** Rows loaded so far, and all that match. */
  loaded: number;
  count: number;
  isCountExact?: boolean;
  /** The list can name all that match: not for a list of another day. */
  mayTakeAll: boolean;
  onChange: (selection: Selection) => void;
  children: ReactNode;
}) {
  const { t } = useT();
  const formats = useFormats();
  const { selection, count } = props;
  if (selection.ids.size === 0) return null;
  const all = `${formats.number(count)}${props.isCountExact === false ? "+" : ""}`;
  const isWholePage = selection.ids.size >= props.loaded && count > props.loaded;
  return (
    <section className="pad stack gap-12" aria-label={t("list.selection")}>
      <div className="row row-wrap" aria-live="polite">
        <b>{selection.isAll ? t("list.allChosen", { all }) : t("list.chosen", { count: selection.ids.size })}</b>
        {isWholePage && !selection.isAll && props.mayTakeAll ? (
          <Button size="small" onClick={() => props.onChange({ ...selection, isAll: true })}>
            {t("list.takeAll", { all })}
          </Button>
        ) : null}
        <Button size="small" tone="quiet" onClick={() => props.onChange(NONE)}>
          {t("list.chooseNone")}
        </Button>
      </div>
      {props.children}
    </section>
  );
}
