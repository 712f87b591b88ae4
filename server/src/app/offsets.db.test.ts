import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PERMISSIONS } from "#contracts/permissions.ts";
import { day } from "#kernel/calendar-date.ts";
import { undoBatch } from "#modules/receivables/index.ts";
import { apiOf } from "../../testing/api.ts";
import { aSellingCompany } from "../../testing/company.ts";
import { aTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { type TestServices, testServices } from "../../testing/services.ts";
import { chooseForImport, undoImport } from "../modules/connectors/actions/change-import.ts";
import { runImport } from "../modules/connectors/actions/run-import.ts";
import { startImport } from "../modules/connectors/actions/start-import.ts";

// A customer who also sells to us, from the file of the books to the reminder that asks first.

const TODAY = day("2026-11-21");
const HEADER =
  "JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\tPieceRef\tPieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise";
type Line = readonly [account: string, aux: string, name: string, debit: string, credit: string];
/** An entry at the first of January opens the year. */
const journalOf = (on: string) => (on.endsWith("0101") ? ["AN", "A nouveaux"] : ["OD", "Divers"]);
const entry = (no: number, on: string, ...lines: readonly Line[]): string[] =>
  lines.map(([account, aux, name, debit, credit]) =>
    [...journalOf(on), no, on, account, "x", aux, name, `P${no}`, on, "x", debit, credit, "", "", on, "", ""].join(
      "\t",
    ),
  );

let t: TestDatabase;
let services: TestServices;
let folder: string;
let companyId: string;
let call: Api["call"];
let close: Api["close"];
type Api = Awaited<ReturnType<typeof apiOf>>;

beforeAll(async () => {
  t = await aTestDatabase();
  services = testServices(t);
  folder = await mkdtemp(path.join(tmpdir(), "encours-test-offsets-"));
  companyId = await aSellingCompany(t, "OF");
  ({ call, close } = await apiOf(services, t.actor(PERMISSIONS)));
});
afterAll(async () => {
  await close();
  await rm(folder, { recursive: true, force: true });
  await t.close();
});

async function loadFec(year: number, ...lines: readonly string[][]): Promise<string> {
  const at = path.join(folder, `123456789FEC${year}1231.txt`);
  await writeFile(at, [HEADER, ...lines.flat()].join("\r\n"));
  const started = await startImport(services, t.actor(), {
    fileName: path.basename(at),
    path: at,
    kind: "auto",
    companyId,
  });
  if (!started.ok) throw new Error(started.code);
  const { id, choices, version } = started.value;
  const chosen = await chooseForImport(services, t.actor(), id, { ...choices, companyId }, version);
  if (!chosen.ok) throw new Error(chosen.code);
  const ran = await runImport(services, t.actor(), id, "apply", TODAY, at);
  if (!ran.ok || ran.value.state !== "applied") throw new Error(JSON.stringify(ran).slice(0, 500));
  return id;
}

type Offset = {
  id: string;
  supplierNo: string;
  isAgreed: boolean;
  owed: { minor: string } | null;
  statedOn: string | null;
};
type Read = { rows: Offset[]; owed: { minor: string; currency: string }[]; suggestions: { supplierNo: string }[] };
const offsets = async (customerId: string, query = ""): Promise<Read> =>
  (await call("GET", `/customers/${customerId}/offsets${query}`)).body as unknown as Read;

const list = async (filter: string): Promise<Record<string, unknown>[]> => {
  const columns = "customer.number,customer.outstanding,customer.owed_to,customer.net_of_offsets,customer.is_supplier";
  const { body } = await call("GET", `/lists/customers?columns=${columns}&filter=${encodeURIComponent(filter)}`);
  return (body as unknown as { rows: { values: Record<string, unknown> }[] }).rows.map((row) => row.values);
};

test("supplier accounts of a FEC are linked, net what a customer owes, hold back automatic reminders once agreed, and go with an undone load", async () => {
  await loadFec(
    2025,
    entry(
      1,
      "20251001",
      ["411000", "C0417", "CARTONNAGES LACAZE SAS", "1200,00", "0,00"],
      ["707000", "", "", "0,00", "1200,00"],
    ),
    entry(
      2,
      "20251105",
      ["607000", "", "", "500,00", "0,00"],
      ["401000", "F0932", "LACAZE CARTONNAGES", "0,00", "500,00"],
    ),
    entry(
      3,
      "20251201",
      ["401000", "F0932", "LACAZE CARTONNAGES", "300,00", "0,00"],
      ["512000", "", "", "0,00", "300,00"],
    ),
    entry(4, "20251202", ["607000", "", "", "70,00", "0,00"], ["401000", "F0001", "EDF", "0,00", "70,00"]),
  );
  const second = await loadFec(
    2026,
    entry(
      1,
      "20260101",
      ["411000", "C0417", "CARTONNAGES LACAZE SAS", "1200,00", "0,00"],
      ["110000", "", "", "0,00", "930,00"],
      ["401000", "F0932", "LACAZE CARTONNAGES", "0,00", "200,00"],
      ["401000", "F0001", "EDF", "0,00", "70,00"],
    ),
    entry(
      2,
      "20260210",
      ["607000", "", "", "250,00", "0,00"],
      ["401000", "F0932", "LACAZE CARTONNAGES", "0,00", "250,00"],
    ),
    entry(3, "20260211", ["401000", "F0001", "EDF", "70,00", "0,00"], ["512000", "", "", "0,00", "70,00"]),
  );
  const { rows: found } = (await call("GET", "/customers")).body as unknown as { rows: { id: string }[] };
  const customerId = found[0]?.id ?? "";

  // the name is the same but for legal form and order; the others are found by a search
  expect((await offsets(customerId)).suggestions.map((one) => one.supplierNo)).toEqual(["F0932"]);
  const { rows: free } = (await call("GET", "/supplier-accounts?text=edf")).body as unknown as {
    rows: { owed: { minor: string } }[];
  };
  expect(free.map((one) => one.owed.minor)).toEqual(["0"]);
  const write = { companyId, supplierNo: "F0932", isAgreed: false };
  const linked = await call("POST", `/customers/${customerId}/offsets`, write);
  expect(linked.status).toBe(201);
  expect((await call("POST", `/customers/${customerId}/offsets`, write)).body.code).toBe("supplier_taken");

  const now = await offsets(customerId);
  expect(now.owed).toEqual([{ minor: "45000", currency: "EUR" }]);
  expect(now.rows).toMatchObject([{ supplierNo: "F0932", statedOn: TODAY, isAgreed: false }]);
  expect(await list(JSON.stringify({ criterion: "customer.owed_to", operator: "more", value: "0" }))).toMatchObject([
    {
      "customer.outstanding": "120000",
      "customer.owed_to": "45000",
      "customer.net_of_offsets": "75000",
      "customer.is_supplier": true,
    },
  ]);

  // automatic until set-off is agreed: then a person says what is claimed
  type Decision = { bucket: string; remarks: string[] };
  const planned = async () =>
    ((await call("POST", "/runs/preview", {})).body as unknown as { rows: Decision[] }).rows.map(
      ({ bucket, remarks }) => ({ bucket, remarks }),
    );
  await call("POST", `/customers/${customerId}/contacts`, {
    name: "Compta",
    email: "compta@lacaze.example",
    roles: ["accounting"],
  });
  expect(await planned()).toEqual([{ bucket: "leaves", remarks: [] }]);
  const agreed = await call("PUT", `/offsets/${linked.body["id"]}`, { isAgreed: true, note: "Convention du 3 mars" });
  expect(await planned()).toEqual([{ bucket: "to_decide", remarks: ["set_off_agreed"] }]);

  // a load undone takes back what it stated; a program may state balances too
  const undone = await undoImport(services, t.actor(), second, (batchId) =>
    undoBatch(services, t.actor(), batchId, async () => false),
  );
  expect(undone.ok).toBe(true);
  expect((await offsets(customerId)).rows).toMatchObject([{ owed: { minor: "20000" }, statedOn: "2025-12-31" }]);
  const stated = { statedOn: "2026-11-20", rows: [{ supplierNo: "F0932", name: "Lacaze", owedMinor: "0" }] };
  const kept = await call("POST", `/companies/${companyId}/supplier-balances`, stated);
  expect(kept.body).toEqual({ read: 1, changed: 1 });
  expect((await call("POST", `/companies/${companyId}/supplier-balances`, stated)).body).toEqual({
    read: 1,
    changed: 0,
  });
  const late = await call("POST", `/companies/${companyId}/supplier-balances`, { ...stated, statedOn: "2026-11-22" });
  expect([late.status, late.body.code]).toEqual([422, "balance_in_future"]);
  expect(await planned()).toEqual([{ bucket: "leaves", remarks: [] }]);
  expect((await offsets(customerId)).owed).toEqual([{ minor: "0", currency: "EUR" }]);
  // as it was known before anybody said so
  expect((await offsets(customerId, "?knownOn=2026-11-20")).owed).toEqual([{ minor: "20000", currency: "EUR" }]);

  expect((await call("DELETE", `/offsets/${agreed.body["id"]}`)).status).toBe(200);
  expect((await offsets(customerId)).rows).toEqual([]);
});
