/** States of a message (DESIGN, "One outbox"). */
export type MessageState =
  | "planned"
  | "approved"
  | "held"
  | "claimed"
  | "handing_over"
  | "accepted"
  | "refused"
  | "in_doubt"
  | "delivered"
  | "returned"
  | "withdrawn";

/** Every move a message may make; anything else is a fault. `planned` again: recalled by a person, or less is owed on a confirmed step. */
export const MOVES: Readonly<Record<MessageState, readonly MessageState[]>> = {
  planned: ["approved", "withdrawn"],
  approved: ["held", "planned", "withdrawn"],
  held: ["claimed", "planned", "withdrawn"],
  claimed: ["handing_over", "held", "planned", "withdrawn"],
  handing_over: ["accepted", "refused", "held", "in_doubt"],
  in_doubt: ["accepted", "held", "withdrawn", "refused"],
  refused: ["held", "withdrawn"],
  accepted: ["delivered", "returned"],
  delivered: ["returned"],
  returned: [],
  withdrawn: [],
};

/** From these a person may still take a message back: no byte has left. */
export const WITHDRAWABLE: readonly MessageState[] = ["planned", "approved", "held", "claimed", "refused"];
