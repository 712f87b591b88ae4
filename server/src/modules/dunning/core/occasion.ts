/** What makes a message unique whatever the run (DESIGN, "One outbox"); written as one text so that one index holds it. */
export type Occasion = {
  readonly groupKey: string;
  readonly track: string;
  readonly cycle: string;
  readonly stepKey: string;
  /** 1 for the first time a step is sent in its cycle. */
  readonly repeat: number;
  readonly recipient: string;
  readonly channel: string;
};

/** No part may hold the separator; group keys, cycles and step keys are made here, addresses are checked before. */
export function occasionKey(occasion: Occasion): string {
  const { groupKey, track, cycle, stepKey, repeat, recipient, channel } = occasion;
  return [groupKey, track, cycle, stepKey, repeat, recipient.toLowerCase(), channel].join("|");
}

/** `subjectId` is the account, customer, contact, customer group or item, by the grouping. Language is left out where the subject settles it:
 *  a contact whose language is corrected must not start again at R1. */
export const groupKeyOf = (grouping: string, companyId: string, subjectId: string, currency: string): string =>
  `${grouping}:${companyId}:${subjectId}:${currency}`;
