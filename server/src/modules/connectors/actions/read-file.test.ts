import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type BankFile,
  type EInvoiceFile,
  FileRefused,
  readBankFile,
  readEInvoiceFile,
  returnReason,
} from "../index.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "encours-read-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const file = async (name: string, content: string): Promise<string> => {
  const target = path.join(folder, name);
  await writeFile(target, content);
  return target;
};

test("a statement crosses from the worker with its amounts as they are", async () => {
  const found: BankFile = await readBankFile(
    await file("a.sta", ":25:X1\n:60F:C260331EUR0,\n:61:260401C10,NTRFNONREF\n:62F:C260401EUR10,\n"),
  );
  expect(found.statements[0]).toMatchObject({ chain: "ok", closing: { minor: 1_000n } });
});

test("what cannot be read is refused with its place", async () => {
  await expect(readBankFile(await file("b.xml", "<Document>\n<BkToCstmrStmt>\n</Document>"))).rejects.toThrow(
    FileRefused,
  );
  await expect(readBankFile(await file("b.xml", "<Document>\n<BkToCstmrStmt>\n</Document>"))).rejects.toMatchObject({
    fault: { code: "xml_damaged", line: 3 },
  });
});

test("reasons of returns have a meaning and an action, whoever's code it is", () => {
  expect(returnReason("am04")).toMatchObject({ action: "call_and_retry", isRiskSignal: true });
  expect(returnReason("MD06")?.action).toBe("treat_as_dispute");
  expect(returnReason("20")?.meaning.fr).toBe("Provision insuffisante");
  expect(returnReason("__proto__")).toBeUndefined();
});

test("an e-invoice is read in the worker too", async () => {
  const path = await file(
    "c.xml",
    '<Invoice xmlns="u"><ID>FA-1</ID><DocumentCurrencyCode>EUR</DocumentCurrencyCode><LegalMonetaryTotal><PayableAmount currencyID="EUR">12.5</PayableAmount></LegalMonetaryTotal></Invoice>',
  );
  const found: EInvoiceFile = await readEInvoiceFile(path);
  expect(found).toMatchObject({ kind: "invoice", invoice: { number: "FA-1", payableMinor: 1_250n } });
});
