import { parseCalendarDate } from "#kernel/calendar-date.ts";
import { fromDecimal } from "#kernel/money.ts";
import { type Connector, type FedCompany, SourceFault, type SyncBatch } from "../connector.ts";

/** What the imagined system answers: one invoice or payment a line. */
export type ExampleLine = {
  readonly id: string;
  readonly customer: string;
  readonly document: string;
  readonly day: string;
  readonly due: string;
  /** "120.50", "-120.50". */
  readonly amount: string;
  readonly letter: string | null;
};

/** How the imagined system is asked; a real connector would open a connection with its settings. */
export type ExampleSystem = {
  readonly books: () => Promise<readonly string[]>;
  readonly lines: (books: string) => AsyncIterable<readonly ExampleLine[]>;
};

export const exampleConnector = (system: ExampleSystem): Connector => ({
  key: "example",
  maxCompanies: 10,
  hasParts: true,
  settings: [{ key: "host", kind: "text", isRequired: true }],

  // the smallest thing that proves that the settings work
  test: async () => ({ isReached: true, parts: await system.books(), details: {} }),

  run: async function* (context) {
    for (const company of context.companies) {
      const books = await system.books();
      if (!books.includes(company.part)) throw new SourceFault("not_found", company.part);
      yield* readBooks(system, company);
    }
  },
});

async function* readBooks(system: ExampleSystem, company: FedCompany): AsyncGenerator<SyncBatch> {
  const { companyId } = company;
  for await (const lines of system.lines(company.part)) {
    const rows = [];
    for (const [index, line] of lines.entries()) {
      const row = draftOf(line, company);
      if (row) rows.push({ ...row, line: index + 1 });
      else
        yield { kind: "refused", companyId, fault: { code: "impossible_amount", line: index + 1, value: line.amount } };
    }
    yield { kind: "items", companyId, rows };
  }
  // these were all lines there are: what is absent never was
  const everything = { kind: "full", from: FIRST_DAY, to: LAST_DAY } as const;
  yield { kind: "end", companyId, end: { coverage: everything } };
}

const FIRST_DAY = dayOf("1900-01-01");
const LAST_DAY = dayOf("2999-12-31");

function draftOf(line: ExampleLine, { bookCurrency }: FedCompany) {
  const amount = fromDecimal(line.amount, bookCurrency);
  if (!amount) return undefined;
  const isDebit = amount.minor >= 0n;
  return {
    controlAccount: "411000",
    auxiliary: line.customer,
    accountName: line.customer,
    key: line.id,
    kind: isDebit ? ("invoice" as const) : ("payment" as const),
    journal: null,
    entryNo: null,
    side: isDebit ? ("debit" as const) : ("credit" as const),
    documentNo: line.document,
    label: null,
    issuedOn: dayOf(line.day),
    postedOn: dayOf(line.day),
    dueOn: dayOf(line.due),
    instalmentNo: 1,
    currency: bookCurrency,
    minor: amount.minor,
    bookMinor: amount.minor,
    paymentMethod: null,
    letter: line.letter,
    letteredOn: null,
    fiscalYear: null,
    isOpening: false,
  };
}

function dayOf(text: string) {
  const day = parseCalendarDate(text);
  if (!day) throw new SourceFault("unexpected", text);
  return day;
}
