import { streamXlsxRows } from "hucre/xlsx";
import { expect, test } from "vitest";
import { type ExportCell, exportStream, moneyCell } from "./index.ts";

const HOSTILE = ["=1+1", "+33123", "-2", "@cmd", "\t=1", "plain", 'quo"te', "semi;colon", "line\nbreak"];
const table = (cells: ExportCell[][]) => ({
  name: "test",
  headers: ["A", "B"],
  rows: (async function* () {
    yield cells;
  })(),
});
const bytes = async (stream: NodeJS.ReadableStream): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(Buffer.from(part as Buffer));
  return Buffer.concat(parts);
};

test("text never becomes a formula, amounts stay numbers, days stay days", async () => {
  const rows: ExportCell[][] = HOSTILE.map((text) => [text, moneyCell(-123456n, "EUR")]);
  const csv = (await bytes(exportStream(table(rows), "csv", "fr"))).toString("utf8");
  expect(csv.startsWith("\ufeffA;B\r\n'=1+1;-1234,56\r\n'+33123;-1234,56\r\n'-2;")).toBe(true);
  expect(csv).toContain('"quo""te"');
  expect(csv).toContain('"semi;colon"');
  const english = (
    await bytes(
      exportStream(
        table([
          ["x", { day: "2026-02-28" }],
          [null, 1.5],
        ]),
        "csv",
        "en",
      ),
    )
  ).toString("utf8");
  expect(english).toBe("\ufeffA,B\r\nx,2026-02-28\r\n,1.5\r\n");
});

test("a workbook holds text as text, also where it looks like a formula", async () => {
  const file = await bytes(exportStream(table(HOSTILE.map((text) => [text, moneyCell(100n, "EUR")])), "xlsx", "fr"));
  const rows: unknown[][] = [];
  for await (const row of streamXlsxRows(file, { sheet: 0 })) rows.push(row.values);
  expect(rows.slice(1).map((row) => row[0])).toEqual(HOSTILE);
  expect(rows[1]?.[1]).toBe(1);
  expect(file.includes("<f>")).toBe(false);
});

test("many rows pass as a stream", async () => {
  const many = {
    name: "many",
    headers: ["A"],
    rows: (async function* () {
      for (let batch = 0; batch < 200; batch += 1)
        yield Array.from({ length: 1_000 }, (_, n): ExportCell[] => [`row ${batch * 1_000 + n}`]);
    })(),
  };
  let size = 0;
  for await (const part of exportStream(many, "csv", "fr")) size += (part as Buffer).length;
  expect(size).toBeGreaterThan(2_000_000);
});
