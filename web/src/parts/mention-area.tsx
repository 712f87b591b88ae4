import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useId, useRef, useState } from "react";
import { Field } from "#ui/fields.tsx";
import { useFormats } from "#ui/locale.tsx";
import { colleaguesQuery } from "../api/portfolios.ts";
import { useT } from "../i18n/index.ts";

type Person = { readonly id: string; readonly name: string };

const MOST = 8;
/** What is typed after an @ that begins a word, up to the caret. */
const ASKED = /(?:^|[^\p{L}\p{N}])@([\p{L}\p{N} .'’-]{0,40})$/u;

/** A text in which @ offers the colleagues: arrows choose, Enter or Tab takes, Escape leaves it. */
export function MentionArea(props: {
  label: string;
  hint?: string;
  value: string;
  rows?: number;
  onChange: (text: string) => void;
  /** Somebody was taken from the list: decides between two of one name. */
  onChoose: (person: Person) => void;
}) {
  const { t } = useT();
  const formats = useFormats();
  const people = useQuery(colleaguesQuery).data?.rows.filter((one) => one.isActive) ?? [];
  const area = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  const [asked, setAsked] = useState<string | undefined>();
  const [at, setAt] = useState(0);
  const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const found =
    asked === undefined
      ? []
      : people
          .filter(
            (one) =>
              plain(one.name)
                .split(/[\s-]+/)
                .some((word) => word.startsWith(plain(asked))) || plain(one.name).startsWith(plain(asked)),
          )
          .sort((a, b) => formats.compare(a.name, b.name))
          .slice(0, MOST);
  const look = () => {
    const node = area.current;
    setAsked(node ? ASKED.exec(node.value.slice(0, node.selectionStart))?.[1] : undefined);
    setAt(0);
  };
  const take = (person: Person) => {
    const node = area.current;
    if (!node || asked === undefined) return;
    const start = node.selectionStart - asked.length;
    // written at once, caret included: what is typed next must not wait for a drawing
    node.setRangeText(`${person.name} `, start, node.selectionStart, "end");
    node.focus();
    props.onChange(node.value);
    props.onChoose(person);
    setAsked(undefined);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const person = found[at];
    if (!person) return;
    if (event.key === "ArrowDown") setAt((at + 1) % found.length);
    else if (event.key === "ArrowUp") setAt((at - 1 + found.length) % found.length);
    else if (event.key === "Enter" || event.key === "Tab") take(person);
    else if (event.key === "Escape") setAsked(undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div style={{ position: "relative" }}>
      <Field label={props.label} hint={props.hint}>
        {(ids) => (
          <textarea
            {...ids}
            ref={area}
            className="input"
            rows={props.rows ?? 3}
            value={props.value}
            aria-autocomplete="list"
            aria-controls={found.length > 0 ? listId : undefined}
            aria-activedescendant={found.length > 0 ? `${listId}-${at}` : undefined}
            onChange={(event) => {
              props.onChange(event.currentTarget.value);
              look();
            }}
            onClick={look}
            onKeyDown={onKeyDown}
            onBlur={() => setAsked(undefined)}
          />
        )}
      </Field>
      {found.length > 0 ? (
        <div id={listId} className="mention-list" role="listbox" tabIndex={-1} aria-label={t("notes.whom")}>
          {found.map((person, index) => (
            <div
              key={person.id}
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              className={index === at ? "menu-line active" : "menu-line"}
              // before the text loses the focus and closes the list
              onPointerDown={(event) => {
                event.preventDefault();
                take(person);
              }}
            >
              {person.name}
            </div>
          ))}
        </div>
      ) : null}
    </div>
  );
}
