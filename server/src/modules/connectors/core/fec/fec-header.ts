import { fold } from "#kernel/text.ts";
import { FileRefused } from "../fault.ts";

/** Position of each field in a line; -1 where the file has none. */
export type FecLayout = {
  readonly separator: string;
  readonly columnCount: number;
  readonly isQuoted: boolean;
  readonly at: Readonly<Record<FecField, number>>;
};

export type FecField =
  | "journalCode"
  | "journalLib"
  | "ecritureNum"
  | "ecritureDate"
  | "compteNum"
  | "compteLib"
  | "compAuxNum"
  | "compAuxLib"
  | "pieceRef"
  | "pieceDate"
  | "ecritureLib"
  | "debit"
  | "credit"
  | "montant"
  | "sens"
  | "ecritureLet"
  | "dateLet"
  | "validDate"
  | "montantDevise"
  | "idevise"
  | "dateRglt"
  | "modeRglt";

/** Legal names (LPF A47 A-1) and what exports make of them. */
const NAMES: Readonly<Record<FecField, readonly string[]>> = {
  journalCode: ["journalcode"],
  journalLib: ["journallib"],
  ecritureNum: ["ecriturenum"],
  ecritureDate: ["ecrituredate"],
  compteNum: ["comptenum"],
  compteLib: ["comptelib"],
  compAuxNum: ["compauxnum", "compteauxnum"],
  compAuxLib: ["compauxlib", "compteauxlib"],
  pieceRef: ["pieceref"],
  pieceDate: ["piecedate"],
  ecritureLib: ["ecriturelib"],
  debit: ["debit"],
  credit: ["credit"],
  montant: ["montant"],
  sens: ["sens"],
  ecritureLet: ["ecriturelet", "ecriturelettrage"],
  dateLet: ["datelet", "datelettrage"],
  validDate: ["validdate"],
  montantDevise: ["montantdevise"],
  idevise: ["idevise"],
  dateRglt: ["daterglt", "datereglement"],
  modeRglt: ["modereglt", "moderglt", "modereglement"],
};

const NEEDED: readonly FecField[] = ["journalCode", "ecritureNum", "ecritureDate", "compteNum", "ecritureLib"];
const SEPARATORS = ["\t", "|", ";", ","];

const plain = (name: string) => fold(name).replace(/[^a-z]/g, "");

const HEADER_SEARCH_LINES = 5;

/** The layout that the first lines hold: a title may stand above the header. */
export function findFecHeader(lines: readonly string[]): { layout: FecLayout; index: number } | undefined {
  for (const [index, line] of lines.slice(0, HEADER_SEARCH_LINES).entries()) {
    const layout = fecHeader(line);
    if (layout) return { layout, index };
  }
  return undefined;
}

/** The layout when a line is the header of a FEC, whatever its separator; undefined when it is none. */
export function fecHeader(line: string): FecLayout | undefined {
  const text = line.replace(/^\ufeff/, "");
  for (const separator of SEPARATORS) {
    const isQuoted = text.startsWith('"');
    const names = text.split(separator).map((name) => plain(name));
    const at = {} as Record<FecField, number>;
    for (const field of Object.keys(NAMES) as FecField[])
      at[field] = names.findIndex((name) => NAMES[field].includes(name));
    const hasAmounts = (at.debit >= 0 && at.credit >= 0) || (at.montant >= 0 && at.sens >= 0);
    const known = NEEDED.filter((field) => at[field] >= 0).length;
    if (known === NEEDED.length && hasAmounts) return { separator, columnCount: names.length, isQuoted, at };
    if (known >= 3) throw new FileRefused("fec_column_missing", 1, { column: missing(at, hasAmounts) });
  }
  return undefined;
}

const missing = (at: Record<FecField, number>, hasAmounts: boolean): string => {
  const names = NEEDED.filter((field) => at[field] < 0).map((field) => field[0]?.toUpperCase() + field.slice(1));
  return [...names, ...(hasAmounts ? [] : ["Debit", "Credit"])].join(", ");
};
