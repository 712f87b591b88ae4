export { AFTER_RESTORE } from "./actions/configure-channel.ts";
export type { CheckFacts } from "./actions/hand-over.ts";
export { partsHash } from "./actions/hash.ts";
export { ensureShippedTemplates } from "./actions/manage-templates.ts";
export { mergeFieldKeys } from "./actions/merge-fields.ts";
export { startOutboxWorker } from "./actions/outbox-worker.ts";
export type { Moved } from "./actions/resolve-message.ts";
export { holdWritten } from "./actions/write-message.ts";
export { parseEmailAddress } from "./core/address.ts";
export type { ItemLine, TemplateText } from "./core/document.ts";
export { duePhrase, formatDay, formatMoney, greeting, openPhrase, subjectPhrase } from "./core/format.ts";
export { freeFieldValue, type Language } from "./core/merge-fields.ts";
export { parseTemplateText } from "./core/parse-document.ts";
export { type FieldValue, type MessageFacts, type Rendered, renderMessage } from "./core/render.ts";
export type { ProofFacts, Verdict } from "./core/verdict.ts";
export { customerMessageCriteria, customerMessages } from "./criteria.ts";
export { correspondenceRoutes } from "./http.ts";
export { loadChannel } from "./store/channel-rows.ts";
export {
  holdApproved,
  insertPlanned,
  insertRenditions,
  type Pin,
  type PinnedItem,
  type PlannedMessage,
  pinApproved,
  type Rendition,
  recall,
  releaseHeld,
  withdraw,
} from "./store/message-rows.ts";
export type { ClaimedMessage } from "./store/outbox-rows.ts";
export { suppressedAddresses } from "./store/suppression-rows.ts";
export { listTemplates, type TemplateRecord } from "./store/template-rows.ts";
