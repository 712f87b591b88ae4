import { newId, type Uuid } from "#kernel/ids.ts";

const COUNTER_DIGITS = 12;
const RUN = 4_096;

/** A maker of UUIDv7s for bulk loads: increasing, the last 48 bits counted up from a random start, a fresh base every 4,096 ids (RFC 9562, 6.2). */
export function idRun(): () => Uuid {
  let left = 0;
  let head = "";
  let counter = 0;
  return () => {
    if (left === 0) {
      const base = newId();
      head = base.slice(0, -COUNTER_DIGITS);
      counter = Number.parseInt(base.slice(-COUNTER_DIGITS), 16) % 2 ** 47;
      left = RUN;
    }
    left -= 1;
    counter += 1;
    return head + counter.toString(16).padStart(COUNTER_DIGITS, "0");
  };
}
