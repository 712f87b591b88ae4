import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addDays, type CalendarDate, day } from "#kernel/calendar-date.ts";
import { newId, type Uuid } from "#kernel/ids.ts";
import { applyBatch, openItems, type SourceItem, verifyLedger } from "#modules/receivables/index.ts";
import { sql } from "#platform/database/index.ts";
import { aTestDatabase, type TestDatabase } from "../../../../testing/database.ts";
import { aBatch, aCompany, aRow } from "../../receivables/testing.ts";
import type { SourceFile, SourceReturn } from "../core/source-statement.ts";
import { findLine, type LineRow, listLines } from "../store/line-rows.ts";
import { countUnbooked, listUnbooked } from "../store/report-rows.ts";
import { statementsOfFile } from "../store/statement-rows.ts";
import { verifyCash } from "../store/verify.ts";
import { aFile, anEntry, aStatement } from "../testing/bank-file.ts";
import { acceptStatement, importFile, refuseStatement } from "./decide-statements.ts";
import { addBankAccount } from "./manage-bank-accounts.ts";
import { proposeAll } from "./propose-lines.ts";
import { receiveFile } from "./receive-file.ts";
import { postSureReturns, rejectPayment } from "./reject-payment.ts";
import { bookItem, reviewBookings } from "./review-bookings.ts";
import { applyLine, setLineAside, undoLine } from "./work-line.ts";

const D = day("2026-03-10");
let t: TestDatabase;
beforeAll(async () => {
  t = await aTestDatabase();
});
afterAll(() => t.close());

type World = { companyId: Uuid; accountIds: Uuid[]; customerIds: Uuid[]; iban: string; rows: SourceItem[] };
let made = 0;

/** A company with a bank account and these items in its books. */
async function aWorld(rowsOf: (accountIds: string[]) => SourceItem[], accounts = 2): Promise<World> {
  made += 1;
  const company = await aCompany(t.db, t.tenant, accounts);
  const rows = rowsOf(company.accountIds);
  await load(company.companyId, rows);
  const iban = `FR76300060000112345${String(made).padStart(6, "0")}89`;
  const added = await addBankAccount({ db: t.db }, t.actor(), {
    companyId: company.companyId,
    identifier: iban,
    currency: "EUR",
    name: "Banque",
    isActive: true,
  });
  if (!added.ok) throw new Error(added.code);
  return { ...company, iban, rows };
}

const load = async (companyId: Uuid, rows: readonly SourceItem[], knownOn = D) => {
  const applied = await applyBatch({ db: t.db }, t.actor(), aBatch(companyId, rows, { knownOn }));
  if (!applied.ok) throw new Error(applied.code);
};

const receive = (file: SourceFile, companyId: Uuid | null = null) =>
  receiveFile({ db: t.db }, t.actor(), { name: "a.xml", digest: newId(), sizeBytes: 1, file, companyId }, D);

/** Receives and imports, matches, and gives the lines. */
async function bring(file: SourceFile): Promise<LineRow[]> {
  const fileId = await receive(file);
  const imported = await importFile({ db: t.db }, t.actor(), fileId);
  if (!imported.ok) throw new Error(imported.code);
  await proposeAll({ db: t.db }, t.actor(), D);
  return t.db.transaction(t.tenant, async (tx) => {
    const [statement] = await statementsOfFile(tx, fileId);
    return listLines(tx, { statementId: statement?.id }, { limit: 100 });
  });
}

const lineNow = async (id: Uuid): Promise<LineRow> => {
  const line = await t.db.transaction(t.tenant, (tx) => findLine(tx, id));
  if (!line) throw new Error("no such line");
  return line;
};

const opens = (accountId: Uuid | undefined, layers: "ledger" | "working", asOf: CalendarDate = addDays(D, 90)) =>
  t.db.transaction(t.tenant, async (tx) => {
    const rows = await tx.rows<{ no: string | null; kind: string; open: bigint; due: string }>(sql`
      select o.document_no as no, o.kind, o.open_minor as open, o.due_on as due
      from ${openItems(tx, asOf, layers, sql`= any(${[accountId ?? newId()]}::uuid[])`)} o order by o.document_no nulls last, o.open_minor`);
    return rows.map((row) => `${row.no ?? row.kind} ${row.open}`);
  });

const sound = async () => {
  expect(await t.db.transaction(t.tenant, verifyLedger)).toEqual([]);
  expect(await t.db.transaction(t.tenant, verifyCash)).toEqual([]);
};
const invoice = (accountId: Uuid | undefined, no: string, minor: bigint, given: Partial<SourceItem> = {}) =>
  aRow(accountId ?? "", {
    key: no,
    documentNo: no,
    minor,
    postedOn: day("2026-01-15"),
    dueOn: day("2026-02-15"),
    ...given,
  });
const named = (remittance: string, minor: bigint, detail: object = {}) =>
  anEntry(minor, { detail: { remittance, ...detail } });

describe("the verdict before import", () => {
  test("an unknown account waits; once it is known the statement can be imported; nothing is matched before", async () => {
    const { companyId, accountIds } = await aCompany(t.db, t.tenant);
    await load(companyId, [invoice(accountIds[0], "FA2601-900001", 5_000n)]);
    const iban = "DE89370400440532013000";
    const fileId = await receive(aFile(aStatement(iban, [named("FA2601-900001", 5_000n)])));
    const read = () => t.db.transaction(t.tenant, (tx) => statementsOfFile(tx, fileId));
    expect(await read()).toMatchObject([
      { state: "quarantined", findings: [{ code: "unknown_account" }], lineCount: 1 },
    ]);
    await importFile({ db: t.db }, t.actor(), fileId);
    await proposeAll({ db: t.db }, t.actor(), D);
    expect(await opens(accountIds[0], "working")).toEqual(["FA2601-900001 5000"]);
    const account = {
      companyId,
      identifier: "DE89 3704 0044 0532 0130 00",
      currency: "EUR",
      name: "N26",
      isActive: true,
    };
    expect((await addBankAccount({ db: t.db }, t.actor(), account)).ok).toBe(true);
    expect(await read()).toMatchObject([{ state: "checked", findings: [] }]);
    expect(await importFile({ db: t.db }, t.actor(), fileId)).toMatchObject({
      ok: true,
      value: { imported: 1, lines: 1 },
    });
    expect(await addBankAccount({ db: t.db }, t.actor(), account)).toMatchObject({
      ok: false,
      code: "bank_account_exists",
    });
  });

  test("a gap in the balances waits for a person, who takes it with a reason or turns it away", async () => {
    const world = await aWorld(([a = ""]) => [invoice(a, "FA2601-000001", 5_000n)]);
    await bring(aFile(aStatement(world.iban, [named("x", 100n)], { to: day("2026-03-01"), from: day("2026-03-01") })));
    const late = aStatement(world.iban, [named("FA2601-000001", 5_000n)], { opening: { on: null, minor: 999n } });
    const fileId = await receive(aFile(late));
    const [held] = await t.db.transaction(t.tenant, (tx) => statementsOfFile(tx, fileId));
    expect(held).toMatchObject({ state: "quarantined", findings: [{ code: "gap", blocks: true }] });
    const decision = { reason: "Relevé manquant demandé", bankAccountId: null };
    expect(await acceptStatement({ db: t.db }, t.actor(), held?.id ?? "", decision, 99)).toMatchObject({
      code: "stale_version",
    });
    expect(await acceptStatement({ db: t.db }, t.actor(), held?.id ?? "", decision, held?.version)).toMatchObject({
      ok: true,
      value: { state: "imported", waitingCount: 1, reason: "Relevé manquant demandé" },
    });
    const again = await receive(aFile(aStatement(world.iban, [named("y", 7n)], { chain: "broken" })));
    const [broken] = await t.db.transaction(t.tenant, (tx) => statementsOfFile(tx, again));
    expect(
      await refuseStatement({ db: t.db }, t.actor(), broken?.id ?? "", "Fichier tronqué", broken?.version),
    ).toMatchObject({
      ok: true,
      value: { state: "refused" },
    });
    const left = await t.db.transaction(t.tenant, (tx) => listLines(tx, { statementId: broken?.id }, { limit: 10 }));
    expect(left).toEqual([]);
  });

  test("a line known already is never applied twice, and a sum makes way for its details", async () => {
    const world = await aWorld(([a = ""]) => [
      invoice(a, "FA2601-000001", 5_000n),
      invoice(a, "FA2601-000002", 7_000n),
    ]);
    const sum = anEntry(12_000n, { key: "batch", text: "REMISE" });
    const [one] = await bring(aFile(aStatement(world.iban, [sum], { scope: "notification" })));
    expect(one).toMatchObject({ state: "waiting", amountMinor: 12_000n });
    const first = named("FA2601-000001", 5_000n).details[0];
    const second = named("FA2601-000002", 7_000n).details[0];
    const details = [first, second].flatMap((detail) => detail ?? []);
    const detailed = await bring(aFile(aStatement(world.iban, [{ ...sum, details }])));
    expect(detailed.map((line) => [line.amountMinor, line.state])).toEqual([
      [5_000n, "applied"],
      [7_000n, "applied"],
    ]);
    expect(await bring(aFile(aStatement(world.iban, [sum])))).toEqual([]);
    expect(await bring(aFile(aStatement(world.iban, [{ ...sum, details }])))).toEqual([]);
    expect(await opens(world.accountIds[0], "working")).toEqual([]);
    await sound();
  });
});

describe("applying receipts", () => {
  test("a sure line is posted by rule on its value date; ledger open stays, working open closes; undoing restores it", async () => {
    const world = await aWorld(([a = ""]) => [invoice(a, "FA2601-000001", 5_000n)]);
    const [line] = await bring(
      aFile(aStatement(world.iban, [named("Facture FA2601-000001", 5_000n, { payerName: "X" })])),
    );
    expect(line).toMatchObject({ state: "applied", application: { origin: "rule" } });
    const [a] = world.accountIds;
    expect([await opens(a, "ledger"), await opens(a, "working")]).toEqual([["FA2601-000001 5000"], []]);
    expect(await opens(a, "working", addDays(D, -1))).toEqual(["FA2601-000001 5000"]);
    const undone = await undoLine({ db: t.db }, t.actor(), line?.id ?? "", "Mauvais client", D, line?.version);
    expect(undone).toMatchObject({ ok: true, value: { state: "waiting", application: null } });
    expect(await opens(a, "working")).toEqual(["FA2601-000001 5000"]);
    await proposeAll({ db: t.db }, t.actor(), D);
    expect(await lineNow(line?.id ?? "")).toMatchObject({ state: "waiting", whyNot: "undone_before" });
    const taken = await applyLine(
      { db: t.db },
      t.actor(),
      line?.id ?? "",
      { candidate: 0 },
      D,
      (await lineNow(line?.id ?? "")).version,
    );
    expect(taken).toMatchObject({ ok: true, value: { state: "applied", application: { origin: "person" } } });
    await sound();
  });

  test("by hand: stated amounts hold, across two customers, with cents given up and a rest on account", async () => {
    const world = await aWorld(([a = "", b = ""]) => [
      invoice(a, "A1", 10_000n),
      invoice(a, "A2", 8_000n, { postedOn: day("2026-01-20") }),
      invoice(b, "B1", 4_000n),
    ]);
    const [line] = await bring(aFile(aStatement(world.iban, [named("divers", 13_030n)])));
    expect(line?.state).toBe("waiting");
    const ids = new Map(
      await t.db.transaction(t.tenant, async (tx) => {
        const rows = await tx.rows<{ no: string; id: string }>(
          sql`select document_no as no, item_id as id from receivables.item_state where tenant_id = ${tx.tenant} and account_id = any(${world.accountIds}::uuid[])`,
        );
        return rows.map((row): [string, string] => [row.no, row.id]);
      }),
    );
    const part = (no: string, minor: string) => ({ itemId: ids.get(no) ?? "", minor });
    const wanted = {
      parts: [part("A1", "2000"), part("A2", "7000"), part("B1", "4000")],
      adjustments: [{ kind: "difference" as const, minor: "70" }],
      accountId: world.accountIds[1],
    };
    const tooMuch = { parts: [part("A1", "10001")] };
    expect(await applyLine({ db: t.db }, t.actor(), line?.id ?? "", tooMuch, D, line?.version)).toMatchObject({
      ok: false,
      code: "item_not_open_enough",
    });
    const short = { parts: [part("A1", "10000"), part("A2", "8000")] };
    expect(await applyLine({ db: t.db }, t.actor(), line?.id ?? "", short, D, line?.version)).toMatchObject({
      ok: false,
      code: "amounts_do_not_add_up",
    });
    const done = await applyLine({ db: t.db }, t.actor(), line?.id ?? "", wanted, D, line?.version);
    expect(done).toMatchObject({ ok: true, value: { state: "applied" } });
    expect(await opens(world.accountIds[0], "working")).toEqual(["A1 8000", "A2 1000"]);
    expect(await opens(world.accountIds[1], "working")).toEqual(["payment -100"]);
    await undoLine({ db: t.db }, t.actor(), line?.id ?? "", null, D, (await lineNow(line?.id ?? "")).version);
    expect(await opens(world.accountIds[0], "working")).toEqual(["A1 10000", "A2 8000"]);
    expect(await opens(world.accountIds[1], "working")).toEqual(["B1 4000"]);
    await sound();
  });

  test("who paid is learnt: the next line without a reference is posted, and an undone one unteaches", async () => {
    const world = await aWorld(([a = ""]) => [
      invoice(a, "FA2601-000001", 5_000n),
      invoice(a, "FA2601-000002", 7_777n),
      invoice(a, "FA2601-000003", 6_100n),
    ]);
    const payer = { payerIban: "FR1420041010050500013M02606", payerName: "HOLDING ZED" };
    await bring(aFile(aStatement(world.iban, [named("FA2601-000001", 5_000n, payer)])));
    const [second] = await bring(
      aFile(
        aStatement(world.iban, [named("virement", 7_777n, payer)], {
          opening: { on: null, minor: 5_000n },
          from: day("2026-03-11"),
          to: day("2026-03-11"),
        }),
      ),
    );
    expect(second).toMatchObject({ state: "applied", payerIbanTail: "2606" });
    const kept = await t.ownerQuery<{ n: string }>(
      "select count(*) as n from cash.bank_line where payer_iban_digest like '%2606%' or text like '%FR14%'",
    );
    expect(kept[0]?.n).toBe("0");
  });

  test("a line of none of the customers' concern is set aside and taken up again", async () => {
    const world = await aWorld(([a = ""]) => [invoice(a, "F", 5_000n)]);
    const [line] = await bring(aFile(aStatement(world.iban, [named("Remboursement TVA", 99_900n)])));
    const aside = await setLineAside(
      { db: t.db },
      t.actor(),
      line?.id ?? "",
      { aside: true, reason: "TVA" },
      line?.version,
    );
    expect(aside).toMatchObject({ ok: true, value: { state: "set_aside", setAsideReason: "TVA" } });
    const back = await setLineAside(
      { db: t.db },
      t.actor(),
      line?.id ?? "",
      { aside: false, reason: null },
      aside.ok ? aside.value.version : 0,
    );
    expect(back).toMatchObject({ ok: true, value: { state: "waiting" } });
  });
});

describe("when the books follow", () => {
  test("the booked payment takes over without counting twice, and lettering ends in the same balance", async () => {
    const world = await aWorld(([a = ""]) => [invoice(a, "FA2601-000001", 5_000n)]);
    const [a = ""] = world.accountIds;
    const [line] = await bring(aFile(aStatement(world.iban, [named("FA2601-000001", 5_000n)])));
    expect(line?.state).toBe("applied");
    const booked = aRow(a, { key: "P", documentNo: "BQ1", minor: -5_000n, postedOn: addDays(D, 2) });
    await load(world.companyId, [...world.rows, booked], addDays(D, 3));
    expect([await opens(a, "ledger"), await opens(a, "working")]).toEqual([["BQ1 -5000", "FA2601-000001 5000"], []]);
    const lettered = [...world.rows, booked].map((row) => ({ ...row, letter: "A" }));
    await load(world.companyId, lettered, addDays(D, 4));
    expect([await opens(a, "ledger"), await opens(a, "working")]).toEqual([[], []]);
    const open = await t.db.transaction(t.tenant, (tx) =>
      countUnbooked(tx, { asOf: addDays(D, 40), olderThanDays: 30, companyId: world.companyId }, 10),
    );
    expect(open).toBe(0);
    await sound();
  });

  test("a match undone after the booking leaves the booked payment open on account", async () => {
    const world = await aWorld(([a = ""]) => [invoice(a, "FA2601-000001", 5_000n)]);
    const [a = ""] = world.accountIds;
    const [line] = await bring(aFile(aStatement(world.iban, [named("FA2601-000001", 5_000n)])));
    await load(
      world.companyId,
      [...world.rows, aRow(a, { key: "P", documentNo: "BQ1", minor: -5_000n, postedOn: D })],
      addDays(D, 3),
    );
    const undone = await undoLine({ db: t.db }, t.actor(), line?.id ?? "", null, addDays(D, 4), line?.version);
    expect(undone.ok).toBe(true);
    expect(await opens(a, "working")).toEqual(["BQ1 -5000", "FA2601-000001 5000"]);
    await sound();
  });

  test("two entries that could be the booking make one task, and a person names the right one; what nothing books is listed", async () => {
    const world = await aWorld(([a = ""]) => [invoice(a, "FA2601-000001", 5_000n)]);
    const [a = ""] = world.accountIds;
    await bring(aFile(aStatement(world.iban, [named("FA2601-000001", 5_000n)])));
    const rivals = ["P1", "P2"].map((key) => aRow(a, { key, documentNo: key, minor: -5_000n, postedOn: D }));
    await load(world.companyId, [...world.rows, ...rivals], addDays(D, 3));
    const list = () =>
      t.db.transaction(t.tenant, (tx) =>
        listUnbooked(tx, { asOf: addDays(D, 31), olderThanDays: 30, companyId: world.companyId }, { limit: 10 }),
      );
    const [unbooked] = await list();
    expect(unbooked?.rivals.map((one) => one.documentNo).sort()).toEqual(["P1", "P2"]);
    expect(await reviewBookings({ db: t.db }, t.actor(), addDays(D, 3))).toBe(1);
    expect(await reviewBookings({ db: t.db }, t.actor(), addDays(D, 4))).toBe(0);
    const first = unbooked?.rivals[0]?.itemId ?? "";
    expect(await bookItem({ db: t.db }, t.actor(), unbooked?.itemId ?? "", newId(), D)).toMatchObject({
      code: "booking_does_not_fit",
    });
    expect(await bookItem({ db: t.db }, t.actor(), unbooked?.itemId ?? "", first, addDays(D, 4))).toMatchObject({
      ok: true,
    });
    expect(await list()).toEqual([]);
    expect(await opens(a, "working")).toEqual(["P2 -5000"]);
    await sound();
  });
});

describe("when two want the same", () => {
  const twins = async () => {
    const world = await aWorld(([a = ""]) => [
      invoice(a, "FA2601-000001", 5_000n),
      invoice(a, "FA2601-000002", 9_000n),
    ]);
    const named1 = (n: number) => named(`ACOMPTE FA2601-000001 no ${n}`, 3_000n, { payerName: "X" });
    const lines = await bring(aFile(aStatement(world.iban, [named1(1), named1(2)])));
    expect(lines.map((line) => line.candidates?.[0]?.parts[0]?.minor)).toEqual(["3000", "3000"]);
    return { world, lines };
  };

  test("what one line takes, the other is proposed anew", async () => {
    const { lines } = await twins();
    const [first, second] = lines;
    expect((await applyLine({ db: t.db }, t.actor(), first?.id ?? "", { candidate: 0 }, D, first?.version)).ok).toBe(
      true,
    );
    const [top] = (await lineNow(second?.id ?? "")).candidates ?? [];
    expect(
      await applyLine({ db: t.db }, t.actor(), second?.id ?? "", { candidate: 0 }, D, second?.version),
    ).toMatchObject({
      code: "stale_version",
    });
    expect(top).toMatchObject({ method: "named_over", parts: [{ minor: "2000" }], unapplied: { minor: "1000" } });
  });

  test("two people at once: what is open is given once", async () => {
    const { world, lines } = await twins();
    const results = await Promise.all(
      lines.map((line) => applyLine({ db: t.db }, t.actor(), line.id, { candidate: 0 }, D, line.version)),
    );
    const codes = results.map((one) => (one.ok ? "done" : one.code));
    expect(codes.filter((code) => code === "done")).toHaveLength(1);
    // refused by what is open, or because what was proposed has changed since
    expect(["item_not_open_enough", "stale_version"]).toContain(codes.find((code) => code !== "done"));
    expect(await opens(world.accountIds[0], "working")).toEqual(["FA2601-000001 2000", "FA2601-000002 9000"]);
    await sound();
  });

  test("the books letter an item otherwise: what a person applied gives way, once a task", async () => {
    const world = await aWorld(([a = ""]) => [invoice(a, "FA2601-000001", 5_000n)]);
    const [a = ""] = world.accountIds;
    const [line] = await bring(aFile(aStatement(world.iban, [named("virement", 5_000n)])));
    const itemId = (
      await t.ownerQuery<{ id: string }>("select item_id as id from receivables.item_state where account_id = $1", [a])
    )[0]?.id;
    const parts = [{ itemId: itemId ?? "", minor: "5000" }];
    expect((await applyLine({ db: t.db }, t.actor(), line?.id ?? "", { parts }, D, line?.version)).ok).toBe(true);
    const credit = aRow(a, {
      key: "AV",
      documentNo: "AV1",
      kind: "credit_note",
      minor: -5_000n,
      postedOn: day("2026-02-01"),
    });
    await load(
      world.companyId,
      [...world.rows, credit].map((row) => ({ ...row, letter: "A" })),
      addDays(D, 3),
    );
    expect(await opens(a, "working")).toEqual(["payment -5000"]);
    await reviewBookings({ db: t.db }, t.actor(), addDays(D, 3));
    await reviewBookings({ db: t.db }, t.actor(), addDays(D, 4));
    const tasks = await t.ownerQuery<{ title: string }>(
      "select title from tasks.task where kind = 'yielded_settlement' and customer_id = $1",
      [world.customerIds[0]],
    );
    expect(tasks.map((one) => one.title.replace(/\s/g, " "))).toEqual([
      "Revoir un lettrage : 50,00 € n’est plus affecté",
    ]);
    await sound();
  });
});

describe("what the bank takes back", () => {
  const debit = (detail: object) =>
    anEntry(-5_000n, {
      kind: "return",
      bookedOn: addDays(D, 9),
      valueOn: addDays(D, 9),
      detail: { reason: { code: "AM04", text: null }, ...detail },
    });

  test("a returned debit reopens the invoice at its due date from the bank's day, with a task; undoing settles it again", async () => {
    const world = await aWorld(([a = ""]) => [invoice(a, "FA2601-000001", 5_000n)]);
    const [a] = world.accountIds;
    await bring(aFile(aStatement(world.iban, [named("FA2601-000001", 5_000n, { endToEndId: "E2E-1" })])));
    expect(await opens(a, "working")).toEqual([]);
    const next = { opening: { on: null, minor: 5_000n }, from: day("2026-03-19"), to: day("2026-03-19") };
    const [line] = await bring(aFile(aStatement(world.iban, [debit({ endToEndId: "E2E-1" })], next)));
    expect(line).toMatchObject({ side: "return", state: "waiting" });
    expect(await postSureReturns({ db: t.db }, t.actor(), addDays(D, 9))).toBe(1);
    expect(await opens(a, "working", addDays(D, 8))).toEqual([]);
    expect(await opens(a, "working", addDays(D, 9))).toEqual(["FA2601-000001 5000"]);
    const tasks = await t.ownerQuery<{ title: string }>(
      "select title from tasks.task where kind = 'bank_return' and customer_id = $1",
      [world.customerIds[0]],
    );
    expect(tasks).toEqual([{ title: "Impayé : provision insuffisante" }]);
    expect(await postSureReturns({ db: t.db }, t.actor(), addDays(D, 10))).toBe(0);
    const undone = await undoLine(
      { db: t.db },
      t.actor(),
      line?.id ?? "",
      null,
      addDays(D, 10),
      (await lineNow(line?.id ?? "")).version,
    );
    expect(undone).toMatchObject({ ok: true, value: { state: "waiting" } });
    expect(await opens(a, "working")).toEqual([]);
    await sound();
  });

  test("a payment that only the books know: the rejection stands with the age of what it had paid, its charge apart", async () => {
    const world = await aWorld(([a = ""]) => [
      invoice(a, "FA2601-000001", 5_000n, { letter: "A" }),
      aRow(a, { key: "P", documentNo: "LCR123456", minor: -5_000n, postedOn: D, letter: "A" }),
    ]);
    const [a] = world.accountIds;
    const [line] = await bring(aFile(aStatement(world.iban, [debit({ remittance: "LCR IMPAYEE LCR123456" })])));
    const paymentId = (
      await t.ownerQuery<{ id: string }>(
        "select item_id as id from receivables.item_state where document_no = 'LCR123456' and account_id = $1",
        [a],
      )
    )[0]?.id;
    const rejected = await rejectPayment(
      { db: t.db },
      t.actor(),
      line?.id ?? "",
      { paymentId: paymentId ?? "", chargeMinor: "1200" },
      addDays(D, 9),
      line?.version,
    );
    expect(rejected).toMatchObject({ ok: true, value: { state: "applied", application: { kind: "rejection" } } });
    const due = await t.ownerQuery<{ kind: string; due: string }>(
      "select kind, due_on::text as due from receivables.item_state where layer = 'overlay' and account_id = $1 order by kind",
      [a],
    );
    expect(due).toEqual([
      { kind: "other", due: "2026-03-19" },
      { kind: "rejection", due: "2026-02-15" },
    ]);
    expect((await opens(a, "working")).sort()).toEqual(["other 1200", "rejection 5000"]);
    const booking = aRow(a ?? "", {
      key: "R",
      documentNo: "OD9",
      kind: "rejection",
      minor: 5_000n,
      postedOn: addDays(D, 9),
    });
    await load(world.companyId, [...world.rows, booking], addDays(D, 11));
    expect((await opens(a, "working")).sort()).toEqual(["OD9 5000", "other 1200"]);
    await sound();
  });

  test("a receipt for two customers is taken back whole, and given back whole", async () => {
    const world = await aWorld(([a = "", b = ""]) => [
      invoice(a, "FA2601-000001", 2_000n),
      invoice(b, "FA2601-000002", 3_000n),
    ]);
    const [a, b] = world.accountIds;
    const both = named("FA2601-000001 FA2601-000002", 5_000n, { endToEndId: "E2E-3" });
    const [paid] = await bring(aFile(aStatement(world.iban, [both])));
    if (paid?.state === "waiting") await applyLine({ db: t.db }, t.actor(), paid.id, { candidate: 0 }, D, paid.version);
    expect([await opens(a, "working"), await opens(b, "working")]).toEqual([[], []]);
    const next = { opening: { on: null, minor: 5_000n }, from: day("2026-03-19"), to: day("2026-03-19") };
    const [line] = await bring(aFile(aStatement(world.iban, [debit({ endToEndId: "E2E-3" })], next)));
    expect(await postSureReturns({ db: t.db }, t.actor(), addDays(D, 9))).toBe(1);
    expect([await opens(a, "working"), await opens(b, "working")]).toEqual([
      ["FA2601-000001 2000"],
      ["FA2601-000002 3000"],
    ]);
    const after = await lineNow(line?.id ?? "");
    expect((await undoLine({ db: t.db }, t.actor(), after.id, null, addDays(D, 10), after.version)).ok).toBe(true);
    expect([await opens(a, "working"), await opens(b, "working")]).toEqual([[], []]);
    await sound();
  });

  test("one list of returns holds several companies': each goes to the payment that it cancels, or the account that it names", async () => {
    const first = await aWorld(([a = ""]) => [invoice(a, "FA2601-000001", 5_000n)]);
    const second = await aWorld(([a = ""]) => [invoice(a, "FA2601-000002", 6_000n)]);
    const pay = (world: World, no: string, minor: bigint, endToEndId: string) =>
      bring(aFile(aStatement(world.iban, [named(no, minor, { endToEndId })])));
    await pay(first, "FA2601-000001", 5_000n, "MANY-1");
    await pay(second, "FA2601-000002", 6_000n, "MANY-2");
    const gone = (endToEndId: string, amountMinor: bigint, more: Partial<SourceReturn> = {}): SourceReturn => ({
      position: endToEndId,
      endToEndId,
      originalId: null,
      mandateId: null,
      reason: "AM04",
      reasonText: null,
      amountMinor,
      currency: "EUR",
      on: addDays(D, 8),
      payerName: null,
      reference: null,
      ...more,
    });
    // meant for the first company; one is the second's, one names the second's account by its national number
    const returns = [
      gone("MANY-1", 5_000n),
      gone("MANY-2", 6_000n),
      gone("NOBODY", 7_000n),
      gone("ELSE", 8_000n, { accounts: ["BE68539007547034", second.iban.slice(4, 25)] }),
    ];
    const fileId = await receive({ ...aFile(), returns }, first.companyId);
    expect((await importFile({ db: t.db }, t.actor(), fileId)).ok).toBe(true);
    expect(await postSureReturns({ db: t.db }, t.actor(), addDays(D, 9))).toBe(2);
    const lines = await t.db.transaction(t.tenant, async (tx) => {
      const [statement] = await statementsOfFile(tx, fileId);
      return listLines(tx, { statementId: statement?.id }, { limit: 100 });
    });
    const shown = new Map(lines.map((line) => [line.endToEndId, [line.state, line.companyId]]));
    expect(Object.fromEntries(shown)).toEqual({
      "MANY-1": ["applied", first.companyId],
      "MANY-2": ["applied", second.companyId],
      NOBODY: ["waiting", first.companyId],
      ELSE: ["waiting", second.companyId],
    });
    expect([await opens(first.accountIds[0], "working"), await opens(second.accountIds[0], "working")]).toEqual([
      ["FA2601-000001 5000"],
      ["FA2601-000002 6000"],
    ]);
    await sound();
  });

  test("a statement that writes a French account without its IBAN is of the account that we know by it", async () => {
    const world = await aWorld(() => []);
    const file = aFile(aStatement(world.iban.slice(14, 25), [], { bankCode: world.iban.slice(4, 14) }));
    const other = aFile(aStatement(world.iban.slice(14, 25), [], { bankCode: "9999999999" }));
    const accountOf = async (of: SourceFile) => {
      const fileId = await receive(of);
      const [statement] = await t.db.transaction(t.tenant, (tx) => statementsOfFile(tx, fileId));
      return statement?.companyCode ?? null;
    };
    expect(await accountOf(file)).not.toBeNull();
    expect(await accountOf(other)).toBeNull();
  });

  test("a receipt that was taken back is not undone before its rejection; a payment is rejected once", async () => {
    const world = await aWorld(([a = ""]) => [invoice(a, "FA2601-000001", 5_000n)]);
    const [paid] = await bring(
      aFile(aStatement(world.iban, [named("FA2601-000001", 5_000n, { endToEndId: "E2E-2" })])),
    );
    const next = { opening: { on: null, minor: 5_000n }, from: day("2026-03-19"), to: day("2026-03-19") };
    const [first] = await bring(aFile(aStatement(world.iban, [debit({ endToEndId: "E2E-2" })], next)));
    const paymentId = (await lineNow(paid?.id ?? "")).application?.items[0]?.itemId ?? "";
    const reject = (line: LineRow | undefined) =>
      rejectPayment(
        { db: t.db },
        t.actor(),
        line?.id ?? "",
        { paymentId, chargeMinor: "0" },
        addDays(D, 9),
        line?.version,
      );
    expect((await reject(first)).ok).toBe(true);
    expect(await undoLine({ db: t.db }, t.actor(), paid?.id ?? "", null, D, paid?.version)).toMatchObject({
      code: "rejected_since",
    });
    const announced = {
      ...aFile(),
      returns: [
        {
          position: "1",
          endToEndId: "E2E-2",
          originalId: null,
          mandateId: null,
          reason: "AM04",
          reasonText: null,
          amountMinor: 5_000n,
          currency: "EUR",
          on: addDays(D, 8),
          payerName: null,
          reference: null,
        },
      ],
    };
    const [again] = await bring(announced);
    expect(await postSureReturns({ db: t.db }, t.actor(), addDays(D, 9))).toBe(0);
    expect(await reject(again)).toMatchObject({ ok: false, code: "already_rejected" });
  });
});

test("a line that says applied without an application, or an application of another sum, is found", async () => {
  const world = await aWorld(([a = ""]) => [invoice(a, "FA2601-000001", 5_000n)]);
  const [line] = await bring(aFile(aStatement(world.iban, [named("FA2601-000001", 5_000n)])));
  await sound();
  await t.ownerQuery("update cash.bank_line set amount_minor = 4999 where bank_line_id = $1", [line?.id]);
  expect(await t.db.transaction(t.tenant, verifyCash)).toMatchObject([{ check: "receipt_sum" }]);
  await t.ownerQuery("update cash.bank_line set amount_minor = 5000, state = 'waiting' where bank_line_id = $1", [
    line?.id,
  ]);
  expect(await t.db.transaction(t.tenant, verifyCash)).toMatchObject([{ check: "line_state", id: line?.id }]);
  await t.ownerQuery("update cash.bank_line set state = 'applied' where bank_line_id = $1", [line?.id]);
});
