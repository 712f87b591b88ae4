import { performance } from "node:perf_hooks";
import pg from "pg";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { addBankAccountIn, importFile, receiveFile, type SourceFile } from "#modules/cash/index.ts";
import type { Actor } from "#platform/actor.ts";
import { type Db, sql } from "#platform/database/index.ts";
import { changeMatching } from "../server/src/modules/cash/actions/matching-settings.ts";
import { proposeAll } from "../server/src/modules/cash/actions/propose-lines.ts";
import { SHIPPED_OPTIONS } from "../server/src/modules/cash/core/facts.ts";
import { seeded } from "../server/src/modules/cash/testing/random.ts";

type Stage = { readonly db: Db; readonly actor: Actor; readonly ownerUrl: string };
type Row = { readonly work: string; readonly measured: string; readonly goal: string };
type Owed = { readonly documentNo: string; readonly accountId: Uuid; readonly name: string; readonly open: bigint };

const IBAN = "FR7630006000011234567890189";

/** Takes in, proposes and posts bank lines on the open items of the largest company: named whole, in part, several at once, or not at all. */
export async function benchCash(stage: Stage, lines: number, today: CalendarDate): Promise<Row[]> {
  // an installation that has run for a day is analysed; the load of a moment ago is not
  const owner = new pg.Client({ connectionString: stage.ownerUrl });
  await owner.connect();
  await owner.query("analyze");
  await owner.end();
  const owed = await ledgerOf(stage);
  const file = statementOf(owed, lines, today);
  const seconds = async (work: () => Promise<unknown>): Promise<number> => {
    const started = performance.now();
    await work();
    return (performance.now() - started) / 1000;
  };
  const receiving = await seconds(async () => {
    const fileId = await receiveFile(
      stage,
      stage.actor,
      { name: "bench", digest: "bench", sizeBytes: 1, file, companyId: null },
      today,
    );
    await importFile(stage, stage.actor, fileId);
  });
  await setPosting(stage, false, 0, today);
  let proposed = 0;
  const proposing = await seconds(async () => {
    ({ proposed } = await proposeAll(stage, stage.actor, today));
  });
  await setPosting(stage, true, 1, today);
  let posted = 0;
  const posting = await seconds(async () => {
    ({ posted } = await proposeAll(stage, stage.actor, today));
  });
  return [
    { work: `${lines} bank lines taken in`, measured: `${receiving.toFixed(1)} s`, goal: "-" },
    {
      work: `${proposed} bank lines proposed over ${owed.length} open items`,
      measured: `${proposing.toFixed(1)} s`,
      goal: "50,000 in ≤ 60 s",
    },
    { work: `the same proposed anew and ${posted} posted`, measured: `${posting.toFixed(1)} s`, goal: "-" },
  ];
}

const setPosting = (stage: Stage, postsAutomatically: boolean, version: number, today: CalendarDate) =>
  changeMatching(
    stage,
    stage.actor,
    {
      postsAutomatically,
      thresholdBp: SHIPPED_OPTIONS.thresholdBp,
      toleranceMinor: String(SHIPPED_OPTIONS.toleranceMinor),
      discountRatesBp: [...SHIPPED_OPTIONS.discountRatesBp],
      postsReturns: false,
    },
    today,
    version,
  );

async function ledgerOf({ db, actor }: Stage): Promise<Owed[]> {
  return db.transaction(actor.tenant, async (tx) => {
    const company = await tx.one<{ id: Uuid }>(sql`
      select company_id as id from parties.account where tenant_id = ${tx.tenant} group by 1 order by count(*) desc limit 1`);
    const added = await addBankAccountIn(tx, actor, {
      companyId: company.id,
      identifier: IBAN,
      currency: "EUR",
      name: "Bench",
      isActive: true,
    });
    if (!added.ok) throw new Error(added.code);
    return tx.rows<Owed>(sql`
      select s.document_no as "documentNo", s.account_id as "accountId", a.customer_name as name, s.working_open_minor as open
      from receivables.item_state s
      join parties.account_current a on a.tenant_id = s.tenant_id and a.account_id = s.account_id
      where s.tenant_id = ${tx.tenant} and a.company_id = ${company.id} and s.settled_on = 'infinity' and s.working_open_minor > 0
      order by s.account_id, s.item_id`);
  });
}

function statementOf(owed: readonly Owed[], lines: number, on: CalendarDate): SourceFile {
  const random = seeded(5);
  const nothing = {
    mandateId: null,
    ultimatePayer: null,
    creditorReference: null,
    documents: [],
    reason: null,
    feeMinor: null,
  };
  const entries = Array.from({ length: lines }, (_, n) => {
    const at = random.between(0, owed.length - 1);
    const item = owed[at];
    if (!item) throw new Error("nothing is open");
    const next = owed[at + 1];
    const isPair = random.chance(0.2) && next?.accountId === item.accountId;
    const paid = isPair && next ? [item, next] : [item];
    const dice = random.next();
    const numbers = paid.map(({ documentNo }) => documentNo);
    const remittance =
      dice < 0.7
        ? `FACT ${numbers.join(" ")}`
        : dice < 0.85
          ? `REF ${numbers.map((one) => one.slice(-4)).join(" ")}`
          : "VIREMENT";
    const amountMinor = paid.reduce((sum, { open }) => sum + open, 0n);
    return {
      position: String(n),
      amountMinor,
      isReversal: false,
      status: "booked" as const,
      bookedOn: on,
      valueOn: on,
      bankReference: null,
      kind: "transfer" as const,
      text: "",
      key: `bench-${n}`,
      details: [
        {
          ...nothing,
          amountMinor,
          endToEndId: `E${n}`,
          payerName: item.name.toUpperCase(),
          payerIban: `FR76${item.accountId}`,
          remittance,
        },
      ],
    };
  });
  const statement = {
    account: IBAN,
    currency: "EUR",
    number: "1",
    from: on,
    to: on,
    opening: null,
    closing: null,
    chain: "unknown" as const,
    scope: "statement" as const,
    entries,
  };
  return { format: "bench", statements: [statement], returns: [], warnings: [] };
}
