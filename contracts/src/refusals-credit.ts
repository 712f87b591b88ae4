/** Refusals of the credit room; see `refusals.ts`. */
export const CREDIT_REFUSALS = {
  supplier_taken: {
    status: 409,
    fr: "Le compte fournisseur {supplier} est déjà rattaché à un client. Retirez d’abord ce rattachement.",
    en: "Supplier account {supplier} is linked to a customer already. Remove that link first.",
  },
  supplier_twice: {
    status: 422,
    fr: "Le compte fournisseur {supplier} figure deux fois. Rien n’a été enregistré.",
    en: "Supplier account {supplier} is named twice. Nothing was saved.",
  },
  balance_in_future: {
    status: 422,
    fr: "Un solde ne se donne pas pour un jour à venir ({day}). Rien n’a été enregistré.",
    en: "A balance cannot be stated for a day to come ({day}). Nothing was saved.",
  },
} as const;
