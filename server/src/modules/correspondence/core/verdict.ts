import type { MessageFacts } from "./render.ts";

/** Facts of a proof, as they are stored: business values and ids only. */
export type ProofFacts = { [key: string]: string | number | boolean | null | ProofFacts | ProofFacts[] };

/** One line of a message's table with the item it stands for; shape of the stored line. */
export type PinnedLine = {
  readonly itemId: string;
  readonly number: string;
  readonly kind: string;
  readonly issuedOn: string;
  readonly dueOn: string;
  readonly originalMinor: bigint;
  readonly openMinor: bigint;
};

/**
 * What the facts say at hand-over. `less`: less is owed than was pinned, `message` is what may still be said; more is never added.
 * `wait`: not now (old data, hours, another message of today); `seconds` until it is asked again.
 */
export type Verdict =
  | { readonly kind: "equal"; readonly facts: ProofFacts }
  | {
      readonly kind: "less";
      readonly facts: ProofFacts;
      readonly message: MessageFacts;
      readonly items: readonly PinnedLine[];
    }
  | { readonly kind: "withdraw"; readonly reason: string; readonly facts: ProofFacts }
  | { readonly kind: "wait"; readonly reason: string; readonly seconds: number; readonly facts: ProofFacts };

/** What to do with a message whose facts changed: automatic steps are written anew, what a person confirmed goes back to that person. */
export function onLessOwed(mode: "auto" | "confirm" | "manual"): "rerender" | "review" {
  return mode === "auto" ? "rerender" : "review";
}
