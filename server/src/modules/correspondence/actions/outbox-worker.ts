import { type Clock, secondsLater, todayIn } from "#kernel/clock.ts";
import { newId, type TenantId, type Uuid } from "#kernel/ids.ts";
import { type Db, sql } from "#platform/database/index.ts";
import { recordAll } from "#platform/journal/index.ts";
import type { SecretBox } from "#platform/secrets.ts";
import { failpoint } from "../channels/failpoint.ts";
import { SmtpSession } from "../channels/smtp-session.ts";
import type { HandOver } from "../core/outcome.ts";
import { Allowance } from "../core/throttle.ts";
import { type ChannelRow, type ChannelSettings, loadChannel, UNSET_CHANNEL } from "../store/channel-rows.ts";
import { claimReady, extendLeases, reapExpired, releaseAll, releaseClaim } from "../store/outbox-rows.ts";
import { type CheckFacts, type HandOverContext, handOver } from "./hand-over.ts";

export type OutboxServices = {
  readonly db: Db;
  readonly clock: Clock;
  readonly secrets: Pick<SecretBox, "open">;
  readonly checkFacts: CheckFacts;
  /** A fault in one message or round; nothing personal. The loop goes on. */
  readonly onFault?: (error: unknown, tenant: TenantId) => void;
};

export type OutboxOptions = {
  readonly workerId?: string;
  readonly pollMs?: number;
  /** A dead worker's claims are taken over after this; it beats three times in it. */
  readonly leaseSeconds?: number;
  /** Tenants are looked for this often. */
  readonly tenantsMs?: number;
  readonly random?: () => number;
};

export type OutboxWorker = { stop(): Promise<void> };

/** Starts sending for all tenants. Any number of workers may run against one database; `stop` lets what is leaving end. */
export function startOutboxWorker(services: OutboxServices, options: OutboxOptions = {}): OutboxWorker {
  const senders = new Map<TenantId, TenantSender>();
  let stopping = false;
  let wake = () => {};
  const look = async () => {
    const rows = await services.db.global((tx) =>
      tx.rows<{ tenant_id: TenantId; zone: string }>(
        sql`select tenant_id, zone from platform.tenant order by tenant_id`,
      ),
    );
    for (const { tenant_id: tenant, zone } of rows)
      if (!senders.has(tenant) && !stopping) senders.set(tenant, new TenantSender(services, options, tenant, zone));
  };
  const looking = (async () => {
    while (!stopping) {
      await look().catch((error: unknown) => services.onFault?.(error, "" as TenantId));
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, options.tenantsMs ?? 5_000);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  })();
  return {
    stop: async () => {
      stopping = true;
      wake();
      await looking;
      await Promise.all([...senders.values()].map((sender) => sender.stop()));
    },
  };
}

type Claimed = { readonly messageId: Uuid; readonly sandbox: boolean };

const REAP_EVERY_MS = 5_000;
const FAULT_WAIT_SECONDS = 60;
const CLAIMS_PER_LANE = 4;
const MESSAGES_PER_CONNECTION = 200;
const MAX_IDLE_POLL_MS = 2_000;

/** Sends for one tenant over its lanes. A lane carries one message at a time over one connection of its own. */
class TenantSender {
  readonly #services: OutboxServices;
  readonly #context: HandOverContext;
  readonly #pollMs: number;
  readonly #queue: Claimed[] = [];
  readonly #lanes = new Set<Promise<void>>();
  readonly #heart: NodeJS.Timeout;
  #channel: ChannelRow = UNSET_CHANNEL;
  #refilling: Promise<void> | undefined;
  #stopping = false;
  readonly #inHand = new Set<Uuid>();
  #idleMs: number;
  #reapedAt = Number.NEGATIVE_INFINITY;
  #all: Allowance | undefined;
  #perMinute = 0;
  readonly #domains = new Map<string, Allowance>();
  #wake = () => {};

  constructor(services: OutboxServices, options: OutboxOptions, tenant: TenantId, zone: string) {
    this.#services = services;
    const leaseSeconds = options.leaseSeconds ?? 30;
    this.#context = {
      db: services.db,
      clock: services.clock,
      tenant,
      zone,
      worker: options.workerId ?? newId(),
      leaseSeconds,
      checkFacts: services.checkFacts,
      random: options.random ?? Math.random,
      failures: () => this.#channel.failures,
    };
    this.#pollMs = options.pollMs ?? 500;
    this.#idleMs = this.#pollMs;
    this.#heart = setInterval(() => void this.#beat(), (leaseSeconds * 1000) / 3);
    this.#addLane();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wake();
    await Promise.all(this.#lanes);
    clearInterval(this.#heart);
    const { db, tenant, worker } = this.#context;
    await db.transaction(tenant, (tx) => releaseAll(tx, worker)).catch((error: unknown) => this.#fault(error));
  }

  #addLane(): void {
    const lane: Promise<void> = this.#runLane().finally(() => this.#lanes.delete(lane));
    this.#lanes.add(lane);
  }

  async #runLane(): Promise<void> {
    const line = new Line();
    while (!this.#stopping) {
      const claimed = this.#queue.shift();
      if (!claimed) {
        await this.#refill();
        continue;
      }
      this.#inHand.add(claimed.messageId);
      try {
        await handOver(this.#context, claimed.messageId, () => line.session(this.#server()), claimed.sandbox);
      } catch (error) {
        this.#fault(error);
        await this.#setAside(claimed.messageId);
      } finally {
        this.#inHand.delete(claimed.messageId);
      }
      if (this.#lanes.size > this.#wanted()) break;
    }
    line.close();
  }

  /** One message that cannot be handled must not hold up the others: it waits a minute with its reason. What was leaving ends in doubt. */
  async #setAside(messageId: Uuid): Promise<void> {
    const { db, tenant, worker, clock } = this.#context;
    const leavesAt = secondsLater(clock, FAULT_WAIT_SECONDS);
    await db
      .transaction(tenant, (tx) => releaseClaim(tx, messageId, worker, { state: "held", reason: "fault", leavesAt }))
      .catch((error: unknown) => {
        // The database itself does not answer: rest, the lease runs out by itself.
        this.#fault(error);
        return this.#rest();
      });
  }

  #wanted(): number {
    return Math.max(1, this.#channel.settings?.connections ?? 2);
  }

  #server() {
    const { settings, sealedPassword } = this.#channel;
    if (!settings) throw new Error("no mail server is set");
    return { ...settings, password: sealedPassword ? this.#services.secrets.open(sealedPassword) : null };
  }

  /** One claim for all lanes that wait; rests when there was nothing. */
  #refill(): Promise<void> {
    this.#refilling ??= this.#claim()
      .catch((error: unknown) => {
        this.#fault(error);
        return 0;
      })
      .then((found) => (found > 0 || this.#stopping ? undefined : this.#rest()))
      .finally(() => {
        this.#refilling = undefined;
      });
    return this.#refilling;
  }

  async #claim(): Promise<number> {
    const { db, tenant, worker, leaseSeconds, clock, zone } = this.#context;
    failpoint("before_claim");
    const found = await db.transaction(tenant, async (tx) => {
      this.#channel = await loadChannel(tx);
      if (performance.now() - this.#reapedAt > REAP_EVERY_MS) {
        this.#reapedAt = performance.now();
        const lost = await reapExpired(tx, todayIn(clock, zone));
        await recordAll(tx, { kind: "system", id: "outbox" }, lost.map(inDoubtEvent));
      }
      const now = clock.now().toISOString();
      const { armedAt, pausedUntil, settings } = this.#channel;
      const armed =
        armedAt !== null &&
        settings !== null &&
        (pausedUntil === null || Date.parse(pausedUntil) <= this.#services.clock.now().getTime());
      const allowance = settings && armed ? this.#allowanceOf(settings) : Number.POSITIVE_INFINITY;
      const limit = Math.min(this.#wanted() * CLAIMS_PER_LANE, Math.max(0, allowance));
      if (limit === 0) return [];
      return claimReady(tx, { worker, leaseSeconds, limit, armed, now, busyDomains: this.#busyDomains() });
    });
    failpoint("after_claim");
    this.#queue.push(...found);
    this.#charge(found);
    while (this.#lanes.size < this.#wanted() && this.#lanes.size < this.#queue.length + this.#inHand.size)
      this.#addLane();
    if (found.length > 0) this.#idleMs = this.#pollMs;
    return found.length;
  }

  #allowanceOf(settings: ChannelSettings): number {
    if (!this.#all || this.#perMinute !== settings.perMinute) {
      this.#perMinute = settings.perMinute;
      this.#all = new Allowance(settings.perMinute, performance.now());
    }
    return this.#all.available(performance.now());
  }

  #busyDomains(): string[] {
    const now = performance.now();
    return [...this.#domains].filter(([, allowance]) => allowance.available(now) < 1).map(([domain]) => domain);
  }

  /** A claim may overdraw a domain by a few; it then rests until that is made good. */
  #charge(found: readonly { domain: string; sandbox: boolean }[]): void {
    const perDomain = this.#channel.settings?.perDomainPerMinute ?? 60_000;
    const leaving = found.filter((one) => !one.sandbox);
    this.#all?.take(leaving.length);
    for (const { domain } of leaving) {
      const allowance = this.#domains.get(domain) ?? new Allowance(perDomain, performance.now());
      this.#domains.set(domain, allowance);
      allowance.take(1);
    }
    if (this.#domains.size > 10_000) this.#domains.clear();
  }

  #rest(): Promise<void> {
    const ms = this.#idleMs;
    this.#idleMs = Math.min(MAX_IDLE_POLL_MS, this.#idleMs * 1.5);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #beat(): Promise<void> {
    const inHand = [...this.#inHand, ...this.#queue.map((one) => one.messageId)];
    if (inHand.length === 0) return;
    const { db, tenant, worker, leaseSeconds } = this.#context;
    await db
      .transaction(tenant, (tx) => extendLeases(tx, worker, inHand, leaseSeconds))
      .catch((error: unknown) => this.#fault(error));
  }

  #fault(error: unknown): void {
    this.#services.onFault?.(error, this.#context.tenant);
  }
}

const inDoubtEvent = ({ messageId, customerId }: { messageId: Uuid; customerId: Uuid | null }) => ({
  kind: "correspondence.message.in_doubt",
  version: 1,
  subject: { type: "message", id: messageId },
  about: customerId ? [{ type: "customer", id: customerId }] : [],
  payload: { reason: "worker_lost" },
});

/** The connection of one lane: kept while it is good, renewed when worn. */
class Line {
  #session: SmtpSession | undefined;

  async session(server: Parameters<typeof SmtpSession.open>[0]): Promise<SmtpSession | HandOver> {
    if (this.#session?.isOpen && this.#session.carried < MESSAGES_PER_CONNECTION) return this.#session;
    this.close();
    const opened = await SmtpSession.open(server);
    if (opened instanceof SmtpSession) this.#session = opened;
    return opened;
  }

  close(): void {
    this.#session?.close();
    this.#session = undefined;
  }
}
