import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { isSigned, isWanted, newSecret, nextAttempt, signatureOf } from "./rules.ts";

test("the signature is the one of the published example of Standard Webhooks", () => {
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const body = '{"test": 2432232314}';
  expect(signatureOf(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)).toBe(
    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  );
});

test("any byte changed breaks it, and while a secret is replaced both are good", () => {
  const [old, fresh] = [newSecret(), newSecret()];
  const headers = {
    id: "a",
    timestamp: 1,
    signatures: `${signatureOf(fresh, "a", 1, "x")} ${signatureOf(old, "a", 1, "x")}`,
  };
  expect([isSigned(old, headers, "x"), isSigned(fresh, headers, "x")]).toEqual([true, true]);
  expect(isSigned(fresh, headers, "y")).toBe(false);
  expect(isSigned(fresh, { ...headers, timestamp: 2 }, "x")).toBe(false);
  expect(isSigned(fresh, { ...headers, id: "b" }, "x")).toBe(false);
  expect(isSigned(newSecret(), headers, "x")).toBe(false);
  expect(createHmac("sha256", "").digest()).toHaveLength(32);
});

test("waits grow to about three days, then the delivery is given up", () => {
  const at = new Date("2026-01-01T00:00:00Z");
  const waits = Array.from({ length: 10 }, (_, index) => nextAttempt(index + 1, at, 0)).map((next) =>
    next ? (next.getTime() - at.getTime()) / 1_000 : undefined,
  );
  expect(waits).toEqual([5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400, undefined]);
  expect(waits.reduce<number>((sum, wait) => sum + (wait ?? 0), 0) / 86_400).toBeGreaterThan(3);
});

test("an endpoint gets what it asked for, and never news of webhooks", () => {
  expect(isWanted(["*"], "parties.customer.added")).toBe(true);
  expect(isWanted(["parties.*"], "parties.customer.added")).toBe(true);
  expect(isWanted(["parties.customer.added"], "parties.customer.added")).toBe(true);
  expect(isWanted(["parties.customer"], "parties.customer.added")).toBe(false);
  expect(isWanted(["part.*"], "parties.customer.added")).toBe(false);
  expect(isWanted(["*"], "platform.webhook.disabled")).toBe(false);
  expect(isWanted(["*"], "platform.webhook.tested")).toBe(false);
});
