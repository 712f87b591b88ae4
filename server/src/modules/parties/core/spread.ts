/** A customer to be given away, with what makes it heavy: its overdue in the reporting currency; credits weigh nothing. */
export type Load = { readonly customerId: string; readonly overdueMinor: bigint };

/**
 * Spreads customers over takers so that each carries about the same overdue: the heaviest first, to whom carries least, then to whom has fewest, then in
 * the order of the takers. The loads of two takers never differ by more than the heaviest customer. Same input, same answer.
 */
export function spreadEvenly(loads: readonly Load[], takerIds: readonly string[]): Map<string, string> {
  const takers = takerIds.map((id) => ({ id, minor: 0n, customers: 0 }));
  const weight = ({ overdueMinor }: Load) => (overdueMinor > 0n ? overdueMinor : 0n);
  const heaviestFirst = [...loads].sort((a, b) => {
    const difference = weight(b) - weight(a);
    if (difference !== 0n) return difference > 0n ? 1 : -1;
    return a.customerId < b.customerId ? -1 : 1;
  });
  const given = new Map<string, string>();
  for (const load of heaviestFirst) {
    let least = takers[0];
    for (const taker of takers)
      if (least && (taker.minor < least.minor || (taker.minor === least.minor && taker.customers < least.customers)))
        least = taker;
    if (!least) return given;
    given.set(load.customerId, least.id);
    least.minor += weight(load);
    least.customers += 1;
  }
  return given;
}
