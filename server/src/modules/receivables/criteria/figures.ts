import { type Criterion, criterionOf } from "#platform/criteria/index.ts";
import { sql } from "#platform/database/index.ts";
import { STABLE_WITHIN_DAYS } from "../core/payment-trend.ts";
import type { Owner } from "../store/list-sources.ts";

const TRENDS: NonNullable<Criterion["choices"]> = [
  { value: "better", fr: "En progrès", en: "Improving" },
  { value: "stable", fr: "Stable", en: "Stable" },
  { value: "worse", fr: "En recul", en: "Worsening" },
];

/**
 * Figures of accounts and of customers, over the sources of `figureSources`. Those of customers are in the reporting currency. None is dated: a figure
 * is computed for the day of the list, conditions of scenarios read items.
 */
export function figureCriteria(owner: Owner): readonly Criterion[] {
  const unit = owner === "account" ? "book_currency" : "reporting_currency";
  const of = (source: string) => criterionOf(owner, { isDated: false, source });
  const money = { unit };
  const days = { unit: "days" };
  const balance = of("balance");
  const books = of("books");
  const said = of("said");
  const history = of("history");
  const trend = of("trend");
  return [
    balance("outstanding", "coalesce(balance.outstanding, 0)", "money", { fr: "Encours", en: "Outstanding" }, money),
    balance("overdue", "coalesce(balance.overdue, 0)", "money", { fr: "Échu", en: "Overdue" }, money),
    balance(
      "not_due",
      "coalesce(balance.outstanding - balance.overdue - balance.unapplied - balance.credit_notes, 0)",
      "money",
      { fr: "Non échu", en: "Not due" },
      money,
    ),
    balance(
      "unapplied",
      "coalesce(balance.unapplied, 0)",
      "money",
      { fr: "Règlements non affectés", en: "Unapplied cash" },
      money,
    ),
    balance(
      "credit_notes",
      "coalesce(balance.credit_notes, 0)",
      "money",
      { fr: "Avoirs ouverts", en: "Open credit notes" },
      money,
    ),
    balance(
      "net_overdue",
      "greatest(0, coalesce(balance.overdue + balance.unapplied + balance.credit_notes, 0))",
      "money",
      { fr: "Échu net des avoirs et règlements", en: "Overdue net of credits and cash" },
      money,
    ),
    balance(
      "overdue_share",
      "(case when balance.outstanding > 0 then least(100, greatest(0, balance.overdue * 100 / balance.outstanding)) end)",
      "integer",
      { fr: "Part échue", en: "Overdue share" },
      { unit: "percent" },
    ),
    balance("open_items", "coalesce(balance.items, 0)", "integer", { fr: "Pièces ouvertes", en: "Open items" }),
    balance("currencies", "coalesce(balance.currencies, 0)", "integer", {
      fr: "Devises ouvertes",
      en: "Open currencies",
    }),
    books(
      "ledger_open",
      "coalesce(books.outstanding, 0)",
      "money",
      { fr: "Solde du grand livre", en: "Ledger balance" },
      money,
    ),
    books(
      "ledger_overdue",
      "coalesce(books.overdue, 0)",
      "money",
      { fr: "Échu du grand livre", en: "Ledger overdue" },
      money,
    ),
    balance("oldest_due_on", "balance.oldest_due_on", "day", {
      fr: "Plus ancienne échéance impayée",
      en: "Oldest unpaid due date",
    }),
    balance(
      "days_past_due",
      (asOf) => sql`coalesce(${asOf}::date - balance.oldest_due_on, 0)`,
      "integer",
      { fr: "Retard le plus long", en: "Longest delay" },
      days,
    ),
    balance("next_due_on", "balance.next_due_on", "day", { fr: "Prochaine échéance", en: "Next due date" }),
    balance("overdue_items", "coalesce(balance.overdue_items, 0)", "integer", {
      fr: "Pièces échues",
      en: "Overdue items",
    }),
    balance(
      "largest_item",
      "coalesce(balance.largest, 0)",
      "money",
      { fr: "Plus grosse pièce ouverte", en: "Largest open item" },
      money,
    ),
    balance(
      "overdue_30",
      "coalesce(balance.over_30, 0)",
      "money",
      { fr: "Échu de plus de 30 jours", en: "Overdue over 30 days" },
      money,
    ),
    balance(
      "overdue_60",
      "coalesce(balance.over_60, 0)",
      "money",
      { fr: "Échu de plus de 60 jours", en: "Overdue over 60 days" },
      money,
    ),
    balance(
      "overdue_90",
      "coalesce(balance.over_90, 0)",
      "money",
      { fr: "Échu de plus de 90 jours", en: "Overdue over 90 days" },
      money,
    ),
    balance(
      "overdue_180",
      "coalesce(balance.over_180, 0)",
      "money",
      { fr: "Échu de plus de 180 jours", en: "Overdue over 180 days" },
      money,
    ),
    balance(
      "due_in_30",
      "coalesce(balance.due_in_30, 0)",
      "money",
      { fr: "À échoir sous 30 jours", en: "Falling due within 30 days" },
      money,
    ),
    said("disputed", "coalesce(said.disputed, 0)", "money", { fr: "En litige", en: "Disputed" }, money),
    said("promised", "coalesce(said.promised, 0)", "money", { fr: "Promis", en: "Promised" }, money),
    history("first_invoice_on", "history.first_invoice_on", "day", { fr: "Première facture", en: "First invoice" }),
    history("last_invoice_on", "history.last_invoice_on", "day", { fr: "Dernière facture", en: "Last invoice" }),
    history("last_payment_on", "history.last_payment_on", "day", { fr: "Dernier règlement", en: "Last payment" }),
    history("invoices_12m", "coalesce(history.invoices_12m, 0)", "integer", {
      fr: "Factures sur 12 mois",
      en: "Invoices over 12 months",
    }),
    history(
      "invoiced_12m",
      "coalesce(history.invoiced_12m, 0)",
      "money",
      { fr: "Facturé sur 12 mois", en: "Invoiced over 12 months" },
      money,
    ),
    history(
      "paid_12m",
      "coalesce(history.paid_12m, 0)",
      "money",
      { fr: "Réglé sur 12 mois", en: "Paid over 12 months" },
      money,
    ),
    history("rejections_12m", "coalesce(history.rejections_12m, 0)", "integer", {
      fr: "Rejets bancaires sur 12 mois",
      en: "Bank rejections over 12 months",
    }),
    history(
      "days_late_12m",
      "history.days_late_12m",
      "integer",
      { fr: "Retard moyen sur 12 mois", en: "Average delay over 12 months" },
      days,
    ),
    history(
      "days_to_pay_12m",
      "history.days_to_pay_12m",
      "integer",
      { fr: "Délai moyen de règlement sur 12 mois", en: "Average days to pay over 12 months" },
      days,
    ),
    trend(
      "days_late_3m",
      "round(trend.late_3m)::bigint",
      "integer",
      { fr: "Retard moyen sur 3 mois, pondéré", en: "Average delay over 3 months, weighted" },
      days,
    ),
    trend(
      "days_late_before",
      "round(trend.late_before)::bigint",
      "integer",
      { fr: "Retard moyen des 9 mois d’avant, pondéré", en: "Average delay of the 9 months before, weighted" },
      days,
    ),
    trend(
      "late_change",
      "round(trend.late_3m - trend.late_before)::bigint",
      "integer",
      { fr: "Évolution du retard", en: "Change of the delay" },
      days,
    ),
    trend(
      "payment_trend",
      `(case when trend.late_3m is null or trend.late_before is null then null
         when abs(trend.late_3m - trend.late_before) < ${STABLE_WITHIN_DAYS} then 'stable'
         when trend.late_3m > trend.late_before then 'worse' else 'better' end)`,
      "choice",
      { fr: "Tendance de paiement", en: "Payment trend" },
      { choices: TRENDS },
    ),
  ];
}
