import type { Refusal } from "./refusals.ts";

/** Refusals of the cash room. */
export const CASH_REFUSALS = {
  bank_account_exists: {
    status: 409,
    fr: "Le compte {identifier} en {currency} est déjà connu.",
    en: "Account {identifier} in {currency} is known already.",
  },
  bank_csv_needs_columns: {
    status: 422,
    fr: "{detail} Rien n’a été modifié.",
    en: "{detail} Nothing was changed.",
  },
  unknown_bank_account: {
    status: 422,
    fr: "Indiquez de quel compte bancaire est ce fichier.",
    en: "Say which bank account this file is of.",
  },
  bank_account_unknown: {
    status: 422,
    fr: "Ce relevé porte un compte inconnu. Indiquez lequel de vos comptes c’est, ou créez-le, puis recommencez.",
    en: "This statement names an unknown account. Say which of your accounts it is, or add it, then try again.",
  },
  statement_decided: {
    status: 409,
    fr: "Ce relevé est déjà importé ou refusé.",
    en: "This statement was imported or refused already.",
  },
  line_not_waiting: {
    status: 409,
    fr: "Cette ligne n’attend plus : elle est déjà lettrée, mise de côté, ou n’est pas de cette sorte.",
    en: "This line no longer waits: it is matched or set aside already, or not of this kind.",
  },
  line_not_applied: {
    status: 409,
    fr: "Cette ligne n’est pas lettrée : il n’y a rien à annuler.",
    en: "This line is not matched: there is nothing to undo.",
  },
  candidate_gone: {
    status: 409,
    fr: "Cette proposition n’existe plus. Rechargez la ligne.",
    en: "This proposal no longer exists. Load the line again.",
  },
  amounts_do_not_add_up: {
    status: 422,
    fr: "Les montants ne font pas le total de la ligne, ou un client recevrait moins que rien. Rien n’a été lettré.",
    en: "The amounts do not add up to the line, or a customer would receive less than nothing. Nothing was matched.",
  },
  item_not_open_enough: {
    status: 409,
    fr: "Une pièce n’est plus ouverte pour ce montant : elle a été réglée entre-temps. Rien n’a été lettré.",
    en: "An item is no longer open for that amount: it was settled in the meantime. Nothing was matched.",
  },
  no_exchange_rate: {
    status: 422,
    fr: "Aucun cours ne permet de convertir cette ligne dans la devise des comptes. Ajoutez-le dans Réglages, Taux de change.",
    en: "No rate converts this line into the currency of the books. Add it in Settings, Exchange rates.",
  },
  rejected_since: {
    status: 409,
    fr: "La banque a repris ce paiement depuis. Annulez d’abord le rejet.",
    en: "The bank has taken this payment back since. Undo the rejection first.",
  },
  already_rejected: {
    status: 409,
    fr: "Ce paiement est déjà rejeté.",
    en: "This payment is rejected already.",
  },
  payment_unknown: {
    status: 422,
    fr: "Ce paiement n’est pas de cette société ou de cette devise, ou n’est pas un encaissement.",
    en: "This payment is not of this company or currency, or is not a receipt.",
  },
  booking_does_not_fit: {
    status: 422,
    fr: "Cette écriture n’a pas le même compte, la même devise et le même montant. Rien n’a été rapproché.",
    en: "This entry has not the same account, currency and amount. Nothing was joined.",
  },
} as const satisfies Record<string, Refusal>;
