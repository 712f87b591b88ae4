import type { Statement } from "#contracts/receivables.ts";
import { type CalendarDate, day } from "#kernel/calendar-date.ts";
import { currency, money } from "#kernel/money.ts";
import {
  formatDay,
  formatMoney,
  greeting,
  type ItemLine,
  type Language,
  type TemplateText,
} from "#modules/correspondence/index.ts";

type Block = TemplateText["body"][number];
type StatementCompany = Statement["companies"][number];

const WORDS = {
  fr: {
    subject: (on: string, name: string) => `Situation de votre compte au ${on}\u00a0: ${name}`,
    lead: (on: string) => `Voici la situation de votre compte au ${on}\u00a0: ce qui reste ouvert dans nos livres.`,
    overdue: (amount: string) => `Dont échu\u00a0: ${amount}.`,
    nothingOverdue: "Rien n’est échu.",
    settled: "Votre compte est soldé\u00a0: aucune pièce n’est ouverte.",
    crossed:
      "Si un paiement a croisé ce message, n’en tenez pas compte. Une différence avec vos livres\u00a0? Répondez à ce message.",
  },
  en: {
    subject: (on: string, name: string) => `Statement of your account at ${on}: ${name}`,
    lead: (on: string) => `Here is the statement of your account at ${on}: what is still open in our books.`,
    overdue: (amount: string) => `Of which overdue: ${amount}.`,
    nothingOverdue: "Nothing is overdue.",
    settled: "Your account is settled: nothing is open.",
    crossed:
      "If a payment has crossed this message, please disregard it. A difference with your books? Just reply to this message.",
  },
} as const;

/**
 * A statement of what is open as a message: per company and document currency one table with its total and what of it is overdue; credits are negative.
 * Fixed words, so that the same facts always give the same bytes.
 */
export function statementText(
  statement: Pick<Statement, "asOf" | "companies">,
  letter: { language: Language; recipientName: string; note: string },
): TemplateText {
  const words = WORDS[letter.language];
  const on = formatDay(day(statement.asOf), letter.language);
  const names = statement.companies.map((one) => one.companyName).join(", ");
  const parts = statement.companies.flatMap((company) =>
    companyPart(company, letter.language, statement.companies.length > 1),
  );
  const own = letter.note.split(/\r?\n\s*\r?\n/).flatMap((text) => (text.trim() ? [paragraph(text.trim())] : []));
  return {
    subject: [text(words.subject(on, names))],
    body: [
      paragraph(`${greeting(letter.recipientName, letter.language)},`),
      ...own,
      paragraph(parts.length === 0 ? words.settled : words.lead(on)),
      ...parts,
      ...(parts.length === 0 ? [] : [paragraph(words.crossed)]),
      { type: "signature" },
    ],
  };
}

function companyPart(company: StatementCompany, language: Language, isNamed: boolean): Block[] {
  const words = WORDS[language];
  const byCurrency = Map.groupBy(company.lines, (line) => line.open.currency);
  const blocks: Block[] = isNamed ? [{ type: "heading", level: 3, content: [text(company.companyName)] }] : [];
  for (const [code, lines] of byCurrency) {
    const late = lines.filter((line) => line.daysPastDue > 0 && !line.open.minor.startsWith("-"));
    const overdue = late.reduce((sum, line) => sum + BigInt(line.open.minor), 0n);
    const amount = formatMoney(money(overdue, currency(code)), language);
    blocks.push(
      {
        type: "openItemsTable",
        columns: ["number", "issuedOn", "dueOn", "original", "open"],
        own: { currency: currency(code), lines: lines.map(lineOf) },
      },
      paragraph(overdue === 0n ? words.nothingOverdue : words.overdue(amount)),
    );
  }
  return blocks;
}

const lineOf = (line: StatementCompany["lines"][number]): ItemLine => ({
  number: line.documentNo ?? line.label ?? "–",
  issuedOn: line.issuedOn as CalendarDate,
  dueOn: line.dueOn as CalendarDate,
  originalMinor: BigInt(line.original.minor),
  openMinor: BigInt(line.open.minor),
});

const text = (words: string) => ({ type: "text" as const, text: words, marks: [] });
const paragraph = (words: string): Block => ({ type: "paragraph", content: [text(words)] });
