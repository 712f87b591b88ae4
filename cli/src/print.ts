import { type Currency, exponentOf } from "../../server/src/kernel/money.ts";

/** Amount in minor units as people read it in a terminal. */
export function amount(minor: string | bigint, currency: string, language: string): string {
  const value = BigInt(minor);
  const digits = exponentOf(currency as Currency);
  const plain = (value < 0n ? -value : value).toString().padStart(digits + 1, "0");
  const whole = digits === 0 ? plain : plain.slice(0, -digits);
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, language === "en" ? "," : "\u202f");
  const fraction = digits === 0 ? "" : `${language === "en" ? "." : ","}${plain.slice(-digits)}`;
  return `${value < 0n ? "-" : ""}${grouped}${fraction} ${currency}`;
}

/** A plain table: the columns named in `right` are aligned right. */
export function table(
  headers: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const widths = headers.map((header, column) =>
    Math.max(header.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        right.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return [line(headers), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

export const json = (value: unknown): void => console.log(JSON.stringify(value, null, 2));
