import { mkdir, rm, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import type { TestDatabase } from "../../../../testing/database.ts";
import type { TestServices } from "../../../../testing/services.ts";
import { closePush, openPush, pushRows } from "../actions/push.ts";
import { runSource } from "../actions/run-source.ts";
import { sage100Connector } from "../systems/sage100/sage100.ts";
import { sageBooks } from "../systems/sage100/testing/sage-books.ts";
import { aSource, runNow, type SourceWish } from "../testing/sources.ts";
import { type Connector, SourceFault, type SyncBatch } from "./connector.ts";
import { conformsToConnector, type Harness, type PlainLine } from "./testing/conformance.ts";
import { exampleConnector } from "./testing/example.ts";

const decimal = (cents: number) => (cents / 100).toFixed(2);

/** A connector under test, saved under the key of one that is known; a run may be told to break after its first batch. */
function pulled(t: TestDatabase, services: TestServices, connector: Connector, saved: Omit<SourceWish, "companies">) {
  let isBroken = false;
  const breaking: Connector = {
    ...connector,
    run: async function* (context) {
      let seen = 0;
      for await (const batch of connector.run(context) as AsyncIterable<SyncBatch>) {
        yield batch;
        seen += 1;
        if (isBroken && seen === 1) {
          isBroken = false;
          throw new SourceFault("no_answer", "cut");
        }
      }
    },
  };
  return {
    breakNextRun: async () => {
      isBroken = true;
    },
    source: (companies: readonly { companyId: string; part: string }[]) =>
      aSource(t, services, { ...saved, companies }),
    run: (sourceId: string) => runNow(t, services, sourceId, () => breaking),
  };
}

conformsToConnector(
  { name: "worked example", hasParts: true, vanished: "void", letters: true },
  async (t, services): Promise<Harness> => {
    const books = new Map<string, readonly PlainLine[]>();
    const connector = exampleConnector({
      books: async () => [...books.keys()],
      lines: async function* (part) {
        const lines = books.get(part) ?? [];
        // one line at a time, so that a run can break between two
        for (const one of lines) yield [{ ...one, amount: decimal(one.cents) }];
      },
    });
    return {
      ...pulled(t, services, connector, { connector: "folder" }),
      hold: async (part, lines) => void books.set(part, lines),
    };
  },
);

const SAGE = {
  connector: "sage100",
  settings: { host: "sage.example", user: "encours" },
  secrets: { password: "x" },
};
conformsToConnector(
  { name: "Sage 100", hasParts: true, vanished: "void", letters: true },
  async (t, services): Promise<Harness> => {
    const books = sageBooks(t.ownerUrl);
    return { ...pulled(t, services, sage100Connector(books.open), SAGE), hold: books.hold, close: books.close };
  },
);

conformsToConnector(
  { name: "watched folder", hasParts: true, vanished: "void", letters: true },
  async (t, services): Promise<Harness> => {
    let made = 0;
    const folder = (part: string) => path.join(services.inbox, t.tenant, "kit", part);
    let lastPart = "";
    return {
      hold: async (part, lines) => {
        made += 1;
        lastPart = part;
        await rm(folder(part), { recursive: true, force: true });
        await mkdir(folder(part), { recursive: true });
        const rows = lines.map((one) =>
          [one.customer, one.document, one.day, one.due, decimal(one.cents), one.letter ?? ""].join(";"),
        );
        const at = path.join(folder(part), `${made}.csv`);
        await writeFile(at, `Client;Facture;Date;Echeance;Montant;Lettrage\n${rows.join("\n")}\n`);
        await utimes(at, new Date(0), new Date(0));
      },
      // a file that was cut: its last row has lost its amount
      breakNextRun: async () => {
        await rm(folder(lastPart), { recursive: true });
        await mkdir(folder(lastPart));
        const at = path.join(folder(lastPart), "cut.csv");
        await writeFile(
          at,
          "Client;Facture;Date;Echeance;Montant;Lettrage\nC1;F9;2026-01-10;2026-02-10;9,00;\nC1;F8;2026-01-1",
        );
        await utimes(at, new Date(0), new Date(0));
      },
      source: (companies) =>
        aSource(t, services, {
          connector: "folder",
          settings: { folder: "kit", content: "items", coverage: "full" },
          companies,
        }),
      run: (sourceId) => runNow(t, services, sourceId),
      close: () => rm(services.inbox, { recursive: true, force: true }),
    };
  },
);

conformsToConnector(
  { name: "push", hasParts: false, vanished: "void", letters: true },
  async (t, services): Promise<Harness> => {
    let held: readonly PlainLine[] = [];
    let isBroken = false;
    return {
      hold: async (_part, lines) => {
        held = lines;
      },
      breakNextRun: async () => {
        isBroken = true;
      },
      source: (companies) => aSource(t, services, { connector: "push", companies }),
      run: async (sourceId) => {
        const coverage = { kind: "full" as const, asOf: null, from: "1900-01-01", to: "2999-12-31" };
        const opened = await openPush(services, t.actor(), { sourceId, coverage });
        if (!opened.ok) throw new Error(opened.code);
        const { id } = opened.value.run;
        const rows = held.map((one) => ({
          key: one.id,
          auxiliary: one.customer,
          kind: one.cents < 0 ? "payment" : "invoice",
          documentNo: one.document,
          postedOn: one.day,
          dueOn: one.due,
          amount: { minor: String(one.cents), currency: "EUR" },
          letter: one.letter,
        }));
        await pushRows(services, t.actor(), id, "item", isBroken ? rows.slice(0, 1) : rows);
        if (isBroken) {
          // the program dies; its run is ended as silent
          isBroken = false;
          await t.ownerQuery("update connectors.sync_run set state = 'failed', ended_at = now() where run_id = $1", [
            id,
          ]);
          return { ...opened.value.run, state: "failed" as const };
        }
        const closing = { hasAllOrders: false, skipRefused: false, settlesLeftovers: false, reached: {} };
        await closePush(services, t.actor(), id, closing);
        const run = await runSource(services, t.actor(), id);
        if (!run) throw new Error("the run is gone");
        return run;
      },
    };
  },
);

test("the example of the documentation is the one that is tested", async () => {
  const { readFile } = await import("node:fs/promises");
  const text = await readFile(path.resolve(import.meta.dirname, "../../../../../docs/connectors.md"), "utf8");
  const code = await readFile(path.join(import.meta.dirname, "testing/example.ts"), "utf8");
  expect(text).toContain(code.slice(code.indexOf("export const exampleConnector")).trim());
});
