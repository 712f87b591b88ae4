import type { ItemDraft } from "../draft.ts";
import { type Chunks, type Encoding, linesOf } from "../read-text.ts";
import { cents, type LedgerLine, lineOf, type OnFault, sideOf } from "./ledger-line.ts";

/** 1-based columns, both included. The layout as commonly described; to be held against a file of the customer's own package. */
const PNM = {
  journal: [1, 3],
  postedOn: [4, 9],
  nature: [10, 11],
  account: [12, 24],
  lineType: [25, 25],
  auxiliary: [26, 38],
  reference: [39, 51],
  label: [52, 76],
  paymentMethod: [77, 77],
  dueOn: [78, 83],
  side: [84, 84],
  amount: [85, 104],
  entryNo: [106, 112],
} as const satisfies Record<string, readonly [number, number]>;

const NATURES: Readonly<Record<string, ItemDraft["kind"]>> = { FC: "invoice", AC: "credit_note", RC: "payment" };

const field = (text: string, name: keyof typeof PNM): string => text.slice(PNM[name][0] - 1, PNM[name][1]).trim();

/** The second line already has day, side and amount in their places; the first is the name of the company. */
export const isPnm = (lines: readonly string[]): boolean => {
  const rows = lines.slice(1, 21).filter((line) => line.trim() !== "");
  const fits = rows.filter(
    (line) =>
      /^\d{6}$/.test(field(line, "postedOn")) &&
      /^[DC]$/.test(field(line, "side")) &&
      /^\d+([.,]\d+)?$/.test(field(line, "amount")),
  );
  return rows.length > 0 && fits.length === rows.length;
};

/** Sage PNM, fixed columns. */
export async function* parsePnm(chunks: Chunks, encoding: Encoding, onFault: OnFault): AsyncGenerator<LedgerLine[]> {
  for await (const batch of linesOf(chunks, encoding)) {
    const lines: LedgerLine[] = [];
    for (const { number, text } of batch) {
      if (number === 1 || text.trim() === "" || field(text, "lineType") === "A") continue;
      const at = (name: keyof typeof PNM) => field(text, name);
      const read = lineOf(
        {
          journal: at("journal"),
          postedOn: at("postedOn"),
          entryNo: at("entryNo"),
          account: at("account"),
          auxiliary: at("lineType") === "X" ? at("auxiliary") : "",
          document: at("reference"),
          label: at("label"),
          paymentMethod: at("paymentMethod"),
          dueOn: at("dueOn"),
          isDebit: sideOf(at("side")),
          sideText: at("side"),
          amount: cents(at("amount")),
          amountText: at("amount"),
          letter: "",
          nature: Object.hasOwn(NATURES, at("nature")) ? (NATURES[at("nature")] ?? null) : null,
        },
        number,
        onFault,
      );
      if (read) lines.push(read);
    }
    if (lines.length > 0) yield lines;
  }
}
