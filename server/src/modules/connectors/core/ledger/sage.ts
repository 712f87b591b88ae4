import { type Chunks, type Encoding, type Line, linesOf } from "../read-text.ts";
import type { TableRow } from "../table/records.ts";
import { cents, type LedgerLine, lineOf, type OnFault, sideOf } from "./ledger-line.ts";

export const isSage = (lines: readonly string[]): boolean => /^#(FLG|VER|MECG|MPCT)\b/.test(lines[0]?.trim() ?? "");

/** A flag line and the fields that follow it, one a line, blank ones included. */
type SageRecord = { readonly flag: string; readonly line: number; readonly fields: string[] };

const MOST_FIELDS = 1_000;

async function* recordsOf(chunks: Chunks, encoding: Encoding): AsyncGenerator<SageRecord[]> {
  let current: SageRecord | undefined;
  for await (const batch of linesOf(chunks, encoding)) {
    const done: SageRecord[] = [];
    for (const { number, text } of batch as Line[]) {
      const flag = /^#([A-Z]{3,8})\b/.exec(text)?.[1];
      if (flag) {
        if (current) done.push(current);
        current = { flag, line: number, fields: [] };
      } else if (current && current.fields.length < MOST_FIELDS) current.fields.push(text.trim());
    }
    if (done.length > 0) yield done;
  }
  if (current) yield [current];
}

/** Third parties stand before entries in these files: their names are those of the accounts. */
export async function* parseSage(chunks: Chunks, encoding: Encoding, onFault: OnFault): AsyncGenerator<LedgerLine[]> {
  const names = new Map<string, string>();
  for await (const records of recordsOf(chunks, encoding)) {
    const lines: LedgerLine[] = [];
    for (const { flag, fields, line } of records) {
      const at = (index: number) => fields[index] ?? "";
      if (flag === "MPCT") names.set(at(0), at(1));
      if (flag !== "MECG") continue;
      const auxiliary = at(8);
      const read = lineOf(
        {
          journal: at(0),
          postedOn: at(1),
          entryNo: at(3),
          document: at(4) || at(3),
          account: at(6),
          auxiliary,
          auxiliaryName: names.get(auxiliary) ?? "",
          label: at(10),
          paymentMethod: at(11) === "0" ? "" : at(11),
          dueOn: at(12),
          isDebit: sideOf(at(16)),
          sideText: at(16),
          amount: cents(at(17)),
          amountText: at(17),
          letter: at(18),
          // 1 to 3: carried forward.
          isOpening: /^[1-3]$/.test(at(22)),
        },
        line,
        onFault,
      );
      if (read) lines.push(read);
    }
    if (lines.length > 0) yield lines;
  }
}

const CUSTOMER_HEADERS = [
  "Numéro client",
  "Nom client",
  "Collectif",
  "Adresse",
  "Code postal",
  "Ville",
  "Pays",
  "SIRET",
  "TVA",
  "Téléphone",
  "E-mail",
];
const CONTACT_HEADERS = ["Numéro client", "Nom", "Prénom", "Fonction", "Téléphone", "E-mail"];

/**
 * Customers (type 0) or their contacts as a table with headers that map by themselves. The first four fields of a third party are sure; what
 * follows is taken by its place only where it has the form of what should stand there.
 */
export async function* sageParties(
  chunks: Chunks,
  encoding: Encoding,
  kind: "customers" | "contacts",
): AsyncGenerator<TableRow[]> {
  yield [{ line: 0, cells: kind === "customers" ? CUSTOMER_HEADERS : CONTACT_HEADERS }];
  let owner: { number: string; isCustomer: boolean } | undefined;
  for await (const records of recordsOf(chunks, encoding)) {
    const rows: TableRow[] = [];
    for (const { flag, fields, line } of records) {
      if (flag === "MPCT") {
        owner = { number: fields[0] ?? "", isCustomer: (fields[2] ?? "0") === "0" };
        if (kind === "customers" && owner.isCustomer) rows.push({ line, cells: customerCells(fields) });
      }
      if (flag === "MCTT" && kind === "contacts" && owner?.isCustomer)
        rows.push({ line, cells: contactCells(owner.number, fields) });
    }
    if (rows.length > 0) yield rows;
  }
}

const isMail = (text: string) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);
const isPhone = (text: string) => /^\+?[\d .()-]{9,20}$/.test(text) && text.replace(/\D/g, "").length >= 9;

function customerCells(fields: readonly string[]): string[] {
  const at = (index: number) => fields[index] ?? "";
  // Address, complement, postal code and town follow one another; the postal code tells where.
  const code = [8, 9, 10, 11].find((index) => /^(\d{4,5}|[A-Z]-?\d{4,5})$/.test(at(index)));
  const street = code === undefined ? "" : [at(code - 2), at(code - 1)].filter((part) => part !== "").join(", ");
  const rest = fields.slice(4);
  return [
    at(0),
    at(1),
    at(3),
    street,
    code === undefined ? "" : at(code),
    code === undefined ? "" : at(code + 1),
    code !== undefined && /^[A-Za-zÀ-ÿ -]{2,35}$/.test(at(code + 3)) ? at(code + 3) : "",
    rest.find((field) => /^\d{14}$/.test(field.replace(/\s/g, "")))?.replace(/\s/g, "") ?? "",
    rest.find((field) => /^[A-Z]{2}[0-9A-Z]{8,12}$/.test(field) && /\d{5}/.test(field)) ?? "",
    rest.find((field) => isPhone(field) && !/^\d{14}$/.test(field)) ?? "",
    rest.find(isMail) ?? "",
  ];
}

function contactCells(number: string, fields: readonly string[]): string[] {
  const at = (index: number) => fields[index] ?? "";
  return [number, at(0), at(1), at(3), fields.find(isPhone) ?? "", fields.find(isMail) ?? ""];
}
