import { expect, test } from "vitest";
import { inBrowser } from "./support/journeys.ts";

inBrowser("sources in a real browser", ({ journey }) => {
  test("a watched folder is added, tried, run by hand, and its calendar set", () =>
    journey(async (page, base) => {
      await page.goto(`${base}/data`);
      await page.getByRole("link", { name: "Ajouter une source" }).first().click();
      await page.getByRole("listitem").filter({ hasText: "Les fichiers déposés" }).getByRole("button").click();
      await page.getByLabel("Nom", { exact: true }).fill("Exports du groupe");
      await page.getByLabel("Dossier", { exact: true }).fill("/etc");
      await page.getByRole("button", { name: "Essayer la connexion" }).click();
      await page.getByRole("alert").getByText("n’est pas permis").waitFor();
      await page.getByLabel("Dossier", { exact: true }).fill("compta");
      await page.getByRole("button", { name: "Essayer la connexion" }).click();
      await page.getByRole("status").getByText("La connexion fonctionne.").waitFor();
      await page.getByLabel("Synchroniser", { exact: true }).selectOption({ label: "À heures fixes" });
      await page.getByLabel("Heures", { exact: true }).fill("06:00, 12:30");
      await page.getByRole("button", { name: "Créer la source" }).click();
      await page.getByRole("heading", { level: 1, name: "Exports du groupe" }).waitFor();
      await page.getByText("06:00, 12:30, du lundi au vendredi").first().waitFor();
      await page.getByRole("button", { name: "Synchroniser" }).click();
      await page.getByText("rien de nouveau").first().waitFor();
      await page.getByRole("tab", { name: "Réglages" }).click();
      await page.getByLabel("Heures", { exact: true }).fill("07:15");
      await page.getByRole("button", { name: "Enregistrer" }).click();
      await page.getByText("07:15, du lundi au vendredi").first().waitFor();
    }));

  test("a program pushes with a key of one source, and its run shows what came in", () =>
    journey(async (page, base) => {
      await page.goto(`${base}/data/sources/new`);
      await page.getByRole("listitem").filter({ hasText: "API de dépôt" }).getByRole("button").click();
      await page.getByLabel("Nom", { exact: true }).fill("ERP maison");
      await page.getByRole("button", { name: "Créer la source" }).click();
      await page.getByRole("button", { name: "Créer une clé" }).click();
      const panel = page.getByRole("dialog");
      await panel.getByLabel("Nom", { exact: true }).fill("ERP");
      await panel.getByRole("button", { name: "Créer une clé" }).click();
      const key = (await panel.locator("code.secret").textContent()) ?? "";
      await panel.getByRole("button", { name: "Fermer" }).last().click();
      const post = async (path: string, body: unknown) => {
        const answer = await fetch(`${base}/api/v1${path}`, {
          method: "POST",
          headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
          body: JSON.stringify(body),
        });
        return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
      };
      const opened = await post("/sync/runs", {});
      expect(opened.status).toBe(201);
      const run = `/sync/runs/${opened.body["id"]}`;
      const item = {
        key: "E2E-1",
        auxiliary: "ZE2E",
        customerName: "Client poussé",
        kind: "invoice",
        documentNo: "E2E-1",
        postedOn: "2026-11-01",
        amount: { minor: "12345", currency: "EUR" },
      };
      const pushed = await post(`${run}/items`, { rows: [item, { key: "bad" }] });
      expect(pushed.body).toMatchObject({ accepted: 1, refused: [{ index: 1, key: "bad", code: "row_invalid" }] });
      expect((await post(`${run}/close`, { skipRefused: true })).status).toBe(202);
      expect((await post("/companies", {})).status).toBe(403);
      await page.getByText("1 nouvelle").first().waitFor();
      await page.getByRole("row").filter({ hasText: "1 nouvelle" }).getByRole("link").click();
      await page.getByText("Client poussé").first().waitFor();
    }));

  test("on a phone, in English, sources are read and run", () =>
    journey(
      async (page, base) => {
        await page.goto(`${base}/data`);
        await page.getByText("What feeds the ledger without you.").waitFor();
        await page.getByRole("link", { name: "Exports du groupe" }).first().click();
        await page.getByRole("button", { name: "Run now" }).click();
        await page.getByText("nothing new").first().waitFor();
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(width).toBeLessThanOrEqual(390);
      },
      { language: "en", width: 390, height: 844 },
    ));
});
