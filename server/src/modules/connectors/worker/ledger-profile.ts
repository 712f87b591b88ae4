import { looksLike850 } from "../core/code-page-850.ts";
import { FileRefused } from "../core/fault.ts";
import { parseLedger } from "../core/ledger/dialects.ts";
import type { LedgerDialect, LedgerLine } from "../core/ledger/ledger-line.ts";
import { sageParties } from "../core/ledger/sage.ts";
import type { Chunks, Encoding } from "../core/read-text.ts";
import type { TableKind } from "../core/table/columns.ts";
import type { TableProfile } from "../core/table/profile.ts";
import type { TableRow } from "../core/table/records.ts";
import type { FileProfile } from "./protocol.ts";

type Access = {
  readonly chunks: Chunks;
  /** First bytes of the file. */
  readonly head: Buffer;
  readonly profileRecords: (records: AsyncIterable<TableRow[]>, wanted: TableKind) => Promise<TableProfile>;
};

const LEDGER_HEADERS = [
  "Journal",
  "Date",
  "Compte",
  "Tiers",
  "Pièce",
  "Libellé",
  "Débit",
  "Crédit",
  "Échéance",
  "Lettre",
];

/** A file of a package: its entries, or in Sage's its third parties where these are wanted or nothing else is there. */
export async function profileLedger(
  format: LedgerDialect,
  wanted: TableKind | "fec" | null,
  found: Encoding,
  { chunks, head, profileRecords }: Access,
): Promise<FileProfile> {
  const isDos = format === "sage" && found !== "utf-8" && looksLike850(head);
  const encoding = isDos ? "ibm850" : found;
  const sample: string[][] = [];
  let lines = 0;
  if (wanted !== "customers" && wanted !== "contacts") {
    for await (const batch of parseLedger(format, chunks, encoding, () => {})) {
      lines += batch.length;
      for (const line of batch.slice(0, 20 - sample.length)) sample.push(ledgerCells(line));
    }
  }
  if (lines === 0 && format === "sage") {
    const kind = wanted === "contacts" ? "contacts" : "customers";
    return { format: "parties", encoding, table: await profileRecords(sageParties(chunks, encoding, kind), kind) };
  }
  if (lines === 0) throw new FileRefused("nothing_read");
  return { format, encoding, separator: "", fiscalYear: null, lines, headers: LEDGER_HEADERS, sample };
}

const ledgerCells = (line: LedgerLine): string[] => [
  line.journalCode,
  line.ecritureDate,
  line.compteNum,
  line.compAuxNum,
  line.pieceRef,
  line.ecritureLib,
  line.debit === 0n ? "" : decimalText(line.debit),
  line.credit === 0n ? "" : decimalText(line.credit),
  line.dueOn ?? "",
  line.ecritureLet,
];

const decimalText = (minor: bigint): string => {
  const text = String(minor < 0n ? -minor : minor).padStart(3, "0");
  return `${minor < 0n ? "-" : ""}${text.slice(0, -2)},${text.slice(-2)}`;
};
