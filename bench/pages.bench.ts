import { performance } from "node:perf_hooks";
import type { SignIn } from "#modules/access/index.ts";
import type { Actor } from "#platform/actor.ts";
import { sql } from "#platform/database/index.ts";
import type { Services } from "#platform/services.ts";
import { allRoutes } from "../server/src/app/routes.ts";
import { buildWebServer } from "../server/src/app/web-server.ts";

export type PageTimes = {
  readonly work: string;
  readonly p50: number;
  readonly p95: number;
  readonly count: number;
  readonly goal: string;
};

const NOBODY: SignIn = {
  handle: async () => new Response(null, { status: 404 }),
  userOf: async () => undefined,
  createUser: async () => ({ id: "", isNew: false }),
  checkPassword: async () => false,
  close: async () => {},
};
const PAUSE_MS = 5_000;

/** So many users, each asking for a page, reading it for 5 s, asking for the next; the generator runs in the same process. */
export async function benchPages(
  services: Services,
  actor: Actor,
  load: { users: number; seconds: number },
): Promise<PageTimes[]> {
  const app = await buildWebServer({
    services,
    signIn: NOBODY,
    routes: allRoutes(NOBODY),
    logger: false,
    caller: actor,
  });
  const address = await app.listen({ host: "127.0.0.1", port: 0 });
  const customers = await services.db.transaction(actor.tenant, (tx) =>
    tx.rows<{ id: string; number: string; document: string; account: string }>(sql`
      select v.customer_id as id, v.customer_number as number, min(s.document_no) as document, min(s.account_id::text) as account
      from receivables.item_state s
      join parties.account_current v on v.tenant_id = s.tenant_id and v.account_id = s.account_id
      where s.tenant_id = ${actor.tenant} and s.settled_on = 'infinity'
      group by 1, 2 order by 2 limit 500`),
  );
  const pick = (n: number) => customers[n % customers.length] ?? { id: "", number: "", document: "", account: "" };
  const kinds: { work: string; goal: string; urls: (n: number) => string[] }[] = [
    {
      work: "customer page, all its blocks",
      goal: "≤ 150 ms p95",
      urls: (n) => {
        const { id } = pick(n);
        return [
          `/customers/${id}`,
          `/items?customerId=${id}`,
          `/aged-balance?customerId=${id}`,
          `/customers/${id}/contacts`,
          `/customers/${id}/timeline`,
          `/customers/${id}/dunning`,
          `/notes?subjectType=customer&subjectId=${id}`,
          `/tasks?customerId=${id}`,
          `/customers/${id}/profile`,
          `/customers/${id}/status-sums`,
        ];
      },
    },
    {
      work: "item list, first page",
      goal: "≤ 150 ms p95",
      urls: (n) => [`/items?limit=100&sort=${["due", "amount", "posted"][n % 3]}&direction=${n % 2 ? "asc" : "desc"}`],
    },
    {
      work: "list of customers by criteria, first page with totals",
      goal: "≤ 150 ms p95",
      urls: (n) => [
        `/lists/customers?limit=200&direction=desc&sort=${["customer.overdue", "customer.outstanding", "customer.name"][n % 3]}`,
      ],
    },
    {
      work: "list of customers with ages and a filter",
      goal: "≤ 150 ms p95",
      urls: (n) => [
        `/lists/customers?limit=200&direction=desc&sort=customer.days_past_due&columns=customer.name,customer.overdue,customer.days_past_due&filter=${encodeURIComponent(
          JSON.stringify({ criterion: "customer.overdue", operator: "more", value: String(n * 1_000) }),
        )}`,
      ],
    },
    {
      work: "ledger of an account, first page",
      goal: "≤ 150 ms p95",
      urls: (n) => [`/accounts/${pick(n * 3).account}/ledger?limit=500`],
    },
    {
      work: "global search",
      goal: "≤ 100 ms p95",
      urls: (n) => [
        `/search?q=${encodeURIComponent(n % 2 ? pick(n * 7).document.slice(0, 5) : pick(n * 7).number.slice(0, 6))}`,
      ],
    },
  ];
  const times: PageTimes[] = [];
  if (process.env["ENCOURS_BENCH_BLOCKS"]) {
    for (const kind of kinds)
      for (const [index] of kind.urls(0).entries()) {
        const took: number[] = [];
        let url = "";
        for (let n = 0; n < 15; n += 1) {
          url = kind.urls(n * 3)[index] ?? "";
          const started = performance.now();
          await (await fetch(`${address}/api/v1${url}`)).arrayBuffer();
          took.push(performance.now() - started);
        }
        took.sort((a, b) => a - b);
        console.error(`  ${Math.round(took[7] ?? 0)} ms  ${url.replace(/[0-9a-f-]{36}/, "ID")}`);
      }
  }
  for (const kind of kinds) {
    const seen: number[] = [];
    const until = performance.now() + load.seconds * 1000;
    const user = async (index: number) => {
      await new Promise((resolve) => setTimeout(resolve, (index / load.users) * PAUSE_MS));
      for (let round = 0; performance.now() < until; round += 1) {
        const started = performance.now();
        const answers = await Promise.all(kind.urls(index * 31 + round).map((url) => fetch(`${address}/api/v1${url}`)));
        for (const answer of answers) {
          if (!answer.ok) throw new Error(`${answer.url} ${answer.status}`);
          await answer.arrayBuffer();
        }
        seen.push(performance.now() - started);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    };
    await Promise.all(Array.from({ length: load.users }, (_, index) => user(index)));
    seen.sort((a, b) => a - b);
    const at = (share: number) => seen[Math.min(seen.length - 1, Math.floor(seen.length * share))] ?? 0;
    times.push({
      work: `${kind.work}, ${load.users} users`,
      p50: at(0.5),
      p95: at(0.95),
      count: seen.length,
      goal: kind.goal,
    });
  }
  await app.close();
  return times;
}
