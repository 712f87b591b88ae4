import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { inBrowser, toast } from "./support/journeys.ts";

inBrowser("journeys in a real browser", ({ journey, stranger }) => {
  test("first start: the demo company is there, in sandbox, and its ledger ties", () =>
    journey(async (page) => {
      await page.getByRole("heading", { level: 1, name: /^Bonjour/ }).waitFor();
      await page.getByRole("note").getByText("Bac à sable").waitFor();
      await page.getByText("Les plus gros retards").waitFor();
      await page.getByText("Raccordé", { exact: true }).first().waitFor();
    }));

  test("a wrong password is said in words and nothing more", () =>
    stranger(async (page) => {
      await page.getByLabel("Adresse e-mail").fill("demo@encours.example");
      await page.getByLabel("Mot de passe").fill("not the password");
      await page.getByRole("button", { name: "Se connecter" }).click();
      await page.getByRole("alert").getByText("ne vont pas ensemble").waitFor();
    }));

  test("the thin no-break space parts thousands by a visible width", () =>
    journey(async (page, base) => {
      await page.goto(`${base}/aged-balance`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.evaluate(() => document.fonts.ready);
      const widths = await page.evaluate(() => {
        const measure = (text: string) => {
          const span = document.createElement("span");
          span.style.cssText = "position:absolute;white-space:pre;font-size:100px";
          span.textContent = text;
          document.body.append(span);
          const { width } = span.getBoundingClientRect();
          span.remove();
          return width;
        };
        return { with: measure("84\u202f312"), without: measure("84312") };
      });
      expect(widths.with - widths.without).toBeGreaterThan(15);
      expect(widths.with - widths.without).toBeLessThan(25);
    }));

  test("customers are listed by criteria, grouped, kept as a view and found again; an account opens its ledger", () =>
    journey(async (page, base) => {
      await page.goto(`${base}/customers?view=all`);
      await page.getByRole("button", { name: "Critère" }).click();
      await page.getByRole("combobox", { name: "Critère" }).selectOption({ label: "Échu" });
      await page.getByRole("combobox", { name: "Comparaison" }).selectOption({ label: "plus de" });
      await page.getByLabel("Valeur (EUR)").fill("10000");
      await page.getByRole("button", { name: "Appliquer" }).click();
      await page.getByText("10\u202f000,00").first().waitFor();
      await page.getByLabel("Regrouper").selectOption({ label: "Par Commercial" });
      const group = page.getByRole("row").nth(1);
      const people = Number(await group.getByRole("cell").nth(1).textContent());
      await group.getByRole("button").click();
      await page.locator(`table[aria-rowcount="${people + 1}"]`).waitFor();
      await page.getByRole("button", { name: "Vues" }).click();
      await page.getByRole("menuitem", { name: "Enregistrer comme nouvelle vue" }).click();
      await page.getByLabel("Nom de la vue").fill("Gros retards");
      await page.getByRole("button", { name: "Enregistrer", exact: true }).click();
      await page.getByRole("button", { name: "Gros retards" }).waitFor();
      await page.goto(`${base}/customers?view=all`);
      await page.getByRole("button", { name: "Vues" }).click();
      await page.getByRole("menuitem", { name: "Gros retards" }).click();
      await page.locator(`table[aria-rowcount="${people + 1}"]`).waitFor();
      await page.getByRole("tab", { name: "Comptes" }).click();
      await page.getByRole("row").nth(1).getByRole("link").first().click();
      await page.getByText("Solde initial").waitFor();
    }));

  test("a file is imported from the drop to the balance, and undone", () =>
    journey(async (page, base) => {
      await page.goto(`${base}/data/import`);
      await page.getByLabel("Choisir un fichier").setInputFiles("e2e/fixtures/items.csv");
      await page.getByRole("heading", { level: 1, name: "Importer des pièces" }).waitFor();
      await page.getByText("8 reconnues").waitFor();
      await page.getByRole("button", { name: "Autre société" }).click();
      await page.getByLabel("Nom", { exact: true }).fill("Essai Emballages");
      await page.getByLabel("Code", { exact: true }).fill("ESSAI");
      await page.getByRole("button", { name: "Créer la société" }).click();
      await page.getByText("Société Essai Emballages créée").waitFor();
      await page.getByText("Rien : ce fichier ajoute des mouvements").click();
      await page.getByRole("button", { name: "Contrôler" }).click();
      await page.getByText("Solde après").waitFor();
      await page.getByRole("button", { name: "Importer", exact: true }).click();
      await page.getByText("Importé. Annulable").waitFor();
      await page.goto(`${base}/items?document=FA-2026-0021`);
      // the total of the list says the same a moment later
      await page
        .locator("tbody")
        .getByRole("cell", { name: /18\s420,55/ })
        .waitFor();
      await page.goto(`${base}/data`);
      await page
        .getByRole("row", { name: /items\.csv/ })
        .getByRole("button", { name: "Annuler l’import" })
        .click();
      await toast(page, "Import de items.csv annulé").waitFor();
      await page.goto(`${base}/items?document=FA-2026-0021`);
      await page.getByText("Aucune pièce avec ces critères").waitFor();
    }));

  test("refused rows are named with line, column and reason", () =>
    journey(async (page, base) => {
      await page.goto(`${base}/data/import`);
      await page.getByRole("combobox", { name: "Société" }).selectOption({ index: 1 });
      await page.getByLabel("Choisir un fichier").setInputFiles("e2e/fixtures/items-with-faults.csv");
      await page.getByRole("button", { name: "Contrôler" }).click();
      await page.getByRole("heading", { name: "Lignes refusées" }).waitFor();
      await page.getByRole("cell", { name: "3", exact: true }).first().waitFor();
      const link = page.getByRole("link", { name: "Télécharger la liste (CSV)" });
      const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
      const [header, first] = (await readFile(await download.path(), "utf8")).split("\r\n");
      expect(header).toBe("\ufeffLigne;Colonne;Valeur;Raison");
      expect(first).toMatch(/^3;/);
      expect(await page.getByRole("button", { name: "Importer", exact: true }).isDisabled()).toBe(true);
    }));

  test("a figure of the aged balance opens its rows, and they add up to it", () =>
    journey(async (page, base) => {
      await page.goto(`${base}/aged-balance`);
      const row = page.locator("tr[data-row]").first();
      const figure = row.getByRole("button").nth(1);
      const amount = ((await figure.textContent()) ?? "").replace(/\s/g, "");
      await figure.click();
      const drill = page.locator(".drill");
      await drill.locator("tfoot .double-rule").waitFor();
      expect(((await drill.locator("tfoot .double-rule").textContent()) ?? "").replace(/\s/g, "")).toBe(amount);
      const raw = await drill
        .locator("tbody .money")
        .evaluateAll((nodes) => nodes.map((node) => Math.round(Number((node as HTMLElement).dataset.raw) * 100)));
      const total = await drill.locator("tfoot .money").getAttribute("data-raw");
      expect(raw.reduce((sum, one) => sum + one, 0)).toBe(Math.round(Number(total) * 100));
      await page.getByLabel("Au", { exact: true }).fill("31/08/2026");
      await page.getByLabel("Au", { exact: true }).press("Enter");
      await page.getByRole("heading", { level: 1, name: "Balance âgée au 31 août 2026" }).waitFor();
      expect(page.url()).toContain("asOf=2026-08-31");
    }));

  test("items: a criterion stands in the address, the keyboard moves, space peeks, the export has every row", () =>
    journey(async (page, base) => {
      await page.goto(`${base}/items`);
      await page.locator("tbody tr[data-index]").first().waitFor();
      await page.keyboard.press("f");
      await page.getByRole("combobox", { name: "Critère" }).selectOption({ label: "Nature" });
      await page.getByLabel("Avoir", { exact: true }).check();
      await page.getByRole("button", { name: "Appliquer" }).click();
      await page.waitForURL(/f=item\.kind/);
      await page.locator("tbody tr[data-index='0']").focus();
      await page.keyboard.press("j");
      await page.keyboard.press("Space");
      await page.getByRole("dialog").getByText("Reste dû").waitFor();
      await page.keyboard.press("Escape");
      const count = Number(((await page.locator(".table-head b").textContent()) ?? "").replace(/\D/g, ""));
      await page.getByRole("button", { name: "Exporter" }).click();
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByText("En CSV").click()]);
      const csv = await readFile(await download.path(), "utf8");
      const lines = csv
        .trimEnd()
        .split(/\r?\n/)
        .filter((line) => /AV\d/.test(line));
      expect(lines.length).toBe(count);
    }));

  test("a run: read why, leave one out, approve, and find it in the sandbox viewer", () =>
    journey(async (page, base) => {
      await page.goto(`${base}/runs`);
      await page
        .getByRole("link", { name: /^Envoi du/ })
        .first()
        .click();
      await page.getByRole("tab", { name: /Partent/ }).click();
      await page.locator("tbody .link-quiet").first().click();
      await page.getByRole("heading", { name: "Pourquoi ce message" }).waitFor();
      await page.frameLocator("iframe").getByText("Bonjour").first().waitFor();
      const approve = page.getByRole("button", { name: /Approuver les/ });
      const before = Number(((await approve.textContent()) ?? "").replace(/\D/g, ""));
      await page.getByRole("button", { name: "Écarter", exact: true }).click();
      await toast(page, "1 client écarté de cet envoi").waitFor();
      await page.getByRole("button", { name: `Approuver les ${before - 1} envois` }).click();
      await page.getByRole("heading", { name: "Départ" }).waitFor();
      await page.getByRole("button", { name: /Annuler l’envoi/ }).waitFor();
      await page.getByRole("button", { name: "Envoyer maintenant" }).click();
      await page.goto(`${base}/messages?sandbox=true`);
      await page.getByRole("heading", { level: 1, name: "Visionneuse du bac à sable" }).waitFor();
      await page.getByText("Gardé en bac à sable").first().waitFor();
      await page.goto(`${base}/messages`);
      await page.locator("tbody .link-quiet").first().click();
      await page.getByRole("dialog").frameLocator("iframe").getByText("Bonjour").first().waitFor();
      await page.getByRole("dialog").getByRole("radio", { name: "Texte" }).click();
      await page.getByRole("dialog").locator("pre").getByText("Bonjour").waitFor();
    }));

  test("a customer: note with undo, stop with an end, contact", () =>
    journey(async (page, base) => {
      await page.goto(`${base}/customers`);
      await page.locator("tbody a").first().click();
      await page.getByRole("heading", { name: "Contacts" }).waitFor();
      await page.keyboard.press("n");
      await page.getByRole("dialog").getByLabel("Écrire une note").fill("Appeler après 14 h.");
      await page.getByRole("dialog").getByRole("button", { name: "Enregistrer" }).click();
      await toast(page, "Note enregistrée").waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Suspendre" }).click();
      await page.getByRole("dialog").getByLabel("Jusqu’au").fill("+10");
      await page.getByRole("dialog").getByLabel("Motif").fill("Virement annoncé");
      await page.getByRole("dialog").getByRole("button", { name: "Suspendre" }).click();
      await page.getByText(/Relances suspendues jusqu’au/).waitFor();
      await page.getByText("Virement annoncé").first().waitFor();
    }));

  test("the palette finds a customer by part of its name and goes there", () =>
    journey(async (page, base) => {
      await page.goto(`${base}/customers?view=all`);
      const name = (await page.locator("tbody a").first().textContent()) ?? "";
      await page.keyboard.press("Control+k");
      await page.locator("input[role=combobox]").fill(name.slice(0, 6));
      await page
        .getByRole("option", { name: new RegExp(name.slice(0, 6)) })
        .first()
        .waitFor();
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/customers\/[0-9a-f-]{36}/);
    }));

  test("settings: buckets and how the day's run leaves are saved, and saved again", () =>
    journey(async (page, base) => {
      for (const [path, label, value] of [
        ["ageing", "Derniers jours", undefined],
        ["sending", "Âge maximal du grand livre", "72"],
      ] as const) {
        await page.goto(`${base}/settings/${path}`);
        const field = page.getByLabel(label).first();
        const before = await field.inputValue();
        for (const next of [value ?? before, before]) {
          await field.fill(next);
          const saved = page.waitForResponse((answer) => answer.request().method() === "PUT");
          await page.getByRole("button", { name: "Enregistrer", exact: true }).click();
          expect((await saved).status(), path).toBeLessThan(300);
          await page.getByText("Enregistré").first().waitFor();
          await page.reload();
          expect(await field.inputValue(), path).toBe(next);
        }
      }
    }));

  test("both languages: the switch works at run time and everything is written in it", () =>
    journey(
      async (page, base) => {
        await page.getByRole("heading", { level: 1, name: /^Hello/ }).waitFor();
        await page.goto(`${base}/aged-balance`);
        await page.getByRole("heading", { level: 1, name: /^Aged balance at/ }).waitFor();
        await page.getByRole("button", { name: /^Account of/ }).click();
        await page.getByRole("menuitem", { name: "Français" }).click();
        await page.getByRole("heading", { level: 1, name: /^Balance âgée au/ }).waitFor();
        expect(await page.evaluate(() => document.documentElement.lang)).toBe("fr");
      },
      { language: "en" },
    ));

  test("phone width: one bar below, rows of two lines, nothing scrolls sideways", () =>
    journey(
      async (page, base) => {
        for (const path of ["/", "/customers", "/items", "/aged-balance", "/runs"]) {
          await page.goto(base + path);
          await page.getByRole("heading", { level: 1 }).waitFor();
          await page.waitForLoadState("networkidle");
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          expect(overflow, path).toBeLessThanOrEqual(0);
        }
        await page.goto(`${base}/customers`);
        await page.locator(".list-two-lines a").first().click();
        await page.getByRole("tab", { name: "Pièces ouvertes" }).waitFor();
      },
      { width: 390, height: 844 },
    ));
});
