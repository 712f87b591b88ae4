import { type CalendarDate, calendarDateOf } from "#kernel/calendar-date.ts";
import { type Currency, EUR } from "#kernel/money.ts";
import { fullYear } from "../bank/values.ts";
import type { ItemDraft } from "../draft.ts";
import { type Fault, shorten } from "../fault.ts";
import { type FecContext, fecItem } from "../fec/fec-items.ts";
import type { FecLine } from "../fec/parse-fec.ts";
import { parseAmount } from "../parse-value.ts";

/** Text formats in which accounting packages hand out their entries. */
export type LedgerDialect = "tra" | "sage" | "pnm" | "quadra";

/** A line of such a file: what a FEC line says, and what it does not. */
export type LedgerLine = FecLine & {
  readonly dueOn: CalendarDate | null;
  readonly paymentMethod: string | null;
  /** 0 where the file numbers no instalments. */
  readonly instalmentNo: number;
  /** What the package says the line is; null where it does not. */
  readonly nature: ItemDraft["kind"] | null;
};

export type OnFault = (fault: Fault) => void;

/**
 * Receivable line as a ledger row, made as a FEC's is; due day, method and instalment come from the file. Letters are those of the whole
 * ledger, not of one fiscal year: these files have none.
 */
export function ledgerItem(line: LedgerLine, context: FecContext): ItemDraft | undefined {
  const draft = fecItem(line, context);
  if (!draft) return undefined;
  const isDebit = draft.bookMinor > 0n;
  const { nature } = line;
  const fits = nature && (nature === "invoice" || nature === "rejection") === isDebit;
  return {
    ...draft,
    kind: fits && draft.kind !== "opening" ? nature : draft.kind,
    dueOn: line.dueOn ?? draft.dueOn,
    paymentMethod: line.paymentMethod,
    instalmentNo: line.instalmentNo > 0 ? line.instalmentNo : 1,
    fiscalYear: null,
  };
}

/** Cells of one line, with the faults they may have. Undefined from `line` when the line cannot be used. */
export type Raw = {
  readonly journal: string;
  readonly entryNo: string;
  readonly postedOn: string;
  readonly account: string;
  readonly accountName?: string;
  readonly auxiliary: string;
  readonly auxiliaryName?: string;
  readonly document: string;
  readonly label: string;
  readonly dueOn: string;
  readonly amount: bigint | undefined;
  readonly amountText: string;
  readonly isDebit: boolean | undefined;
  readonly sideText: string;
  readonly letter: string;
  readonly paymentMethod: string;
  readonly instalmentNo?: number;
  readonly nature?: ItemDraft["kind"] | null;
  readonly isOpening?: boolean;
  readonly foreign?: FecLine["foreign"];
};

export function lineOf(raw: Raw, line: number, onFault: OnFault): LedgerLine | undefined {
  const refuse = (code: string, column: string, value: string) => {
    onFault({ code, line, column, value: shorten(value) });
    return undefined;
  };
  if (raw.account === "") return refuse("account_missing", "account", "");
  const postedOn = packedDay(raw.postedOn);
  if (!postedOn) return refuse("impossible_date", "date", raw.postedOn);
  if (raw.amount === undefined) return refuse("impossible_amount", "amount", raw.amountText);
  if (raw.isDebit === undefined) return refuse("unknown_side", "side", raw.sideText);
  return {
    line,
    journalCode: raw.journal,
    journalLib: raw.isOpening ? "à nouveau" : "",
    ecritureNum: raw.entryNo,
    ecritureDate: postedOn,
    compteNum: raw.account,
    compteLib: raw.accountName ?? raw.account,
    compAuxNum: raw.auxiliary,
    compAuxLib: raw.auxiliaryName ?? "",
    pieceRef: raw.document,
    pieceDate: undefined,
    ecritureLib: raw.label,
    debit: raw.isDebit ? raw.amount : 0n,
    credit: raw.isDebit ? 0n : raw.amount,
    ecritureLet: raw.letter,
    dateLet: undefined,
    foreign: raw.foreign,
    dueOn: packedDay(raw.dueOn) ?? null,
    paymentMethod: raw.paymentMethod || null,
    instalmentNo: raw.instalmentNo ?? 0,
    nature: raw.nature ?? null,
  };
}

/** DDMMYY or DDMMYYYY; 01011900 and blanks are none. */
export function packedDay(text: string): CalendarDate | undefined {
  const parts = /^(\d{2})(\d{2})(\d{2}|\d{4})$/.exec(text.trim());
  if (!parts || text.trim() === "01011900") return undefined;
  const year = parts[3]?.length === 4 ? Number(parts[3]) : fullYear(Number(parts[3]));
  return calendarDateOf(year, Number(parts[2]), Number(parts[1]));
}

/** "1200,00" or "1200.00", in cents; the books of these packages are in euros. */
export const cents = (text: string, currency: Currency = EUR): bigint | undefined =>
  text.trim() === "" ? undefined : parseAmount(text.trim(), text.includes(",") ? "," : ".", currency);

export const sideOf = (text: string): boolean | undefined =>
  /^(D|0)$/i.test(text.trim()) ? true : /^(C|1)$/i.test(text.trim()) ? false : undefined;
