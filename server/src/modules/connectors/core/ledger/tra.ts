import { parseCurrency } from "#kernel/money.ts";
import type { ItemDraft } from "../draft.ts";
import { type Chunks, type Encoding, linesOf } from "../read-text.ts";
import { cents, type LedgerLine, lineOf, type OnFault, sideOf } from "./ledger-line.ts";

/** Natures of pieces that tell what a line is. */
const NATURES: Readonly<Record<string, ItemDraft["kind"]>> = {
  FC: "invoice",
  AC: "credit_note",
  RC: "payment",
  OC: "other",
};

export const isTra = (lines: readonly string[]): boolean => /^\*{3}[A-Z0-9]{2}/.test(lines[0] ?? "");

/**
 * Cegid TRA: fixed columns, one header line. Analytic lines (A, H) repeat amounts and are left out, other records (***) too. Columns after
 * 222 (lettering of the extended format) are not read: their places are not known well enough.
 */
export async function* parseTra(chunks: Chunks, encoding: Encoding, onFault: OnFault): AsyncGenerator<LedgerLine[]> {
  for await (const batch of linesOf(chunks, encoding)) {
    const lines: LedgerLine[] = [];
    for (const { number, text } of batch) {
      if (text.trim() === "" || text.startsWith("***")) continue;
      const cut = (from: number, to: number) => text.slice(from - 1, to).trim();
      if (/^[AH]$/.test(cut(31, 31))) continue;
      if (text.trimEnd().length < 131) {
        onFault({ code: "too_few_columns", line: number, column: String(text.trimEnd().length) });
        continue;
      }
      const currency = parseCurrency(cut(160, 162));
      const foreign = currency && currency !== "EUR" ? cents(cut(176, 195), currency) : undefined;
      const line = lineOf(
        {
          journal: cut(1, 3),
          postedOn: cut(4, 11),
          account: cut(14, 30),
          auxiliary: cut(31, 31) === "X" ? cut(32, 48) : "",
          document: cut(49, 83),
          label: cut(84, 118),
          paymentMethod: cut(119, 121),
          dueOn: cut(122, 129),
          isDebit: sideOf(cut(130, 130)),
          sideText: cut(130, 130),
          amount: cents(cut(131, 150)),
          amountText: cut(131, 150),
          entryNo: cut(152, 159),
          letter: "",
          instalmentNo: Number(/^\d{1,2}$/.exec(cut(221, 222))?.[0] ?? 0),
          nature: Object.hasOwn(NATURES, cut(12, 13)) ? (NATURES[cut(12, 13)] ?? null) : null,
          ...(currency && foreign ? { foreign: { currency, minor: foreign } } : {}),
        },
        number,
        onFault,
      );
      if (line) lines.push(line);
    }
    if (lines.length > 0) yield lines;
  }
}
