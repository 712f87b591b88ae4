import type { CalendarDate } from "#kernel/calendar-date.ts";
import { ensureSource } from "#modules/connectors/index.ts";
import {
  addCompany,
  ensureAccounts,
  type KnownAccount,
  upsertContacts,
  upsertCustomers,
} from "#modules/parties/index.ts";
import { applyBatch, type SourceItem } from "#modules/receivables/index.ts";
import type { Actor } from "#platform/actor.ts";
import { saveRates } from "#platform/rates/index.ts";
import type { Services } from "#platform/services.ts";
import { worldItems } from "./ledger.ts";
import type { World, WorldCustomer } from "./world.ts";

const CONTROL_ACCOUNT = "411000";

/** Loads a world through the same doors as any other source: customers, contacts, then one batch of items per company. */
export async function seedWorld(services: Services, actor: Actor, world: World, today: CalendarDate): Promise<void> {
  await services.db.global((tx) => saveRates(tx, "demo", world.rates));
  await services.db.transaction(actor.tenant, (tx) =>
    upsertCustomers(
      tx,
      world.customers.map((customer) => customer.record),
    ),
  );
  await services.db.transaction(actor.tenant, (tx) =>
    upsertContacts(
      tx,
      world.customers.flatMap((customer) => customer.contacts),
      world.startOn,
    ),
  );
  for (const [index] of world.companies.entries()) await seedCompany(services, actor, world, index, today);
}

async function seedCompany(
  services: Services,
  actor: Actor,
  world: World,
  index: number,
  today: CalendarDate,
): Promise<void> {
  const described = world.companies[index];
  if (!described) return;
  const sold = world.customers.filter((customer) => customer.companies.includes(index));
  const { companyId, sourceId, accounts } = await services.db.transaction(actor.tenant, async (tx) => {
    const company = await addCompany(tx, actor, {
      code: described.code,
      name: described.name,
      bookCurrency: described.bookCurrency,
      country: described.country,
      zone: "Europe/Paris",
      siren: described.siren,
      vatNumber: null,
      email: `compta@${described.code.toLowerCase()}.example`,
      phone: "+33472000000",
      address: "12 quai Rambaud, 69002 Lyon",
      iban: null,
      defaultTermDays: 30,
    });
    if (!company.ok) throw new Error(company.code);
    const named = sold.map(({ record }) => ({
      controlAccount: CONTROL_ACCOUNT,
      auxiliary: record.number,
      name: record.name,
    }));
    const opened = await ensureAccounts(tx, company.value.id, named, today);
    return {
      companyId: company.value.id,
      sourceId: await ensureSource(tx, company.value.id, "items"),
      accounts: opened,
    };
  });
  const accountOf = new Map(accounts.map((account: KnownAccount) => [account.auxiliary, account.accountId]));
  const loaded = await applyBatch(services, actor, {
    companyId,
    bookCurrency: described.bookCurrency,
    source: { sourceId, kind: "items", name: "Démonstration", settlesLeftovers: false },
    coverage: { kind: "movements" },
    fiscalYear: null,
    knownOn: today,
    isFirstLoad: true,
    rows: () => rowsOf(world, sold, index, accountOf),
    isDryRun: false,
    fileName: "demonstration",
  });
  if (!loaded.ok) throw new Error(`the demo ledger was refused: ${loaded.code}`);
}

function* rowsOf(
  world: World,
  sold: readonly WorldCustomer[],
  index: number,
  accountOf: ReadonlyMap<string, string>,
): Generator<SourceItem> {
  for (const customer of sold) {
    const accountId = accountOf.get(customer.record.number);
    if (!accountId) throw new Error(`no account for ${customer.record.number}`);
    for (const item of worldItems(world, customer, index)) yield { ...item, accountId };
  }
}
