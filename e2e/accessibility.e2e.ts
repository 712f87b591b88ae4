import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { inBrowser } from "./support/journeys.ts";

const ROUTES = [
  "/",
  "/tasks",
  "/customers",
  "/customers?view=all",
  "/items",
  "/items?group=item.customer_owner",
  "/runs",
  "/messages",
  "/scenarios",
  "/templates",
  "/aged-balance",
  "/data",
  "/data/import",
  "/data/sources/new",
  "/bank",
  "/bank/columns",
  "/bank/report",
  "/bank/unbooked",
  "/matching",
  "/settings/bank-accounts",
  "/settings/matching",
  "/settings/companies",
  "/settings/users",
  "/settings/email",
  "/settings/sending",
  "/settings/custom-fields",
  "/customers/duplicates",
  "/customers/portfolios",
  "/settings/api-keys",
  "/settings/webhooks",
  "/settings/ageing",
  "/settings/rates",
  "/settings/jobs",
  "/settings/journal",
] as const;

type Row = Readonly<Record<string, unknown>>;

/** One subject of each page of one subject, found or made through the API. */
const SUBJECTS: Readonly<Record<string, (api: Api) => Promise<unknown>>> = {
  "/customers/$customerId": (api) => api.first("/lists/customers?sort=customer.overdue&direction=desc", "id"),
  "/customers/$customerId/group": (api) => api.first("/lists/customers?sort=customer.members&direction=desc", "id"),
  "/accounts/$accountId": (api) => api.first("/lists/accounts", "id"),
  "/items/$itemId": (api) => api.first("/items", "id"),
  "/bank/files/$fileId": (api) => api.first("/bank-statements", "fileId"),
  "/runs/$runId": (api) => api.first("/runs", "runId"),
  "/scenarios/$scenarioId": (api) => api.first("/scenarios", "scenarioId"),
  "/templates/$templateId": (api) => api.first("/templates", "templateId"),
  "/data/sources/$sourceId": (api) => aSource(api),
  "/data/runs/$runId": async (api) => api.made(`/sources/${await aSource(api)}/runs`, {}),
  "/data/import/$importId": (api) =>
    api.made("/imports", undefined, {
      file: {
        name: "items.csv",
        mimeType: "text/csv",
        buffer: Buffer.from("Client;Facture;Date;Montant\nA;F1;01/02/2026;1,00\n"),
      },
    }),
};

async function aSource(api: Api): Promise<unknown> {
  const companyId = await api.first("/companies", "id");
  const calendar = { mode: "none", times: [], everyMinutes: 60, isBusinessDaysOnly: false };
  const settings = { folder: "inbox" };
  const companies = [{ companyId, part: "" }];
  return api.made("/sources", { name: `Source ${randomUUID()}`, connector: "folder", settings, calendar, companies });
}

type Api = ReturnType<typeof apiOf>;

function apiOf(page: Page, base: string) {
  const url = (path: string) => `${base}/api/v1${path}`;
  return {
    first: async (path: string, field: string) => {
      const { rows } = (await (await page.request.get(url(path))).json()) as { rows: Row[] };
      return rows[0]?.[field];
    },
    made: async (
      path: string,
      data: unknown,
      multipart?: Record<string, { name: string; mimeType: string; buffer: Buffer }>,
    ) => {
      const headers = { origin: base };
      const answer = await page.request.post(url(path), multipart ? { multipart, headers } : { data, headers });
      expect(answer.status(), `${path} ${await answer.text()}`).toBeLessThan(300);
      return ((await answer.json()) as Row)["id"];
    },
  };
}

/** Every screen of the application, as its router names them. */
const SCREENS = [...readFileSync("web/src/router.tsx", "utf8").matchAll(/screen\("([^"]+)"/g)].map(
  ([, path = ""]) => path,
);
/** Shown by what stands in ROUTES: the first page of settings, and every section of it. */
const ELSEWHERE = new Set(["/settings", "/settings/$section"]);

test("every screen is looked at", () => {
  const looked = new Set<string>([...ROUTES, ...Object.keys(SUBJECTS), ...ELSEWHERE]);
  expect(SCREENS.filter((path) => !looked.has(path))).toEqual([]);
});

inBrowser("accessibility of every route in both themes", ({ journey, stranger }) => {
  /** Serious and critical findings; frames hold mails, whose content is the sender's. */
  async function findings(page: Page, where: string): Promise<string[]> {
    const { violations } = await new AxeBuilder({ page }).exclude("iframe").analyze();
    return violations
      .filter((one) => one.impact === "serious" || one.impact === "critical")
      .map((one) => `${where}: ${one.id} (${one.nodes.length}) ${one.nodes[0]?.target.join(" ")}`);
  }

  async function settle(page: Page): Promise<void> {
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await page.waitForLoadState("networkidle");
  }

  for (const scheme of ["light", "dark"] as const)
    for (const width of [1440, 390])
      test(`${scheme}, ${width} px`, async () => {
        const found: string[] = [];
        const look = { scheme, width, height: 900 };
        await stranger(async (page) => {
          await settle(page);
          found.push(...(await findings(page, "sign-in")));
        }, look);
        await journey(async (page, base) => {
          for (const route of width === 390 ? ROUTES.filter((one) => !one.startsWith("/settings")) : ROUTES) {
            await page.goto(base + route);
            await settle(page);
            found.push(...(await findings(page, route)));
          }
          const api = apiOf(page, base);
          for (const [path, subject] of Object.entries(SUBJECTS)) {
            const id = await subject(api);
            expect(id, path).toBeTruthy();
            await page.goto(base + path.replace(/\$\w+/, String(id)));
            await settle(page);
            found.push(...(await findings(page, path)));
          }
          await page.keyboard.press("Control+k");
          await page.locator("input[role=combobox]").waitFor();
          found.push(...(await findings(page, "palette")));
        }, look);
        expect(found).toEqual([]);
      }, 420_000);
});
