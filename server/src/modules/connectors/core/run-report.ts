/** Why something was refused or noticed, as imports keep it. */
export type ReportFault = {
  code: string;
  line: number;
  column?: string;
  value?: string;
  count?: number;
};

type Upserts = { readonly added: number; readonly changed: number; readonly unchanged: number };

/** What a run did for one company; amounts as text. */
export type UnitReport = {
  readonly companyId: string;
  readonly batchId: string | null;
  /** Where its rows stand; null when none were brought. */
  readonly layer: "ledger" | "overlay" | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly customers: Upserts | null;
  readonly contacts: Upserts | null;
  readonly orders: {
    readonly read: number;
    readonly new: number;
    readonly changed: number;
    readonly gone: number;
    readonly unknown: number;
  } | null;
  readonly totals: { readonly debitMinor: string; readonly creditMinor: string; readonly accounts: number } | null;
  readonly proof: {
    readonly currency: string;
    readonly openingMinor: string;
    readonly movementMinor: string;
    readonly closingMinor: string;
    readonly sourceMinor: string | null;
    readonly isTied: boolean;
    readonly differences: readonly {
      readonly account: string;
      readonly closingMinor: string;
      readonly sourceMinor: string | null;
      readonly differenceMinor: string | null;
    }[];
  } | null;
  readonly sample: readonly {
    readonly change: string;
    readonly customerName?: string;
    readonly kind: string;
    readonly documentNo: string | null;
    readonly postedOn: string;
    readonly currency: string;
    readonly minor: string;
  }[];
  readonly refusedRows: number;
  readonly refused: readonly ReportFault[];
  readonly warnings: readonly ReportFault[];
  /** Files taken, with the import that each became. */
  readonly files: readonly { readonly name: string; readonly outcome: string; readonly importId: string | null }[];
  /** Why nothing of the company was applied. */
  readonly fault: ReportFault | null;
};

export const emptyUnit = (companyId: string): UnitReport => ({
  companyId,
  batchId: null,
  layer: null,
  counts: {},
  customers: null,
  contacts: null,
  orders: null,
  totals: null,
  proof: null,
  sample: [],
  refusedRows: 0,
  refused: [],
  warnings: [],
  files: [],
  fault: null,
});

export type RunReport = { readonly companies: readonly UnitReport[] };

/** Counts of a whole run, and how many accounts do not tie. */
export function sumUp(report: RunReport): { counts: Record<string, number>; differences: number; refused: number } {
  const counts: Record<string, number> = {};
  let differences = 0;
  let refused = 0;
  for (const unit of report.companies) {
    for (const [name, count] of Object.entries(unit.counts)) counts[name] = (counts[name] ?? 0) + count;
    differences += unit.proof && !unit.proof.isTied ? Math.max(1, unit.proof.differences.length) : 0;
    refused += unit.refusedRows;
  }
  return { counts, differences, refused };
}
