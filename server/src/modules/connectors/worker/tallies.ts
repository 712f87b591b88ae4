import type { Fault } from "../core/fault.ts";
import type { TableDraft } from "../core/table/table-items.ts";
import type { NamedAccount } from "./protocol.ts";

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
