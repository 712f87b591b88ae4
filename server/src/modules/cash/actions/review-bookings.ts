import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { currency, exponentOf, toDecimal } from "#kernel/money.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import { changeOverlayIn } from "#modules/receivables/index.ts";
import { createTasks } from "#modules/tasks/index.ts";
import type { Actor } from "#platform/actor.ts";
import type { Services } from "#platform/services.ts";
import { bookable, listUnbooked, yieldedApplications } from "../store/report-rows.ts";

const LISTED = 500;

/**
 * Looks after what a load of the ledger has left unclear: payments that more than one entry may be the booking of, and settlements of persons that gave way.
 * Each becomes one open task, however often it is met.
 */
export async function reviewBookings(
  services: Pick<Services, "db">,
  actor: Actor,
  today: CalendarDate,
): Promise<number> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const unbooked = await listUnbooked(tx, { asOf: today, olderThanDays: 0 }, { limit: LISTED });
    const ambiguous = unbooked.filter((one) => one.rivals.length > 0);
    const yielded = await yieldedApplications(tx);
    const made = await createTasks(tx, actor, [
      ...ambiguous.map((one) => ({
        kind: "ambiguous_booking",
        title: `Rapprocher ${amountText(-one.minor, one.currency)} : l’écriture comptable est à désigner`,
        details: null,
        subjectType: "item",
        subjectId: one.itemId,
        customerId: one.customerId,
        dueOn: today,
        assigneeId: null,
        occasion: `cash.booking/${one.itemId}`,
      })),
      ...yielded.map((one) => ({
        kind: "yielded_settlement",
        title: `Revoir un lettrage : ${amountText(-one.openMinor, one.currency)} n’est plus affecté`,
        details: "La comptabilité a lettré autrement : une partie de l’encaissement est redevenue libre.",
        subjectType: "bank_line",
        subjectId: one.lineId,
        customerId: one.customerId,
        dueOn: today,
        assigneeId: null,
        occasion: `cash.yielded/${one.id}`,
      })),
    ]);
    return made.length;
  });
}

function amountText(minor: bigint, code: string): string {
  const money = { minor: minor < 0n ? -minor : minor, currency: currency(code) };
  const digits = exponentOf(money.currency);
  return new Intl.NumberFormat("fr-FR", {
    style: "currency",
    currency: code,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(toDecimal(money) as `${number}`);
}

/** A person names the ledger item that books an overlay item, where several could: the same account, currency and amount. */
export function bookItem(
  services: Pick<Services, "db">,
  actor: Actor,
  itemId: Uuid,
  ledgerItemId: Uuid,
  today: CalendarDate,
): Promise<Result<{ itemId: Uuid }, "not_found" | "booking_does_not_fit">> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const overlay = await bookable(tx, itemId);
    if (overlay?.layer !== "overlay") return refuse("not_found");
    const ledger = await bookable(tx, ledgerItemId);
    const fits =
      ledger?.layer === "ledger" &&
      ledger.accountId === overlay.accountId &&
      ledger.currency === overlay.currency &&
      ledger.minor === overlay.minor;
    if (!fits) return refuse("booking_does_not_fit");
    const { companyId, bookCurrency } = overlay;
    const booked = [{ overlayItemId: itemId, bookedItemId: ledgerItemId }];
    const changed = await changeOverlayIn(tx, actor, { companyId, bookCurrency, today, booked });
    return changed.ok ? done({ itemId }) : refuse("not_found");
  });
}
