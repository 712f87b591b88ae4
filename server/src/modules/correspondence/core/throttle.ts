/** Leaky allowance of messages per minute: full at first, refilled evenly. Times are milliseconds of any steady clock. */
export class Allowance {
  readonly #perMinute: number;
  #left: number;
  #at: number;

  constructor(perMinute: number, nowMs: number) {
    this.#perMinute = perMinute;
    this.#left = Math.max(1, Math.floor(perMinute / 10));
    this.#at = nowMs;
  }

  /** How many may leave now. A tenth of the minute's allowance may leave at once. */
  available(nowMs: number): number {
    const burst = Math.max(1, this.#perMinute / 10);
    this.#left = Math.min(burst, this.#left + ((nowMs - this.#at) * this.#perMinute) / 60_000);
    this.#at = nowMs;
    return Math.floor(this.#left);
  }

  take(count: number): void {
    this.#left -= count;
  }
}
