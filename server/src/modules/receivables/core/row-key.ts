import { hash } from "node:crypto";
import type { SourceItem } from "./source-row.ts";

const SEPARATOR = "\u001f";

/**
 * Identity of a row whose source has no keys: journal, entry number, posting day, account, document, side and amounts; never lettering, label or row
 * number, which may change while the booking stays. The nth equal line of an entry gets `#n` where the rows meet.
 */
export function hashedKey(row: SourceItem): string {
  const parts = [
    row.journal ?? "",
    row.entryNo ?? "",
    row.postedOn,
    row.accountId,
    row.documentNo ?? "",
    row.side ?? "",
    row.currency,
    String(row.minor),
    String(row.bookMinor),
  ];
  return hash("sha256", parts.join(SEPARATOR), "base64url").slice(0, 27);
}

/** Fingerprint of all that a source says of a row; equal rows need no look at what is stored. Signed 64 bits. */
export function rowDigest(row: SourceItem): bigint {
  const parts = [
    row.accountId,
    row.kind,
    row.journal ?? "",
    row.entryNo ?? "",
    row.documentNo ?? "",
    row.label ?? "",
    row.issuedOn,
    row.postedOn,
    row.dueOn,
    row.isDueEstimated ? "1" : "",
    String(row.instalmentNo),
    row.currency,
    String(row.minor),
    String(row.bookMinor),
    row.isBookConverted ? "1" : "",
    row.paymentMethod ?? "",
    row.letter ?? "",
    row.letteredOn ?? "",
    row.fiscalYear ?? "",
    row.isOpening ? "1" : "",
    row.links ? linksText(row) : "",
  ];
  return hash("sha1", parts.join(SEPARATOR), "buffer").readBigInt64BE(0);
}

/** Links as stored: JSON with amounts as text; null where the row names nothing. */
export function linksText(row: Pick<SourceItem, "links">): string | null {
  if (!row.links || row.links.length === 0) return null;
  return JSON.stringify(
    row.links.map((link) => ({
      ...(link.key === undefined ? {} : { key: link.key }),
      ...(link.documentNo === undefined ? {} : { documentNo: link.documentNo }),
      ...(link.minor === undefined ? {} : { minor: String(link.minor) }),
    })),
  );
}
