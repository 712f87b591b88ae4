import { addDays, type CalendarDate } from "#kernel/calendar-date.ts";
import { currency } from "#kernel/money.ts";
import { ensureSource } from "#modules/connectors/index.ts";
import { ingestOrders, type SourceOrder } from "#modules/credit/index.ts";
import { listCompanies } from "#modules/parties/index.ts";
import type { Actor } from "#platform/actor.ts";
import type { Services } from "#platform/services.ts";
import { seeded } from "./random.ts";
import type { World } from "./world.ts";

/** Orders in progress of about a third of the customers of each company of a world. */
export async function seedOrders(services: Services, actor: Actor, world: World, today: CalendarDate): Promise<void> {
  await services.db.transaction(actor.tenant, async (tx) => {
    for (const [index, described] of world.companies.entries()) {
      const company = (await listCompanies(tx)).find((one) => one.code === described.code);
      if (!company) continue;
      const sourceId = await ensureSource(tx, company.id, "items");
      await ingestOrders(tx, { sourceId, companyId: company.id }, ordersOf(world, index, today), {
        isWhole: true,
        knownOn: today,
      });
    }
  });
}

function ordersOf(world: World, index: number, today: CalendarDate): SourceOrder[] {
  const random = seeded(world.size.seed + index);
  const orders: SourceOrder[] = [];
  for (const customer of world.customers) {
    if (customer.companies[0] !== index || !random.chance(0.35)) continue;
    for (let left = random.between(1, 3); left > 0; left -= 1) {
      const totalMinor = BigInt(Math.max(1_000, Math.round(customer.meanMinor * (0.4 + random.next()))));
      const number = `CM${String(orders.length + 1 + index * 1_000).padStart(5, "0")}`;
      orders.push({
        key: number,
        customerNumber: customer.record.number,
        number,
        orderedOn: addDays(today, -random.between(2, 45)),
        expectedOn: addDays(today, random.between(1, 60)),
        currency: customer.currency ?? world.companies[index]?.bookCurrency ?? currency("EUR"),
        totalMinor,
        openMinor: random.chance(0.3) ? totalMinor / 2n : totalMinor,
      });
    }
  }
  return orders;
}
