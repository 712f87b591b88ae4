import { useState } from "react";
import { ItemStatusCode } from "#contracts/receivables.ts";
import { Badge } from "#ui/badge.tsx";
import { Button } from "#ui/button.tsx";
import { Choice, TextField } from "#ui/fields.tsx";
import { type ItemFilter, itemActions } from "../api/receivables.ts";
import { useT } from "../i18n/index.ts";
import { Refusal } from "./refusal.tsx";
import { useAct } from "./use-act.ts";

const TONES = {
  chased: "neutral",
  promised: "info",
  disputed: "warning",
  awaiting_credit_note: "warning",
  awaiting_document: "warning",
  paid_unmatched: "info",
  pre_litigation: "danger",
  litigation: "danger",
} as const;

/** What the team says of an item. */
export function TeamStatus({ status }: { status: ItemStatusCode | null }) {
  const { t } = useT();
  return status === null ? null : <Badge tone={TONES[status]}>{t(`teamStatus.${status}`)}</Badge>;
}

/** Gives items a status shared by the team, or takes it off; disputed and promised items are not claimed meanwhile. */
export function CodeItems(props: {
  itemIds: readonly string[];
  /** All that a list shows instead of the named ones, and how many that is. */
  list?: { readonly filter: ItemFilter; readonly count: number } | undefined;
  status: ItemStatusCode | null;
  onDone?: () => void;
}) {
  const { t } = useT();
  const { act, waiting, problem } = useAct();
  const [status, setStatus] = useState<ItemStatusCode | "">(props.status ?? "");
  const [note, setNote] = useState("");
  const { itemIds, list, onDone } = props;
  const count = list?.count ?? itemIds.length;
  const save = () =>
    void act(
      () =>
        list
          ? itemActions.codeList(list.filter, status || null, note.trim() || null)
          : itemActions.code(itemIds, status || null, note.trim() || null),
      {
        done: ({ changed }) => t("itemStatus.coded", { count: changed }),
        ...(itemIds.length === 1 && !list ? { undo: () => itemActions.code(itemIds, props.status, null) } : {}),
        refresh: [["items"], ["customers"], ["accounts"]],
        next: () => onDone?.(),
      },
    );
  return (
    <form
      className="row row-wrap"
      style={{ alignItems: "flex-end" }}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Choice
        label={t("itemStatus.team")}
        small
        value={status}
        options={[
          { value: "", label: t("itemStatus.without") },
          ...ItemStatusCode.options.map((value) => ({ value, label: t(`teamStatus.${value}`) })),
        ]}
        onChange={setStatus}
      />
      <TextField label={t("itemStatus.note")} small value={note} onChange={setNote} />
      <Button type="submit" size="small" waiting={waiting}>
        {count === 1 ? t("ui.save") : t("itemStatus.codeMany", { count })}
      </Button>
      <Refusal>{problem}</Refusal>
    </form>
  );
}
