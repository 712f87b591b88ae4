import type { CustomerDunning } from "#contracts/dunning.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { loadChannel } from "#modules/correspondence/index.ts";
import type { Tx } from "#platform/database/index.ts";
import { decisionView, stopView } from "../run-view.ts";
import { customerHistories } from "../store/history-rows.ts";
import { openItemsOfCustomers } from "../store/ledger-reads.ts";
import { customersById, subjectNames } from "../store/party-reads.ts";
import { latestDecisions } from "../store/run-rows.ts";
import { listStops } from "../store/stop-rows.ts";

/** Stops, and for each group what was sent last and what the latest run decided; undefined for an unknown customer. */
export async function customerState(
  tx: Tx,
  customerId: Uuid,
  today: CalendarDate,
): Promise<CustomerDunning | undefined> {
  if (!(await customersById(tx, [customerId])).has(customerId)) return undefined;
  const sandbox = (await loadChannel(tx)).armedAt === null;
  const items = await openItemsOfCustomers(tx, today, [customerId]);
  const subjectIds = [customerId, ...items.map((item) => item.itemId)];
  const stops = await listStops(tx, { subjectIds });
  const names = await subjectNames(
    tx,
    stops.map((stop) => stop.subjectId),
  );
  const histories = await customerHistories(tx, sandbox, customerId);
  const latest = await latestDecisions(tx, customerId);
  const byKey = new Map(latest.map((decision) => [decision.groupKey, decision]));
  const keys = new Set([...byKey.keys(), ...histories.map((row) => row.groupKey)]);
  const sent = new Map(histories.map((row) => [row.groupKey, row]));
  return {
    customerId,
    stops: stops.map((stop) => stopView(stop, names.get(stop.subjectId), today)),
    groups: [...keys].map((key) => {
      const decision = byKey.get(key);
      const history = sent.get(key);
      return {
        companyId: decision?.companyId ?? history?.companyId ?? "",
        currency: key.slice(-3),
        level: history?.level ?? null,
        stepKey: history?.stepKey ?? null,
        sentOn: history?.sentOn ?? null,
        next: decision ? decisionView(decision) : null,
      };
    }),
  };
}
