import fc from "fast-check";
import { writeXlsx } from "hucre/xlsx";
import { expect, test } from "vitest";
import { importFaultText } from "#contracts/import-faults.ts";
import { EUR } from "#kernel/money.ts";
import { type Fault, FileRefused } from "./fault.ts";
import { fecSurveyor } from "./fec/fec-entries.ts";
import { fecItem, fiscalYearOf } from "./fec/fec-items.ts";
import { parseFec } from "./fec/parse-fec.ts";
import { type Chunks, detectEncoding, linesOf, natureOf } from "./read-text.ts";
import { profileTable } from "./table/profile.ts";
import { separatorOf, type TableRow, textRecords } from "./table/records.ts";
import { itemReader } from "./table/table-items.ts";
import { workbookRecords } from "./table/workbook.ts";

// Whatever a file holds, reading it ends: in rows, or refused with a reason that has a text in both languages. Longer with
// ENCOURS_FUZZ_RUNS.

const RUNS = Number(process.env["ENCOURS_FUZZ_RUNS"] ?? 300);
const settings = { numRuns: RUNS, endOnFailure: RUNS <= 300 };
const TIME = 60_000 + RUNS * 20;

const chunksOf = (content: Buffer, size: number): Chunks =>
  async function* () {
    for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
  };

function expectText(fault: Fault): void {
  for (const language of ["fr", "en"] as const) expect(importFaultText(fault.code, language, {})).not.toBe(fault.code);
  expect(fault.line).toBeGreaterThanOrEqual(0);
}

async function readFec(chunks: Chunks): Promise<void> {
  const encoding = await detectEncoding(chunks);
  const surveyor = fecSurveyor((account) => account.startsWith("411"));
  const lines = [];
  for await (const batch of parseFec(chunks, encoding, expectText)) lines.push(...batch);
  for (const line of lines) surveyor.add(line);
  const survey = surveyor.survey();
  const fiscalYear = fiscalYearOf(survey, undefined);
  if (!fiscalYear) return expect(lines).toEqual([]);
  for (const line of lines) {
    const item = fecItem(line, { survey, bookCurrency: EUR, fiscalYear });
    if (item) expect(JSON.stringify({ ...item, minor: 0, bookMinor: 0 })).not.toContain("\\u0000");
  }
}

async function readTable(records: () => AsyncIterable<TableRow[]>): Promise<void> {
  const profile = await profileTable(records(), "items");
  if (!profile) return;
  const plan = { ...profile, currency: EUR, bookCurrency: EUR };
  for (const coverage of ["movements", "open_snapshot"] as const) {
    const reader = itemReader({ ...plan, coverage }, expectText);
    for await (const batch of records()) {
      for (const row of batch) {
        for (const item of reader.read(row) ?? []) {
          expect(item.minor).not.toBe(0n);
          expect(item.postedOn).toMatch(/^\d{4}-\d\d-\d\d$/);
          expect(item.auxiliary).not.toBe("");
          expect(JSON.stringify({ ...item, minor: 0, bookMinor: 0, openMinor: 0, links: [] })).not.toContain("\\u0000");
        }
      }
    }
  }
}

async function readText(chunks: Chunks): Promise<void> {
  const encoding = await detectEncoding(chunks);
  const first: string[] = [];
  for await (const lines of linesOf(chunks, encoding)) first.push(...lines.map((line) => line.text));
  const separator = separatorOf(first.slice(0, 60));
  await readTable(() => textRecords(chunks, encoding, separator));
}

/** Ends well, or is refused with a text. */
async function ends(reading: Promise<void>): Promise<void> {
  try {
    await reading;
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    expectText(error.fault);
  }
}

const FEC = [
  "JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\tPieceRef\tPieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise",
  "AN\tÀ nouveaux\t1\t20250101\t411000\tClients\tC1\tDupré & Fils\tF0\t20241201\tReport\t12,00\t0,00\t\t\t20250101\t\t",
  "VE\tVentes\t2\t20250110\t411000\tClients\tC1\tDupré & Fils\tF1\t20250110\tFacture\t1200,00\t0,00\tAA\t20250215\t20250110\t1300,00\tUSD",
  "VE\tVentes\t2\t20250110\t706000\tPrestations\t\t\tF1\t20250110\tFacture\t0,00\t1200,00\t\t\t20250110\t\t",
].join("\r\n");
const TABLE = [
  "Client;Nom;N° facture;Type;Date;Échéance;Montant;Solde;Devise;Date règlement;Montant réglé;Sens",
  'C1;"Dupré; ""Fils""";F1;Facture;05/01/2026;04/02/2026;1 234,56;1 000,00;EUR;;;D',
  "C1;Dupré;F1;Règlement;28 févr. 2026;;-234,56;;EUR;;;",
  "Total;;;;;;1 000,00;;;;;",
].join("\n");

/** Bits of files that programs stumble on. */
const TROUBLE = [
  ..."\t|;,\"'\r\n\0\u001a=+-@()€$%.0123456789eE",
  '"',
  '""',
  "\r\n",
  "\ufeff",
  "\u202e",
  "1e308",
  "NaN",
  "99999999999999999999",
  "__proto__",
  "constructor",
  "31/02/2026",
  "00000000",
  "total",
  "1,23E+14",
];
const mutation = fc.record({
  at: fc.nat(4_000),
  cut: fc.integer({ min: 0, max: 12 }),
  put: fc.oneof(fc.constantFrom(...TROUBLE), fc.string({ unit: "binary", maxLength: 4 })),
});
const mutated = (good: string) =>
  fc
    .record({
      changes: fc.array(mutation, { maxLength: 12 }),
      separator: fc.constantFrom(undefined, "\t", "|", ";", ","),
      encoding: fc.constantFrom<BufferEncoding>("utf8", "latin1", "utf16le"),
      end: fc.option(fc.nat(4_000), { nil: undefined }),
      chunk: fc.integer({ min: 1, max: 300 }),
    })
    .map(({ changes, separator, encoding, end, chunk }) => {
      let text = separator ? good.replace(/[\t;]/g, separator) : good;
      for (const { at, cut, put } of changes) {
        const place = at % (text.length + 1);
        text = text.slice(0, place) + put + text.slice(place + cut);
      }
      const whole = Buffer.from(encoding === "utf16le" ? `\ufeff${text}` : text, encoding);
      return { content: end === undefined ? whole : whole.subarray(0, end), chunk };
    });

test("arbitrary bytes end in rows or a reason", { timeout: TIME }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), fc.integer({ min: 1, max: 40 }), async (bytes, size) => {
      const content = Buffer.from(bytes);
      natureOf(content);
      await ends(readFec(chunksOf(content, size)));
      await ends(readText(chunksOf(content, size)));
      await ends(readTable(() => workbookRecords(content, 0)));
    }),
    settings,
  );
});

test("damaged ledgers end in rows or a reason", { timeout: TIME }, async () => {
  await fc.assert(
    fc.asyncProperty(mutated(FEC), async ({ content, chunk }) => {
      natureOf(content);
      await ends(readFec(chunksOf(content, chunk)));
      await ends(readText(chunksOf(content, chunk)));
    }),
    settings,
  );
});

test("damaged tables end in rows or a reason", { timeout: TIME }, async () => {
  await fc.assert(
    fc.asyncProperty(mutated(TABLE), async ({ content, chunk }) => {
      await ends(readText(chunksOf(content, chunk)));
    }),
    settings,
  );
});

test("damaged workbooks end in rows or a reason", { timeout: TIME }, async () => {
  const rows = TABLE.split("\n").map((line) => line.split(";"));
  const good = Buffer.from(await writeXlsx({ sheets: [{ name: "Pièces", rows }] }));
  const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { minLength: 1, maxLength: 8 }),
      fc.option(fc.nat(good.length), { nil: undefined }),
      async (changes, end) => {
        const content = Buffer.from(good);
        for (const [at, byte] of changes) content[at] = byte;
        await ends(readTable(() => workbookRecords(end === undefined ? content : content.subarray(0, end), 0)));
      },
    ),
    settings,
  );
});

test("the same text reads alike however it is cut into chunks", { timeout: TIME }, async () => {
  await fc.assert(
    fc.asyncProperty(mutated(TABLE), async ({ content, chunk }) => {
      const read = async (size: number) => {
        const rows: TableRow[] = [];
        for await (const batch of textRecords(chunksOf(content, size), "utf-8", ";")) rows.push(...batch);
        return rows;
      };
      const outcome = (size: number) => read(size).catch((error: FileRefused) => error.fault);
      expect(await outcome(chunk)).toEqual(await outcome(content.length + 1));
    }),
    settings,
  );
});
