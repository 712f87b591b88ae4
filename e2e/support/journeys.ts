import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect } from "vitest";
import {
  type Application,
  chromiumPath,
  openBrowser,
  signIn,
  startApplication,
  type Visit,
  visit,
} from "./application.ts";

export type House = {
  /** Where the product answers, once its tests run. */
  readonly base: () => string;
  /** One visitor, signed in and at home, whose pages must report no fault. */
  readonly journey: (walk: (page: Page, base: string) => Promise<void>, choice?: Visit) => Promise<void>;
  /** Somebody who has not signed in; pages may report what they like. */
  readonly stranger: (walk: (page: Page, base: string) => Promise<void>, choice?: Visit) => Promise<void>;
};

/** Tests on one running product with its demo company, in one browser; skipped with a message where there is none. */
export function inBrowser(title: string, tests: (house: House) => void): void {
  const hasBrowser = chromiumPath() !== undefined;
  if (!hasBrowser) console.log(`${title}: skipped, no Chromium found (set ENCOURS_CHROMIUM)`);
  describe.skipIf(!hasBrowser)(title, () => {
    let application: Application;
    let browser: Browser;
    let state: Awaited<ReturnType<typeof signIn>>;
    beforeAll(async () => {
      application = await startApplication();
      browser = await openBrowser();
      const { context, page } = await visit(browser);
      state = await signIn(page, application.base);
      await context.close();
    });
    afterAll(async () => {
      await browser?.close();
      await application?.stop();
    });
    const walked = async (walk: (page: Page, base: string) => Promise<void>, choice: Visit): Promise<string[]> => {
      const { context, page, faults } = await visit(browser, choice);
      try {
        await page.goto(application.base);
        await walk(page, application.base);
        return faults;
      } finally {
        await context.close();
      }
    };
    tests({
      base: () => application.base,
      journey: async (walk, choice = {}) => expect(await walked(walk, { ...choice, state })).toEqual([]),
      stranger: async (walk, choice = {}) => void (await walked(walk, choice)),
    });
  });
}

/** The passing message of that text: not the line of the timeline that may say the same a moment later. */
export const toast = (page: Page, text: string | RegExp): Locator => page.locator(".toast").filter({ hasText: text });

/** Takes back the act whose message says that text. */
export async function undo(page: Page, text: string | RegExp, label = "Annuler"): Promise<void> {
  await toast(page, text).getByRole("button", { name: label, exact: true }).click();
}
