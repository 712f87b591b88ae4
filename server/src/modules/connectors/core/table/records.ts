import { FileRefused } from "../fault.ts";
import { type Chunks, type Encoding, type Line, LONGEST_LINE, linesOf } from "../read-text.ts";

/** One record of a table: where it starts and its cells as text. */
export type TableRow = { readonly line: number; readonly cells: readonly string[] };

const LONGEST_QUOTED_LINES = 200;

/** Cells of one record; quotes around a cell and doubled quotes inside are taken away (RFC 4180). */
export function splitRecord(text: string, separator: string): string[] {
  if (!text.includes('"')) return text.split(separator);
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (text[at] === '"') {
      let cell = "";
      at += 1;
      for (;;) {
        const quote = text.indexOf('"', at);
        if (quote < 0) return [...cells, cell + text.slice(at)];
        cell += text.slice(at, quote);
        at = quote + 1;
        if (text[at] !== '"') break;
        cell += '"';
        at += 1;
      }
      const end = text.indexOf(separator, at);
      cells.push(cell + (end < 0 ? text.slice(at) : text.slice(at, end)));
      if (end < 0) return cells;
      at = end + separator.length;
    } else {
      const end = text.indexOf(separator, at);
      cells.push(end < 0 ? text.slice(at) : text.slice(at, end));
      if (end < 0) return cells;
      at = end + separator.length;
    }
  }
}

/** Records of a text table; a quoted cell may hold line ends. */
export async function* textRecords(chunks: Chunks, encoding: Encoding, separator: string): AsyncGenerator<TableRow[]> {
  let open: { line: number; text: string; lines: number } | undefined;
  for await (const batch of linesOf(chunks, encoding)) {
    const rows: TableRow[] = [];
    for (const { number, text } of batch) {
      const record: Line = open ? { number: open.line, text: `${open.text}\n${text}` } : { number, text };
      if (isOpen(record.text)) {
        open = { line: record.number, text: record.text, lines: (open?.lines ?? 0) + 1 };
        if (open.lines > LONGEST_QUOTED_LINES || open.text.length > LONGEST_LINE)
          throw new FileRefused("quote_not_closed", open.line);
        continue;
      }
      open = undefined;
      rows.push({ line: record.number, cells: splitRecord(stripMark(record), separator) });
    }
    if (rows.length > 0) yield rows;
  }
  if (open) throw new FileRefused("quote_not_closed", open.line);
}

/** Records of a text held as a whole; see textRecords. */
export function recordsOfText(lines: readonly string[], separator: string): TableRow[] {
  const rows: TableRow[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = index + 1;
    let text = lines[index] ?? "";
    for (let more = 0; isOpen(text); more += 1) {
      index += 1;
      if (index >= lines.length || more >= LONGEST_QUOTED_LINES || text.length > LONGEST_LINE)
        throw new FileRefused("quote_not_closed", line);
      text += `\n${lines[index] ?? ""}`;
    }
    rows.push({ line, cells: splitRecord(text, separator) });
  }
  return rows;
}

const stripMark = (line: Line): string => (line.number === 1 ? line.text.replace(/^\ufeff/, "") : line.text);

/** An odd number of quotes means that a quoted cell goes on in the next line. */
function isOpen(text: string): boolean {
  let at = text.indexOf('"');
  let isOdd = false;
  while (at >= 0) {
    isOdd = !isOdd;
    at = text.indexOf('"', at + 1);
  }
  return isOdd;
}

const SEPARATORS = [";", "\t", ",", "|"];

/** The separator that cuts the first lines into the same number of cells, most cells first. */
export function separatorOf(lines: readonly string[]): string {
  let best = { separator: ";", score: 0 };
  for (const separator of SEPARATORS) {
    const counts = lines.filter((line) => line.trim() !== "").map((line) => splitRecord(line, separator).length);
    const usual = mostFrequent(counts);
    if (usual < 2) continue;
    const share = counts.filter((count) => count === usual).length / counts.length;
    const score = share * 100 + usual / 100;
    if (score > best.score) best = { separator, score };
  }
  return best.separator;
}

function mostFrequent(counts: readonly number[]): number {
  const seen = new Map<number, number>();
  for (const count of counts) seen.set(count, (seen.get(count) ?? 0) + 1);
  let best = 0;
  for (const [count, times] of seen)
    if (times > (seen.get(best) ?? 0) || (times === seen.get(best) && count > best)) best = count;
  return best;
}
