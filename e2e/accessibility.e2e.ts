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
  "/runs",
  "/messages",
  "/scenarios",
  "/templates",
  "/aged-balance",
  "/data",
  "/data/import",
  "/data/sources/new",
  "/bank",
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
  "/settings/api-keys",
  "/settings/webhooks",
  "/settings/ageing",
  "/settings/rates",
  "/settings/jobs",
  "/settings/journal",
] as const;

/** Pages of one subject, reached from the first row of its list. */
const DETAILS = [
  ["/customers", /\/customers\/[0-9a-f-]{36}/],
  ["/items", /\/items\/[0-9a-f-]{36}/],
  ["/runs", /\/runs\/[0-9a-f-]{36}/],
  ["/scenarios", /\/scenarios\/[0-9a-f-]{36}/],
  ["/templates", /\/templates\/[0-9a-f-]{36}/],
] as const;

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
          for (const [list, address] of DETAILS) {
            await page.goto(base + list);
            await settle(page);
            await page.locator("main .link-quiet").first().click();
            await page.waitForURL(address);
            await settle(page);
            found.push(...(await findings(page, address.source)));
          }
          await page.keyboard.press("Control+k");
          await page.locator("input[role=combobox]").waitFor();
          found.push(...(await findings(page, "palette")));
        }, look);
        expect(found).toEqual([]);
      }, 420_000);
});
