import { finishFile, newReturn, orNull, type Warnings, warningList } from "./build.ts";
import { codeOf, currencyOf, cut, type FixedRecord, fixedRecords } from "./cfonb.ts";
import type { BankFile, BankReturn } from "./statement.ts";
import { europeanShortDay, impliedMinor } from "./values.ts";

/**
 * CFONB 240: operations rejected or received for settlement, 31 header, 34 detail, 35 complement, 39 total. Each 34 is one operation that
 * came back; amounts have two decimals. A total that is not the sum of its details is said.
 */
export function readCfonb240(text: string, warnings: Warnings = warningList()): BankFile {
  const returns: BankReturn[] = [];
  let sum: bigint | undefined;
  let accounts: string[] = [];
  for (const record of fixedRecords(text, 240)) {
    if (record.text.trim() === "") continue;
    const code = codeOf(record);
    if (code === "31") {
      sum = 0n;
      const own = `${cut(record, 22, 26)}${cut(record, 27, 31)}${cut(record, 32, 42)}`;
      accounts = own.length === 21 ? [own] : [];
    } else if (code === "34") {
      const found = returnOf(record, warnings);
      if (sum === undefined) warnings.add("opening_missing", record.line);
      sum = (sum ?? 0n) + (found.amountMinor ?? 0n);
      returns.push({ ...found, accounts });
    } else if (code === "39") {
      const total = impliedMinor(cut(record, 229, 240), 2, null);
      if (total !== undefined && total !== sum)
        warnings.add("control_total", record.line, { value: cut(record, 229, 240) });
      sum = undefined;
    } else if (!record.text.startsWith("35"))
      warnings.add("record_unknown", record.line, { value: record.text.slice(0, 20) });
  }
  return finishFile("cfonb240", [], returns, warnings);
}

function returnOf(record: FixedRecord, warnings: Warnings): BankReturn {
  const currency = currencyOf(cut(record, 17, 17));
  const amount = impliedMinor(cut(record, 229, 240), 2, currency);
  if (amount === undefined)
    warnings.add("impossible_amount", record.line, { column: "229-240", value: cut(record, 229, 240) });
  return newReturn(String(record.line), {
    originalId: orNull(cut(record, 223, 228)) ?? orNull(cut(record, 123, 128)),
    // Which column holds the motive depends on the operation; what stands in the free text is given as it is.
    reasonText: orNull(cut(record, 129, 216).replace(/\s+/g, " ")),
    amountMinor: amount ?? null,
    currency,
    on: europeanShortDay(cut(record, 11, 16), warnings, record.line, "11-16"),
    payerName: orNull(cut(record, 43, 66)),
    reference:
      orNull(cut(record, 99, 122)) ?? orNull(`${cut(record, 22, 26)}${cut(record, 27, 31)}${cut(record, 32, 42)}`),
  });
}
