import { IconPin, IconPinnedOff, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { withMentions } from "#contracts/mentions.ts";
import type { Note as NoteRow } from "#contracts/parties.ts";
import { Button } from "#ui/button.tsx";
import { CheckField } from "#ui/fields.tsx";
import { useFormats } from "#ui/locale.tsx";
import { actions, notesQuery, type SubjectType } from "../../api/parties.ts";
import { colleaguesQuery } from "../../api/portfolios.ts";
import { useT } from "../../i18n/index.ts";
import { MentionArea } from "../../parts/mention-area.tsx";
import { NoteText } from "../../parts/note-text.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";

/** The notes that must be seen before anything is done. */
export function PinnedNotes(props: { subjectType: SubjectType; subjectId: string }) {
  const formats = useFormats();
  const notes =
    useQuery(notesQuery(props.subjectType, props.subjectId)).data?.rows.filter((note) => note.isPinned) ?? [];
  return notes.map((note) => (
    <div className="note" key={note.id}>
      <IconPin className="icon" stroke={1.75} aria-hidden="true" />
      <div>
        <NoteText text={note.text} />
        <div className="small t2">
          {note.authorName}, {formats.dayLong(formats.dayOf(note.writtenAt))}
        </div>
      </div>
    </div>
  ));
}

/** Notes of a customer or an item, and a place to write one. */
export function Notes(props: { subjectType: SubjectType; subjectId: string; noteId?: string | undefined }) {
  const { subjectType, subjectId } = props;
  const { t } = useT();
  const formats = useFormats();
  const { may, session } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const [text, setText] = useState("");
  const [isPinned, setPinned] = useState(false);
  const [chosen, setChosen] = useState<ReadonlyMap<string, string>>(new Map());
  const people = (useQuery(colleaguesQuery).data?.rows ?? []).filter((one) => one.isActive);
  const notes = useQuery(notesQuery(subjectType, subjectId)).data?.rows ?? [];
  const refresh = [["notes", subjectType, subjectId], ["customers", subjectId, "timeline"], ["tasks"]];
  const add = () =>
    void act(() => actions.addNote({ subjectType, subjectId, text: withMentions(text, people, chosen), isPinned }), {
      done: t("notes.saved"),
      undo: (note) => actions.removeNote(note.id),
      refresh,
      next: () => {
        setText("");
        setPinned(false);
      },
    });
  const pin = (note: NoteRow) =>
    void act(() => actions.changeNote(note, { text: note.text, isPinned: !note.isPinned }), { refresh });
  const remove = (note: NoteRow) =>
    void act(() => actions.removeNote(note.id), {
      done: t("notes.removed"),
      undo: () => actions.bringBackNote(note.id),
      refresh,
    });
  return (
    <div className="stack gap-12">
      {may("notes.write") ? (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            add();
          }}
        >
          <MentionArea
            label={t("notes.write")}
            hint={t("notes.mentionHint")}
            value={text}
            onChange={setText}
            onChoose={(person) => setChosen(new Map(chosen).set(person.name, person.id))}
          />
          <div className="between">
            <CheckField checked={isPinned} onChange={setPinned}>
              {t("notes.pin")}
            </CheckField>
            <Button type="submit" tone="primary" size="small" waiting={waiting} disabled={text.trim() === ""}>
              {t("ui.save")}
            </Button>
          </div>
        </form>
      ) : null}
      <Refusal>{problem}</Refusal>
      <ul className="stack gap-12">
        {notes.map((note) => (
          <li key={note.id} id={`note-${note.id}`} className={note.id === props.noteId ? "note-found" : undefined}>
            <div className="quote" style={{ whiteSpace: "pre-wrap" }}>
              <NoteText text={note.text} />
            </div>
            <div className="row gap-4 small t3">
              {note.authorName}, {formats.day(formats.dayOf(note.writtenAt))} {formats.time(note.writtenAt)}
              <span className="grow" />
              {may("notes.write") ? (
                <Button
                  size="small"
                  tone="quiet"
                  icon={note.isPinned ? IconPinnedOff : IconPin}
                  aria-label={t(note.isPinned ? "notes.unpin" : "notes.pin")}
                  onClick={() => pin(note)}
                />
              ) : null}
              {may("notes.write") && note.authorId === session.user.id ? (
                <Button
                  size="small"
                  tone="quiet"
                  icon={IconTrash}
                  aria-label={t("ui.delete")}
                  onClick={() => remove(note)}
                />
              ) : null}
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}
