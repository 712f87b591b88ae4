import type { Fault } from "../core/fault.ts";
import type { FecLine } from "../core/fec/parse-fec.ts";
import type { TableDraft } from "../core/table/table-items.ts";
import type { NamedAccount, NamedSupplier } from "./protocol.ts";

const FAULTS_KEPT = 1_000;

/** Faults up to a bound, and how many there were. */
export function faultList() {
  const faults: Fault[] = [];
  let count = 0;
  return {
    add: (fault: Fault) => {
      count += 1;
      if (faults.length < FAULTS_KEPT) faults.push(fault);
    },
    result: () => ({ faults, refusedRows: count }),
  };
}

/** Accounts that rows name, with the sum of their book amounts. */
export function accountList() {
  const accounts = new Map<string, { controlAccount: string; auxiliary: string; name: string; balanceMinor: bigint }>();
  return {
    add: (draft: TableDraft) => {
      const key = `${draft.controlAccount}\u0001${draft.auxiliary}`;
      const known = accounts.get(key);
      const { controlAccount, auxiliary, accountName: name } = draft;
      if (known) known.balanceMinor += draft.bookMinor ?? 0n;
      else accounts.set(key, { controlAccount, auxiliary, name, balanceMinor: draft.bookMinor ?? 0n });
    },
    all: (): NamedAccount[] => [...accounts.values()],
  };
}

/** Accounts of suppliers: invoices, bills to pay, advances (chart of accounts, 401, 403, 409); not those that no supplier is named in (408). */
const SUPPLIER = /^40[139]/;

/** What supplier accounts end with, by third party where lines name one, else by account. */
export function supplierList() {
  const suppliers = new Map<string, { supplierNo: string; name: string; owedMinor: bigint }>();
  return {
    add: (line: Pick<FecLine, "compteNum" | "compteLib" | "compAuxNum" | "compAuxLib" | "debit" | "credit">) => {
      if (!SUPPLIER.test(line.compteNum)) return;
      const supplierNo = line.compAuxNum || line.compteNum;
      const known = suppliers.get(supplierNo);
      const owed = line.credit - line.debit;
      if (known) known.owedMinor += owed;
      else suppliers.set(supplierNo, { supplierNo, name: line.compAuxLib || line.compteLib, owedMinor: owed });
    },
    all: (): NamedSupplier[] => [...suppliers.values()],
  };
}
