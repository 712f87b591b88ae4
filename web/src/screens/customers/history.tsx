import {
  type Icon,
  IconBuilding,
  IconFile,
  IconMail,
  IconNote,
  IconPlayerPause,
  IconPlayerPlay,
  IconPoint,
  IconUpload,
  IconUser,
} from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { CustomerGroup } from "#contracts/customer-profile.ts";
import type { TimelineEntry } from "#contracts/parties.ts";
import { Button } from "#ui/button.tsx";
import { Choice, TextField } from "#ui/fields.tsx";
import { useFormats } from "#ui/locale.tsx";
import { EmptyState } from "#ui/states.tsx";
import { Timeline } from "#ui/timeline.tsx";
import { timelineQuery } from "../../api/parties.ts";
import { lookUp, useT } from "../../i18n/index.ts";
import { useActorName } from "../../parts/actors.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { NoteText } from "../../parts/note-text.tsx";
import { readableValues } from "../../parts/reasons.ts";
import { useSettled } from "../../parts/use-settled.ts";

const ICONS: readonly (readonly [string, Icon])[] = [
  ["parties.note", IconNote],
  ["parties.contact", IconUser],
  ["parties.customer", IconBuilding],
  ["correspondence.", IconMail],
  ["dunning.stop.lifted", IconPlayerPlay],
  ["dunning.stop", IconPlayerPause],
  ["documents.", IconFile],
  ["receivables.", IconUpload],
];

const HISTORY_KINDS = ["all", "messages", "ledger", "people", "notes", "tasks"] as const;
type HistoryKind = (typeof HISTORY_KINDS)[number];

/** Rooms whose events each kind shows. */
const ROOMS: Readonly<Record<HistoryKind, string | undefined>> = {
  all: undefined,
  messages: "correspondence,dunning",
  ledger: "receivables,cash,connectors",
  people: "parties",
  notes: "documents",
  tasks: "tasks",
};

const scalars = (payload: Readonly<Record<string, unknown>>): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(payload).filter((pair): pair is [string, string | number] =>
      ["string", "number"].includes(typeof pair[1]),
    ),
  );

type Run =
  | { readonly kind: "one"; readonly row: TimelineEntry }
  | { readonly kind: "automatic"; readonly rows: readonly [TimelineEntry, ...TimelineEntry[]] };

const FOLDED_FROM = 3;

/** Three or more automatic events in a row are one line until somebody opens it; what was searched for is never folded. */
function shown(rows: readonly TimelineEntry[], isOpen: ReadonlySet<string>, isSearched: boolean): Run[] {
  const runs: Run[] = [];
  let automatic: TimelineEntry[] = [];
  const close = () => {
    const [first, ...rest] = automatic;
    if (first && automatic.length >= FOLDED_FROM && !isOpen.has(first.id))
      runs.push({ kind: "automatic", rows: [first, ...rest] });
    else for (const row of automatic) runs.push({ kind: "one", row });
    automatic = [];
  };
  for (const row of rows) {
    if (!isSearched && row.actorKind === "system") automatic.push(row);
    else {
      close();
      runs.push({ kind: "one", row });
    }
  }
  close();
  return runs;
}

/** What happened, newest first, with dates in the margin; of a whole group with the name of each member. */
export function History({ customerId, group }: { customerId: string; group?: CustomerGroup }) {
  const { t } = useT();
  const formats = useFormats();
  const actorName = useActorName();
  const [kind, setKind] = useState<HistoryKind>("all");
  const [typed, setTyped] = useState("");
  const text = useSettled(typed.trim(), 250);
  const [isOpen, setOpen] = useState<ReadonlySet<string>>(new Set());
  const rooms = ROOMS[kind];
  const query = useInfiniteQuery(
    timelineQuery(customerId, {
      ...(rooms ? { rooms } : {}),
      ...(text ? { text } : {}),
      ...(group ? { group: group.kind } : {}),
    }),
  );
  const rows = query.data?.pages.flatMap((page) => page.rows);
  const entry = (row: TimelineEntry) => {
    const { ownerId } = row.payload;
    const owner = typeof ownerId === "string" ? { owner: actorName(ownerId) } : {};
    const given = { ...scalars(row.payload), ...scalars(row.personal ?? {}), ...owner };
    const values = readableValues(given, formats, "EUR");
    const day = formats.dayOf(row.occurredAt);
    const text = typeof row.personal?.text === "string" ? row.personal.text : undefined;
    return {
      key: row.id,
      day,
      icon: ICONS.find(([prefix]) => row.kind.startsWith(prefix))?.[1] ?? IconPoint,
      title: (
        <>
          <b>{lookUp(t, `event.${row.kind}`, values, row.kind.split(".").slice(1).join(" ").replaceAll("_", " "))}</b>{" "}
          {group ? <span className="t2">{group.members.find((one) => one.id === row.aboutId)?.name} </span> : null}
          <span className="t3">
            {actorName(row.actorName)}, {formats.time(row.occurredAt)}
          </span>
        </>
      ),
      below: row.note ? (
        <div className="quote" style={{ whiteSpace: "pre-wrap" }}>
          <NoteText text={row.note} />
        </div>
      ) : text ? (
        <div className="quote">{text}</div>
      ) : (
        lookUp(t, `eventBelow.${row.kind}`, values)
      ),
    };
  };
  const drawn = (run: Run) =>
    run.kind === "one"
      ? entry(run.row)
      : {
          key: `run${run.rows[0].id}`,
          day: formats.dayOf(run.rows[0].occurredAt),
          icon: IconPoint,
          title: (
            <button type="button" className="link-button" onClick={() => setOpen(new Set(isOpen).add(run.rows[0].id))}>
              {t("history.automatic", { count: run.rows.length })}
            </button>
          ),
        };
  const filters = (
    <div className="filters pad" style={{ marginBottom: 0 }}>
      <Choice
        label={t("history.kind")}
        hideLabel
        small
        value={kind}
        options={HISTORY_KINDS.map((value) => ({ value, label: t(`historyKind.${value}`) }))}
        onChange={setKind}
      />
      <TextField
        label={t("history.find")}
        hideLabel
        small
        type="search"
        placeholder={t("history.find")}
        value={typed}
        onChange={setTyped}
      />
    </div>
  );
  return (
    <>
      {filters}
      <Loaded query={{ ...query, data: rows }} rows={4} columns={1}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState title={t("history.none")}>{t("history.noneText")}</EmptyState>
          ) : (
            <>
              <Timeline entries={shown(all, isOpen, text !== "" || kind !== "all").map(drawn)} />
              {query.hasNextPage ? (
                <div className="pad">
                  <Button size="small" waiting={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                    {t("ui.more")}
                  </Button>
                </div>
              ) : null}
            </>
          )
        }
      </Loaded>
    </>
  );
}
