type Text = { readonly fr: string; readonly en: string };

/** What a returned collection or transfer means for collecting: who acts on it. */
export type ReturnAction =
  /** Insufficient funds: call, present again once after an agreed day, more risk. */
  | "call_and_retry"
  /** Refused without a motive: ask whether it is a dispute or a lack of cash. */
  | "call"
  /** The debtor took the money back: a dispute until qualified. */
  | "treat_as_dispute"
  /** No valid mandate: stop collecting, get a new one. */
  | "renew_mandate"
  /** The account cannot be used: get another one; closed and blocked ones are a risk signal. */
  | "new_bank_details"
  /** Direct debits are shut out: ask for a transfer or for clearance at the bank. */
  | "other_means"
  /** Our own file was wrong: correct and present again. */
  | "correct_and_represent"
  /** Treasury looks at it. */
  | "treasury";

export type ReturnReason = {
  readonly meaning: Text;
  readonly action: ReturnAction;
  /** Whether the reason says something about the customer's means. */
  readonly isRiskSignal: boolean;
};

const reason = (fr: string, en: string, action: ReturnAction, isRiskSignal = false): ReturnReason => ({
  meaning: { fr, en },
  action,
  isRiskSignal,
});

/** ISO 20022 external return reasons as SEPA uses them. */
const ISO: Readonly<Record<string, ReturnReason>> = {
  AC01: reason("IBAN erroné", "Wrong IBAN", "new_bank_details"),
  AC04: reason("Compte clos", "Account closed", "new_bank_details", true),
  AC06: reason("Compte bloqué ou en opposition", "Account blocked", "new_bank_details", true),
  AC13: reason("Type de compte du débiteur inadapté", "Wrong type of account", "new_bank_details"),
  AG01: reason("Prélèvement interdit sur ce compte", "Direct debit forbidden on this account", "other_means"),
  AG02: reason("Code opération erroné", "Invalid transaction code", "correct_and_represent"),
  AM04: reason("Provision insuffisante", "Insufficient funds", "call_and_retry", true),
  AM05: reason("Opération en double", "Duplicate", "correct_and_represent"),
  BE04: reason("Adresse du créancier absente ou fausse", "Creditor address missing or wrong", "correct_and_represent"),
  BE05: reason("Identifiant créancier erroné", "Wrong creditor identifier", "correct_and_represent"),
  CNOR: reason("Banque du créancier non enregistrée", "Creditor bank not registered", "correct_and_represent"),
  DNOR: reason("Banque du débiteur non enregistrée", "Debtor bank not registered", "new_bank_details"),
  CUST: reason("À la demande du donneur d’ordre", "Requested by the customer", "treasury"),
  DT01: reason("Date invalide", "Invalid date", "correct_and_represent"),
  DUPL: reason("Paiement en double", "Duplicate payment", "treasury"),
  ED05: reason("Règlement impossible", "Settlement failed", "treasury"),
  FF01: reason("Format de fichier invalide", "Invalid file format", "correct_and_represent"),
  FF05: reason("Instrument local erroné", "Wrong local instrument", "correct_and_represent"),
  FOCR: reason("Retour après demande d’annulation", "Following a recall", "treasury"),
  FR01: reason("Fraude", "Fraud", "treasury", true),
  FRAD: reason("Origine frauduleuse", "Fraudulent origin", "treasury", true),
  MD01: reason("Mandat absent ou révoqué", "No valid mandate", "renew_mandate"),
  MD02: reason("Données du mandat absentes ou fausses", "Mandate data missing or wrong", "renew_mandate"),
  MD06: reason("Opération contestée par le débiteur", "Refund requested by the debtor", "treat_as_dispute"),
  MD07: reason("Débiteur décédé", "Debtor deceased", "renew_mandate", true),
  MS02: reason("Refus du débiteur, sans motif", "Refused by the debtor, no motive", "call"),
  MS03: reason("Motif non communiqué par la banque", "Reason not given by the bank", "call"),
  RC01: reason("BIC erroné", "Wrong BIC", "correct_and_represent"),
  RR01: reason(
    "Compte du débiteur absent (réglementaire)",
    "Debtor account missing (regulatory)",
    "correct_and_represent",
  ),
  RR02: reason(
    "Nom ou adresse du débiteur absents (réglementaire)",
    "Debtor name or address missing",
    "correct_and_represent",
  ),
  RR03: reason(
    "Nom ou adresse du créancier absents (réglementaire)",
    "Creditor name or address missing",
    "correct_and_represent",
  ),
  RR04: reason("Motif réglementaire", "Regulatory reason", "treasury"),
  SL01: reason(
    "Créancier bloqué par le débiteur auprès de sa banque",
    "Blocked by the debtor at the bank",
    "other_means",
  ),
  TECH: reason("Problème technique", "Technical problem", "treasury"),
  TM01: reason("Reçu hors délai", "Received too late", "correct_and_represent"),
};

/**
 * French interbank motives of two digits (columns 41-42 of CFONB 120) for direct debits, bills and cheques. From general knowledge of
 * French practice, not compared with the list that the bank hands out: they only word what the bank wrote.
 */
const FRENCH: Readonly<Record<string, ReturnReason>> = {
  "10": reason("Destinataire non reconnu ou compte inconnu", "Account unknown", "new_bank_details"),
  "20": reason("Provision insuffisante", "Insufficient funds", "call_and_retry", true),
  "21": reason("Compte soldé, clos", "Account closed", "new_bank_details", true),
  "30": reason("Contestation du débiteur", "Contested by the debtor", "treat_as_dispute"),
  "31": reason("Pas d’ordre de payer", "No order to pay", "call"),
  "32": reason("Opposition sur compte", "Account blocked", "new_bank_details", true),
};

/** What a reason code means, ISO or French of two digits; undefined when it is not known: then the bank's text is all there is. */
export function returnReason(code: string): ReturnReason | undefined {
  const key = code.trim().toUpperCase();
  if (Object.hasOwn(ISO, key)) return ISO[key];
  return Object.hasOwn(FRENCH, key) ? FRENCH[key] : undefined;
}
