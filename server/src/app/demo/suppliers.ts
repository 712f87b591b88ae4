import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { keepBalances, linkOffset } from "#modules/credit/index.ts";
import { listCompanies } from "#modules/parties/index.ts";
import { openItems } from "#modules/receivables/index.ts";
import type { Actor } from "#platform/actor.ts";
import { sql } from "#platform/database/index.ts";
import type { Services } from "#platform/services.ts";

const OTHERS = [
  ["F0007", "Énergies du Rhône", 214_380n],
  ["F0019", "Transports Bellecour", 1_284_600n],
  ["F0032", "Papeteries de la Saône", 402_155n],
  ["F0048", "Cabinet Morel et associés", 96_000n],
] as const;
const SHARES = [4n, 9n, 15n];

type Debtor = { readonly customerId: Uuid; readonly name: string; readonly open: bigint };

/** Suppliers of the first company of the demo: some of its customers sell to it as well, one of them is linked. */
export async function seedSuppliers(services: Services, actor: Actor, today: CalendarDate): Promise<void> {
  await services.db.transaction(actor.tenant, async (tx) => {
    const [company] = await listCompanies(tx);
    if (!company) return;
    const debtors = await tx.rows<Debtor>(sql`
      with owed as materialized (
        select account_id, sum(open_book_minor)::bigint as open
        from ${openItems(tx, today, "working")} o
        group by account_id)
      select c.customer_id as "customerId", c.name, sum(o.open)::bigint as open
      from owed o
      join parties.account_current a on a.tenant_id = ${tx.tenant} and a.account_id = o.account_id and a.company_id = ${company.id}
      join parties.customer c on c.tenant_id = a.tenant_id and c.customer_id = a.customer_id
      group by c.customer_id, c.name
      order by open desc, c.customer_id
      limit ${SHARES.length}`);
    const own = debtors.map(({ name, open }, index) => ({
      supplierNo: `F01${index}4`,
      name: name.toUpperCase(),
      owedMinor: open / (SHARES[index] ?? 1n),
    }));
    const others = OTHERS.map(([supplierNo, name, owedMinor]) => ({ supplierNo, name, owedMinor }));
    const statement = { companyId: company.id, statedOn: today, knownOn: today, batchId: null };
    await keepBalances(tx, statement, [...own, ...others], true);
    const [first] = debtors;
    const [supplier] = own;
    if (first && supplier) {
      const { supplierNo } = supplier;
      await linkOffset(
        tx,
        actor,
        first.customerId,
        { companyId: company.id, supplierNo, isAgreed: false, note: null },
        today,
      );
    }
  });
}
