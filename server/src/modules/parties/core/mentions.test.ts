import { expect, test } from "vitest";
import { mentionedIn, partsOfNote, readableNote, withMentions } from "#contracts/mentions.ts";

const PEOPLE = [
  { id: "u1", name: "Anne" },
  { id: "u2", name: "Anne-Lise Roy" },
  { id: "u3", name: "Hugo" },
  { id: "u4", name: "Hugo" },
];

test("the longest name is mentioned, once chosen between two of one name, and never half a word", () => {
  expect(withMentions("Vu avec @Anne-Lise Roy et @Anne.", PEOPLE)).toBe("Vu avec <@u2> et <@u1>.");
  expect(withMentions("@Annette, @Hugo", PEOPLE, new Map([["Hugo", "u4"]]))).toBe("@Annette, <@u4>");
  expect(withMentions("a@Anne.example", PEOPLE)).toBe("a@Anne.example");
});

test("what was typed reads the same again", () => {
  const typed = "Vu avec @Anne-Lise Roy : <@pas une mention>, 50 % @ 3 mois";
  const kept = withMentions(typed, PEOPLE);
  expect(mentionedIn(kept)).toEqual(["u2"]);
  expect(readableNote(kept, (id) => PEOPLE.find((one) => one.id === id)?.name ?? id)).toBe(typed);
  expect(partsOfNote("")).toEqual([]);
});
