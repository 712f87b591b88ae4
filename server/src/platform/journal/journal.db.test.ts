import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#kernel/ids.ts";
import { aTestDatabase, type TestDatabase } from "../../../testing/database.ts";
import { secretBox } from "../secrets.ts";
import { personalVault, record, recordAll, sealPending, timelineOf, verifyJournal } from "./index.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await aTestDatabase();
});
afterAll(() => t.close());

const vault = personalVault(secretBox(randomBytes(32)));

/** A tenant with three sealed blocks of events. */
async function sealedTenant() {
  const tenant = await t.anotherTenant();
  const actor = t.actor([], tenant);
  for (let block = 0; block < 3; block += 1) {
    await t.db.transaction(tenant, (tx) =>
      recordAll(
        tx,
        actor,
        Array.from({ length: 5 }, (_, n) => ({
          kind: "test.thing.happened",
          version: 1,
          subject: { type: "thing", id: newId() },
          payload: { block, n, text: "é€" },
        })),
      ),
    );
    await t.db.transaction(tenant, sealPending);
  }
  return tenant;
}
const verdict = (tenant: Awaited<ReturnType<typeof sealedTenant>>) => t.db.transaction(tenant, verifyJournal);

test("an untouched journal is whole, events still waiting included", async () => {
  const tenant = await sealedTenant();
  expect(await verdict(tenant)).toBeUndefined();
  await t.db.transaction(tenant, (tx) =>
    record(tx, t.actor([], tenant), { kind: "x", version: 1, subject: { type: "x", id: "1" }, payload: {} }),
  );
  expect(await verdict(tenant)).toBeUndefined();
});

const ONE = "(select event_id from platform.event where tenant_id = $1 order by event_id offset 7 limit 1)";
test.each([
  [
    "a changed payload",
    `update platform.event set payload = '{"n": 99}' where event_id = ${ONE} and tenant_id = $1`,
    "event_altered",
  ],
  [
    "a changed actor",
    `update platform.event set actor_id = 'somebody' where event_id = ${ONE} and tenant_id = $1`,
    "event_altered",
  ],
  [
    "a changed instant",
    `update platform.event set occurred_at = occurred_at + interval '1 second' where event_id = ${ONE} and tenant_id = $1`,
    "event_altered",
  ],
  ["a removed event", `delete from platform.event where event_id = ${ONE} and tenant_id = $1`, "event_missing"],
  [
    "a slipped-in event",
    "insert into platform.event (tenant_id, event_id, kind, kind_version, subject_type, subject_id, actor_kind, actor_id, occurred_at, payload, digest) select $1, '01890000-0000-7000-8000-000000000000', 'x', 1, 'x', 'x', 'user', 'x', now(), '{}', '\\x00'",
    "event_unsealed",
  ],
  ["a removed block", "delete from platform.journal_block where tenant_id = $1 and block_no = 2", "block_missing"],
  [
    "a changed root",
    "update platform.journal_block set merkle_root = '\\x00' where tenant_id = $1 and block_no = 2",
    "event_altered",
  ],
  [
    "a changed link",
    "update platform.journal_block set previous_hash = '\\x00' where tenant_id = $1 and block_no = 3",
    "block_altered",
  ],
  [
    "a cut tail with its events left",
    "delete from platform.journal_block where tenant_id = $1 and block_no = 3",
    "event_unsealed",
  ],
  [
    "events waiting too long",
    "insert into platform.journal_pending (tenant_id, event_id, recorded_at) select $1, event_id, now() - interval '10 minutes' from platform.event where tenant_id = $1 limit 1",
    "event_unsealed",
  ],
])("%s is found and named, even when a superuser did it", async (_what, statement, kind) => {
  const tenant = await sealedTenant();
  await t.ownerQuery(statement, [tenant]);
  expect(await verdict(tenant)).toMatchObject({ kind });
});

test("the application itself can neither change nor remove an event", async () => {
  const { sql } = await import("../database/index.ts");
  await expect(
    t.db.transaction(t.tenant, (tx) => tx.run(sql`update platform.event set payload = '{}'`)),
  ).rejects.toThrow(/permission denied/);
  await expect(t.db.transaction(t.tenant, (tx) => tx.run(sql`delete from platform.event`))).rejects.toThrow(
    /permission denied/,
  );
});

test("personal data opens with the person's key only, and erasing the key leaves the journal whole", async () => {
  const tenant = await t.anotherTenant();
  const personId = newId();
  const write = () =>
    t.db.transaction(tenant, (tx) =>
      record(tx, t.actor([], tenant), {
        kind: "parties.contact.added",
        version: 1,
        subject: { type: "contact", id: personId },
        payload: {},
        personal: { personId, data: { name: "Léa Moreau" }, vault },
      }),
    );
  await write();
  await t.db.transaction(tenant, sealPending);
  const read = () =>
    t.db.transaction(tenant, async (tx) => {
      const [event] = await timelineOf(tx, { type: "contact", ids: [personId] }, { limit: 10 });
      return event?.sealed && event.personId ? vault.open(tx, event.personId, event.sealed) : "nothing sealed";
    });
  expect(await read()).toEqual({ name: "Léa Moreau" });
  const [stored] = await t.ownerQuery<{ text: string }>(
    "select encode(sealed, 'escape') || payload::text as text from platform.event where tenant_id = $1",
    [tenant],
  );
  expect(stored?.text).not.toContain("Moreau");
  await t.db.transaction(tenant, (tx) => vault.erase(tx, personId));
  expect(await read()).toBeUndefined();
  expect(await verdict(tenant)).toBeUndefined();
});

test("two sealers at once make one chain", async () => {
  const tenant = await t.anotherTenant();
  for (let n = 0; n < 20; n += 1)
    await t.db.transaction(tenant, (tx) =>
      record(tx, t.actor([], tenant), { kind: "x", version: 1, subject: { type: "x", id: String(n) }, payload: {} }),
    );
  await Promise.all(Array.from({ length: 4 }, () => t.db.transaction(tenant, sealPending)));
  expect(await verdict(tenant)).toBeUndefined();
});
