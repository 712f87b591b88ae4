import type { Language } from "./merge-fields.ts";

/** Templates that a new tenant starts with, as the JSON an editor would have saved. Tone: design/README section 6. */
export type TemplateJson = { readonly subject: unknown; readonly body: unknown };
export type ShippedTemplate = {
  readonly key: string;
  readonly level: number;
  readonly name: Readonly<Record<Language, string>>;
  readonly text: Readonly<Record<Language, TemplateJson>>;
};

/** No-break spaces where French wants them; U+00A0 throughout, since a mail's font may lack the narrow one (design/README section 4). */
const noBreak = (text: string): string => text.replace(/ ([:;?!»%€])/g, "\u00a0$1").replace(/« /g, "«\u00a0");

/** "text {field} text" to inline nodes. Our own texts only. */
function inlines(text: string): unknown[] {
  return noBreak(text)
    .split(/(\{[a-z._]+\})/)
    .filter((part) => part !== "")
    .map((part) =>
      part.startsWith("{") ? { type: "mergeField", attrs: { key: part.slice(1, -1) } } : { type: "text", text: part },
    );
}

const paragraph = (text: string) => ({ type: "paragraph", content: inlines(text) });
const table = { type: "openItemsTable" };
const signature = { type: "signature" };

function template(subject: string, ...blocks: readonly (string | object)[]): TemplateJson {
  return {
    subject: { type: "doc", content: [paragraph(subject)] },
    body: { type: "doc", content: blocks.map((one) => (typeof one === "string" ? paragraph(one) : one)) },
  };
}

const PAY = {
  fr: "Par virement : IBAN {company.iban}, référence {customer.number}.",
  en: "By bank transfer: IBAN {company.iban}, reference {customer.number}.",
};
const CROSSED = {
  fr: "Si votre paiement a croisé ce message, n’en tenez pas compte.",
  en: "If your payment has crossed this message, please disregard it.",
};
const RIGHTS = {
  fr: "En cas de retard, des pénalités au taux prévu par nos conditions générales sont exigibles sans rappel, ainsi qu’une indemnité forfaitaire de 40 € par facture pour frais de recouvrement (articles L441-10 et D441-5 du code de commerce). Elles ne sont pas réclamées à ce stade.",
  en: "Late payment makes interest due at the rate of our terms without reminder, and a fixed compensation of €40 per invoice for recovery costs (articles L441-10 and D441-5 of the French commercial code). They are not claimed at this stage.",
};

export const SHIPPED_TEMPLATES: readonly ShippedTemplate[] = [
  {
    key: "courtesy",
    level: 0,
    name: { fr: "Prévenance avant échéance", en: "Courtesy before due date" },
    text: {
      fr: template(
        "{company.name} : votre échéance du {message.oldest_due_on}",
        "{greeting},",
        "Pour mémoire, {message.due_phrase} prochainement, pour un total de {message.total}.",
        table,
        "Les avez-vous bien reçues ? S’il manque une pièce ou une information, répondez à ce message, je m’en occupe.",
        PAY.fr,
        "Si le paiement est déjà parti, n’en tenez pas compte. Merci, et bonne journée.",
        signature,
      ),
      en: template(
        "{company.name}: your due date of {message.oldest_due_on}",
        "{greeting},",
        "For your information, {message.due_phrase} shortly, for a total of {message.total}.",
        table,
        "Have you received everything? If a document or a detail is missing, just reply and I will see to it.",
        PAY.en,
        "If the payment is already on its way, please disregard this message. Thank you, and have a good day.",
        signature,
      ),
    },
  },
  {
    key: "r1",
    level: 1,
    name: { fr: "Relance R1, courtoise", en: "Reminder R1, friendly" },
    text: {
      fr: template(
        "{company.name} : {message.subject_phrase} à régler, {message.total}",
        "{greeting},",
        "Sauf erreur de notre part, {message.open_phrase}, pour un total de {message.total}.",
        table,
        "Pouvez-vous m’indiquer la date de votre règlement ? Si quelque chose le retient, répondez simplement à ce message.",
        PAY.fr,
        CROSSED.fr,
        "Merci, et bonne journée.",
        signature,
      ),
      en: template(
        "{company.name}: {message.subject_phrase} to be paid, {message.total}",
        "{greeting},",
        "According to our records, {message.open_phrase}, for a total of {message.total}.",
        table,
        "Could you tell me when the payment will leave? If something holds it back, just reply to this message.",
        PAY.en,
        CROSSED.en,
        "Thank you, and have a good day.",
        signature,
      ),
    },
  },
  {
    key: "r2",
    level: 2,
    name: { fr: "Relance R2", en: "Reminder R2" },
    text: {
      fr: template(
        "{company.name} : {message.subject_phrase} en attente de règlement, {message.total}",
        "{greeting},",
        "Nous vous avons écrit le {previous.sent_on} et n’avons pas encore reçu votre règlement.",
        "Sauf erreur de notre part, {message.open_phrase}, pour un total de {message.total}.",
        table,
        "Pouvez-vous me dire ce qui le retient, ou me donner une date de paiement ?",
        PAY.fr,
        CROSSED.fr,
        "Merci de votre réponse.",
        signature,
      ),
      en: template(
        "{company.name}: {message.subject_phrase} awaiting payment, {message.total}",
        "{greeting},",
        "We wrote to you on {previous.sent_on} and have not yet received your payment.",
        "According to our records, {message.open_phrase}, for a total of {message.total}.",
        table,
        "Could you tell me what holds it back, or give me a payment date?",
        PAY.en,
        CROSSED.en,
        "Thank you for your reply.",
        signature,
      ),
    },
  },
  {
    key: "r3",
    level: 3,
    name: { fr: "Relance R3, ferme", en: "Reminder R3, firm" },
    text: {
      fr: template(
        "{company.name} : règlement attendu avant le {message.pay_before_on}, {message.total}",
        "{greeting},",
        "Notre message du {previous.sent_on} est sans réponse à ce jour.",
        "Sauf erreur de notre part, {message.open_phrase}, pour un total de {message.total}.",
        table,
        "Nous vous remercions de bien vouloir procéder au virement avant le {message.pay_before_on}, ou de nous indiquer ce qui le retient.",
        PAY.fr,
        RIGHTS.fr,
        CROSSED.fr,
        signature,
      ),
      en: template(
        "{company.name}: payment expected by {message.pay_before_on}, {message.total}",
        "{greeting},",
        "Our message of {previous.sent_on} has had no reply to date.",
        "According to our records, {message.open_phrase}, for a total of {message.total}.",
        table,
        "Please arrange the transfer by {message.pay_before_on}, or tell us what holds it back.",
        PAY.en,
        RIGHTS.en,
        CROSSED.en,
        signature,
      ),
    },
  },
  {
    key: "r4",
    level: 4,
    name: { fr: "Relance R4, à la direction", en: "Reminder R4, to management" },
    text: {
      fr: template(
        "{company.name} : factures échues de {customer.name}, {message.total}",
        "{greeting},",
        "Malgré nos messages, le dernier du {previous.sent_on}, nous n’avons pas reçu de règlement ni de réponse.",
        "À ce jour, {message.open_phrase} au nom de {customer.name}, pour un total de {message.total}.",
        table,
        "Nous souhaitons trouver une solution avec vous avant le {message.pay_before_on} : un virement, une date, ou la raison qui bloque ce règlement. Sans nouvelle, nous pourrons être amenés à revoir nos conditions de livraison.",
        PAY.fr,
        RIGHTS.fr,
        CROSSED.fr,
        signature,
      ),
      en: template(
        "{company.name}: overdue invoices of {customer.name}, {message.total}",
        "{greeting},",
        "Despite our messages, the last of them on {previous.sent_on}, we have received neither payment nor reply.",
        "To date, {message.open_phrase} in the name of {customer.name}, for a total of {message.total}.",
        table,
        "We would like to find a solution with you by {message.pay_before_on}: a transfer, a date, or the reason that blocks this payment. Without news we may have to review our delivery terms.",
        PAY.en,
        RIGHTS.en,
        CROSSED.en,
        signature,
      ),
    },
  },
  {
    key: "r5",
    level: 5,
    name: { fr: "Relance R5, avant mise en demeure", en: "Reminder R5, before formal notice" },
    text: {
      fr: template(
        "{company.name} : dernier rappel avant mise en demeure, {message.total}",
        "{greeting},",
        "Nos messages, le dernier du {previous.sent_on}, sont restés sans suite.",
        "À ce jour, {message.open_phrase} au nom de {customer.name} (compte {customer.number}), pour un total de {message.total}.",
        table,
        "Nous vous demandons de régler cette somme avant le {message.pay_before_on}. À cette date, une mise en demeure vous sera adressée et le dossier pourra être confié à un tiers.",
        PAY.fr,
        RIGHTS.fr,
        CROSSED.fr,
        signature,
      ),
      en: template(
        "{company.name}: last reminder before formal notice, {message.total}",
        "{greeting},",
        "Our messages, the last of them on {previous.sent_on}, have had no effect.",
        "To date, {message.open_phrase} in the name of {customer.name} (account {customer.number}), for a total of {message.total}.",
        table,
        "We ask you to pay this sum by {message.pay_before_on}. After that day a formal notice will be sent to you and the file may be handed to a third party.",
        PAY.en,
        RIGHTS.en,
        CROSSED.en,
        signature,
      ),
    },
  },
  {
    key: "thanks",
    level: 0,
    name: { fr: "Remerciement", en: "Thanks" },
    text: {
      fr: template(
        "{company.name} : merci pour votre règlement",
        "{greeting},",
        "Nous avons bien reçu votre règlement, votre compte est à jour des factures que nous vous avions signalées.",
        "Merci, et bonne journée.",
        signature,
      ),
      en: template(
        "{company.name}: thank you for your payment",
        "{greeting},",
        "We have received your payment; your account is up to date for the invoices we wrote about.",
        "Thank you, and have a good day.",
        signature,
      ),
    },
  },
];
