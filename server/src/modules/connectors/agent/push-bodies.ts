import type { SourceOrder } from "#modules/credit/index.ts";
import type { TableDraft } from "../core/table/table-items.ts";

/** A ledger row as the push API takes it. Lettering is always said, if only that there is none. */
export const itemBody = (row: TableDraft, company: string) => ({
  company,
  key: row.key,
  controlAccount: row.controlAccount,
  auxiliary: row.auxiliary,
  ...(row.accountName ? { customerName: row.accountName } : {}),
  kind: row.kind,
  journal: row.journal,
  entryNo: row.entryNo,
  documentNo: row.documentNo,
  label: row.label,
  issuedOn: row.issuedOn,
  postedOn: row.postedOn,
  dueOn: row.dueOn,
  instalmentNo: row.instalmentNo,
  amount: { minor: String(row.minor), currency: row.currency },
  ...(row.bookMinor === null ? {} : { bookMinor: String(row.bookMinor) }),
  paymentMethod: row.paymentMethod,
  letter: row.letter,
  letteredOn: row.letteredOn,
  fiscalYear: row.fiscalYear,
  links: (row.links ?? []).map((link) => ({
    ...link,
    ...(link.minor === undefined ? {} : { minor: String(link.minor) }),
  })),
});

export const fieldsOfOrder = (row: SourceOrder, company: string) => ({
  company,
  key: row.key,
  customerNumber: row.customerNumber,
  number: row.number,
  orderedOn: row.orderedOn,
  expectedOn: row.expectedOn,
  total: { minor: String(row.totalMinor), currency: row.currency },
  openMinor: String(row.openMinor),
});
