import { writeXlsx } from "hucre/xlsx";
import { expect, test } from "vitest";
import { FileRefused } from "../fault.ts";
import { profileTable } from "./profile.ts";
import type { TableRow } from "./records.ts";
import { checkArchive, workbookRecords } from "./workbook.ts";

const collect = async (file: Buffer): Promise<TableRow[]> => {
  const rows: TableRow[] = [];
  for await (const batch of workbookRecords(file, 0)) rows.push(...batch);
  return rows;
};

async function aWorkbook(rows: (string | number | Date | null)[][]): Promise<Buffer> {
  return Buffer.from(await writeXlsx({ sheets: [{ name: "Pièces", rows }] }));
}

test("days, amounts, numbers with leading zeros and accents arrive as text", async () => {
  const file = await aWorkbook([
    ["N° client", "N° facture", "Date facture", "Montant TTC"],
    ["C1", "0007", new Date("2026-02-28T00:00:00Z"), 1234.5],
    ["Café", "F2", new Date("2026-03-01T00:00:00Z"), 2309.7899999999995],
    ["C1", "F3", new Date("2026-03-01T00:00:00Z"), 12.345],
  ]);
  expect((await collect(file)).map((row) => row.cells)).toEqual([
    ["N° client", "N° facture", "Date facture", "Montant TTC"],
    ["C1", "0007", "2026-02-28", "1234.5"],
    ["Café", "F2", "2026-03-01", "2309.79"],
    ["C1", "F3", "2026-03-01", "12.3450"],
  ]);
});

test("a workbook's profile maps its columns", async () => {
  const file = await aWorkbook([
    ["Export du 1er mars"],
    [],
    ["Code client", "Facture", "Échéance", "Montant"],
    ["A", "F1", new Date("2026-02-28T00:00:00Z"), 10],
  ]);
  const profile = await profileTable(workbookRecords(file, 0));
  expect(profile).toMatchObject({
    kind: "items",
    headerLine: 3,
    mapping: ["customerNumber", "documentNo", "dueOn", "amount"],
    rows: 1,
  });
});

/** The end of a zip archive whose directory claims one entry of the given sizes. */
function anArchive(name: string, packed: number, unpacked: number, entries = 1): Buffer {
  const entry = Buffer.alloc(46 + name.length);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt32LE(packed, 20);
  entry.writeUInt32LE(unpacked, 24);
  entry.writeUInt16LE(name.length, 28);
  entry.write(name, 46);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", 0, "latin1");
  end.writeUInt16LE(entries, 10);
  end.writeUInt32LE(entry.length, 12);
  return Buffer.concat([entry, end]);
}

test.each([
  ["a bomb", anArchive("xl/worksheets/sheet1.xml", 100_000, 900_000_000), "workbook_too_large"],
  [
    "one that claims more than a gigabyte",
    anArchive("xl/worksheets/sheet1.xml", 1_000_000_000, 2_000_000_000),
    "workbook_too_large",
  ],
  ["one with too many entries", anArchive("xl/worksheets/sheet1.xml", 1, 1, 6_000), "workbook_too_large"],
  ["another kind of archive", anArchive("word/document.xml", 10, 100), "not_a_workbook"],
  ["one cut short", Buffer.from("PK\u0003\u0004 and nothing more"), "workbook_damaged"],
])("%s is refused before anything is unpacked", (_what, file, code) => {
  expect(() => checkArchive(file)).toThrow(FileRefused);
  try {
    checkArchive(file);
  } catch (error) {
    expect((error as FileRefused).fault.code).toBe(code);
  }
});

test("a workbook whose content is broken is refused, not half read", async () => {
  const file = await aWorkbook([
    ["a", "b"],
    ["c", "d"],
  ]);
  const damaged = Buffer.from(file);
  damaged.fill(0xff, 40, 300);
  await expect(collect(damaged)).rejects.toThrow(FileRefused);
});
