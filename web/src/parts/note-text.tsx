import { Fragment } from "react";
import { partsOfNote } from "#contracts/mentions.ts";
import { useActorName } from "./actors.ts";

/** What a note says, with the names of those it mentions. */
export function NoteText({ text }: { text: string }) {
  const nameOf = useActorName();
  return partsOfNote(text).map((part, index) =>
    "userId" in part ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no other identity
      <b key={index} className="mention">
        @{nameOf(part.userId)}
      </b>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no other identity
      <Fragment key={index}>{part.text}</Fragment>
    ),
  );
}
