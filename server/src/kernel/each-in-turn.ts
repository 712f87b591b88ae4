/** Does `work` for each, one after the other. What fails does not hold up the rest: it is thrown, as one AggregateError, once all had their turn. */
export async function eachInTurn<T>(all: Iterable<T>, work: (one: T) => Promise<unknown>): Promise<void> {
  const faults: unknown[] = [];
  for (const one of all)
    try {
      await work(one);
    } catch (fault) {
      faults.push(fault);
    }
  if (faults.length > 0) throw new AggregateError(faults, `${faults.length} of the work done in turn failed`);
}
