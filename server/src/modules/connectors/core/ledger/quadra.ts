import { type Chunks, type Encoding, linesOf } from "../read-text.ts";
import { type LedgerLine, lineOf, type OnFault, sideOf } from "./ledger-line.ts";

export const isQuadra = (lines: readonly string[]): boolean => {
  const rows = lines.slice(0, 20).filter((line) => line.startsWith("M"));
  return rows.length > 0 && rows.every((line) => /^M.{8}.{5}\d{6}.{21}[DC][+-]\d{12}/.test(line));
};

const COLLECTIVE = "411000";

/**
 * Quadra ASCII: M records are entries, C records name accounts. Customers have accounts of their own that begin with 9; they stand below the
 * collective 411000 here (from general knowledge of the package, not compared with its documentation).
 */
export async function* parseQuadra(chunks: Chunks, encoding: Encoding, onFault: OnFault): AsyncGenerator<LedgerLine[]> {
  const names = new Map<string, string>();
  for await (const batch of linesOf(chunks, encoding)) {
    const lines: LedgerLine[] = [];
    for (const { number, text } of batch) {
      const cut = (from: number, to: number) => text.slice(from - 1, to).trim();
      if (text.startsWith("C")) names.set(cut(2, 9), cut(10, 39));
      if (!text.startsWith("M")) continue;
      const account = cut(2, 9);
      const isCustomer = /^9/.test(account);
      const amount = /^([+-])(\d{12})$/.exec(text.slice(42, 55));
      const size = amount ? BigInt(amount[2] ?? "0") : undefined;
      const read = lineOf(
        {
          journal: cut(111, 113) || cut(10, 11),
          postedOn: cut(15, 20),
          entryNo: cut(75, 79),
          account: isCustomer ? COLLECTIVE : account,
          accountName: names.get(account) ?? account,
          auxiliary: isCustomer ? account : "",
          auxiliaryName: names.get(account) ?? "",
          document: cut(75, 79),
          label: cut(22, 41),
          paymentMethod: "",
          dueOn: cut(64, 69),
          isDebit: sideOf(cut(42, 42)),
          sideText: cut(42, 42),
          amount: size === undefined ? undefined : amount?.[1] === "-" ? -size : size,
          amountText: text.slice(42, 55),
          letter: cut(70, 71),
        },
        number,
        onFault,
      );
      if (read) lines.push(read);
    }
    if (lines.length > 0) yield lines;
  }
}
