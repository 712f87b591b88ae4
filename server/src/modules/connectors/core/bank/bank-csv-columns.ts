import { fold } from "#kernel/text.ts";

/** What a column of a bank's CSV can mean. */
export type BankField =
  | "account"
  | "bookedOn"
  | "valueOn"
  | "label"
  | "details"
  | "amount"
  | "debit"
  | "credit"
  | "side"
  | "balance"
  | "currency"
  | "reference"
  | "type"
  | "payer"
  | "payerAccount"
  | "endToEndId"
  | "mandate"
  | "reasonCode"
  | "reasonText";

/** The field of each column; null for one that is not read. */
export type CsvMapping = readonly (BankField | null)[];

/** Headers of French and English bank exports, folded. The first pattern that fits a header gives its field; a field is given once. */
const HEADERS: readonly (readonly [BankField, RegExp])[] = [
  ["reasonCode", /^(reason[_ ]?code|code (motif|rejet|retour)|motif code|code motif.*|return reason code)$/],
  ["reasonText", /^(reason|motif|motif (de |du )?(rejet|retour)|libelle motif|reason text|return reason)$/],
  ["endToEndId", /^(end ?to ?end.*|e2e.*|eref|reference de bout en bout|reference bout en bout)$/],
  ["mandate", /^(mandate?.*|mandat|rum|reference mandat|reference unique de mandat)$/],
  [
    "payerAccount",
    /^(iban (emetteur|donneur|debiteur|tiers|contrepartie|beneficiaire)|compte (emetteur|debiteur|contrepartie|tiers)|counterparty (iban|account)|partner[_ ]account|debtor (iban|account))$/,
  ],
  [
    "payer",
    /^(partner[_ ]name|tiers|emetteur|nom (du )?(tiers|debiteur|emetteur|client|contrepartie)|donneur d.?ordre|contrepartie|counterparty( name)?|payer|payee|debtor( name)?|client|nom)$/,
  ],
  ["valueOn", /^(date (de )?valeur|valeur|value date|date val\.?|dt valeur|date_valeur|value)$/],
  [
    "bookedOn",
    /^(date|date (d.)?(operation|ope|comptable|comptabilisation|compta|transaction|mouvement|de l.operation)|date_operation|date_comptable|dateop|booking date|transaction date|posting date|posted|jour)$/,
  ],
  ["debit", /^(debit.*|montant (au )?debit.*|money out|withdrawals?|paid out|sortie|depenses?)$/],
  ["credit", /^(credit.*|montant (au )?credit.*|money in|deposits?|paid in|entree|recettes?)$/],
  ["balance", /^(solde.*|balance.*|running balance)$/],
  ["currency", /^(devise|currency|ccy|monnaie|devise (du )?compte)$/],
  ["side", /^(sens|side|d\/?c|debit\/credit|type (debit|d\/c))$/],
  ["amount", /^(montant.*|amount.*|valeur en euros?|somme|mt)$/],
  [
    "account",
    /^(compte|n[o°]? ?(de )?compte|numero (de )?compte|account([_ ]?(number|no|id))?|iban|iban (du )?compte|rib|accountnum|compte num)$/,
  ],
  [
    "reference",
    /^(unique_import_id|reference (bancaire|operation|de l.operation|interne)|ref\.?( ?bancaire| ?operation)?|reference|id|identifiant|transaction id|bank reference|numero (d.)?operation|n[o°] operation)$/,
  ],
  [
    "type",
    /^(type|type (d.)?operation|nature|code operation|categorie operation|transaction type|categorie|category)$/,
  ],
  [
    "details",
    /^(details?.*|libelle (complementaire|complet|detaille|long)|informations? complementaires?|complement|memo|communication|commentaires?|concept|remittance.*|motif du virement)$/,
  ],
  ["label", /^(libelle.*|label|intitule|description|operation|name|wording|narrative|objet)$/],
];

export function columnsOf(headers: readonly string[]): CsvMapping {
  const taken = new Set<BankField>();
  return headers.map((header) => {
    const text = fold(header.replace(/^\ufeff/, ""))
      .replace(/\s*[([].*$/, "")
      .replace(/[:*]/g, "")
      .replaceAll("_", "_")
      .trim();
    const found = HEADERS.find(
      ([field, pattern]) => !taken.has(field) && (pattern.test(text) || pattern.test(text.replaceAll("_", " "))),
    );
    if (!found) return null;
    taken.add(found[0]);
    return found[0];
  });
}
