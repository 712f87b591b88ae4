/** What the bank's reason means, and what the collector does about it. */
export type ReturnMeaning = {
  readonly fr: string;
  readonly en: string;
  /** represent: try again; ask: call the customer; data: correct bank details; stop: no further debit; dispute: the customer contests. */
  readonly action: "represent" | "ask" | "data" | "stop" | "dispute";
};

/** ISO 20022 external return reasons as SEPA uses them, and the French codes of cheques and bills in words. */
const MEANINGS: Readonly<Record<string, ReturnMeaning>> = {
  AC01: { fr: "IBAN incorrect", en: "incorrect IBAN", action: "data" },
  AC04: { fr: "compte clos", en: "account closed", action: "data" },
  AC06: { fr: "compte bloqué", en: "account blocked", action: "ask" },
  AC13: { fr: "compte d’un consommateur", en: "consumer’s account", action: "data" },
  AG01: { fr: "opération interdite sur ce compte", en: "transaction forbidden on this account", action: "data" },
  AG02: { fr: "code d’opération incorrect", en: "incorrect operation code", action: "data" },
  AM04: { fr: "provision insuffisante", en: "insufficient funds", action: "represent" },
  AM05: { fr: "opération en double", en: "duplicate", action: "ask" },
  BE05: { fr: "identifiant du créancier inconnu", en: "creditor identifier unknown", action: "data" },
  CNOR: { fr: "banque du créancier non joignable", en: "creditor’s bank not reachable", action: "data" },
  DNOR: { fr: "banque du débiteur non joignable", en: "debtor’s bank not reachable", action: "data" },
  ED05: { fr: "règlement impossible", en: "settlement failed", action: "represent" },
  FF01: { fr: "format incorrect", en: "invalid format", action: "data" },
  FOCR: { fr: "retour demandé par la banque", en: "returned on request of the bank", action: "ask" },
  MD01: { fr: "pas de mandat", en: "no mandate", action: "dispute" },
  MD02: { fr: "mandat incorrect", en: "mandate data missing or incorrect", action: "data" },
  MD06: { fr: "remboursement demandé par le client", en: "refund requested by the customer", action: "dispute" },
  MD07: { fr: "titulaire décédé", en: "end customer deceased", action: "stop" },
  MS02: { fr: "refus du client, motif non précisé", en: "refused by the customer, no reason given", action: "ask" },
  MS03: { fr: "motif non précisé par la banque", en: "no reason given by the bank", action: "ask" },
  RC01: { fr: "BIC incorrect", en: "incorrect BIC", action: "data" },
  RR01: { fr: "identification du débiteur manquante", en: "debtor’s identification missing", action: "data" },
  RR02: { fr: "nom ou adresse du débiteur manquant", en: "debtor’s name or address missing", action: "data" },
  RR03: { fr: "nom ou adresse du créancier manquant", en: "creditor’s name or address missing", action: "data" },
  RR04: { fr: "motif réglementaire", en: "regulatory reason", action: "ask" },
  SL01: {
    fr: "service refusé par la banque du débiteur",
    en: "refused by the debtor’s bank under its own service",
    action: "ask",
  },
};

/** The meaning of a code; what the bank wrote, or that it gave no reason, where the code is not known. */
export function meaningOf(code: string | null, text: string | null): ReturnMeaning {
  const known = MEANINGS[(code ?? "").toUpperCase()];
  if (known) return known;
  const said = text?.trim();
  return { fr: said || code || "motif non communiqué", en: said || code || "no reason given", action: "ask" };
}
