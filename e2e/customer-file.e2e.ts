import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { inBrowser, toast, undo } from "./support/journeys.ts";

inBrowser("the customer file in a real browser", ({ journey }) => {
  const openFirst = async (page: Page, base: string) => {
    await page.goto(`${base}/customers?view=all&sort=customer.overdue&dir=desc`);
    await page.getByRole("row").nth(1).getByRole("link").first().click();
    await page.getByRole("heading", { name: "Groupe et payeur" }).waitFor();
  };

  test("a customer is flagged with a reason, and the flag taken back and undone", () =>
    journey(async (page, base) => {
      await openFirst(page, base);
      await page.getByRole("button", { name: "Signaler" }).click();
      await page.getByLabel("Pourquoi ce client sort du lot").selectOption({ label: "À risque" });
      await page.getByLabel("Motif").fill("Deux impayés en octobre");
      await page.getByRole("button", { name: "Enregistrer" }).click();
      await page.getByRole("button", { name: /Retirer .+À risque/ }).click();
      await undo(page, "retiré");
      await page.getByRole("button", { name: /Retirer .+À risque/ }).waitFor();
    }));

  test("a customer who also sells to us: a supplier account is linked, set-off agreed, and the link taken back and undone", () =>
    journey(async (page, base) => {
      // the largest debtor of the first company is linked, the next ones are proposed
      for (let row = 1; ; row += 1) {
        await page.goto(`${base}/customers?view=all&sort=customer.outstanding&dir=desc`);
        await page.getByRole("row").nth(row).getByRole("link").first().click();
        await page.getByRole("heading", { name: "Aussi fournisseur" }).waitFor();
        if ((await page.getByRole("button", { name: /^Rattacher le compte/ }).count()) > 0) break;
      }
      await page.getByRole("button", { name: /^Rattacher le compte/ }).click();
      await page.getByText("Nous lui devons", { exact: true }).waitFor();
      await page.getByRole("button", { name: /^Modifier la compensation/ }).click();
      await page.getByLabel("La compensation est convenue").check();
      await page.getByRole("button", { name: "Enregistrer" }).click();
      await page.getByText("Compensation convenue", { exact: true }).waitFor();
      await page.getByRole("button", { name: /^Retirer le compte fournisseur/ }).click();
      await undo(page, "retiré");
      await page.getByText("Compensation convenue", { exact: true }).waitFor();
    }));

  test("a free field is made, filled, and groups the list of customers", () =>
    journey(async (page, base) => {
      await page.goto(`${base}/settings/custom-fields`);
      await page.getByRole("button", { name: "Nouveau champ" }).click();
      await page.getByLabel("Nom en français").fill("Filière");
      await page.getByLabel("Nom en anglais").fill("Line of trade");
      await page.getByLabel("Type").selectOption({ label: "Choix" });
      await page.getByLabel("Choix, un par ligne").fill("Bois\nAlimentaire");
      await page.getByRole("button", { name: "Enregistrer" }).click();
      await page.getByRole("button", { name: "Filière" }).waitFor();
      await openFirst(page, base);
      const panel = page.locator("section", { has: page.getByRole("heading", { name: "Champs libres" }) }).last();
      await panel.getByRole("button", { name: "Modifier" }).click();
      await page.getByLabel("Filière").selectOption({ label: "Bois" });
      await page.getByRole("button", { name: "Enregistrer" }).click();
      await panel.getByText("Bois").waitFor();
      await page.goto(`${base}/customers?view=all`);
      await page.getByLabel("Regrouper").selectOption({ label: "Par Filière" });
      await page.getByRole("button", { name: "Bois" }).click();
      await page.locator('table[aria-rowcount="2"]').waitFor();
    }));

  test("two customers are merged and taken apart again", () =>
    journey(async (page, base) => {
      await page.goto(`${base}/customers/duplicates`);
      const pair = page.getByRole("main").getByRole("listitem").first();
      const kept = (await pair.getByRole("link").first().textContent()) ?? "";
      await pair.getByRole("button", { name: /^Fusionner dans/ }).click();
      await page.getByText(`est fusionné dans ${kept}`).waitFor();
      await page.goto(`${base}/customers?view=all&text=${encodeURIComponent(kept)}`);
      await page.getByRole("link", { name: kept, exact: true }).first().click();
      await page.getByRole("button", { name: "Séparer" }).click();
      await toast(page, "Les deux clients sont de nouveau séparés").waitFor();
    }));

  test("items are coded together with a status of the team, and the history says it", () =>
    journey(async (page, base) => {
      await openFirst(page, base);
      await page.getByRole("checkbox", { name: /ligne/ }).nth(0).check();
      await page.getByRole("checkbox", { name: /ligne/ }).nth(1).check();
      await page.getByLabel("Statut de l’équipe").selectOption({ label: "En litige" });
      await page.getByLabel("Remarque").fill("Marchandise abîmée");
      await page.getByRole("button", { name: "Coder 2 pièces" }).click();
      await page
        .getByText(/en litige/)
        .first()
        .waitFor();
      await page.getByLabel("Type d’événement").selectOption({ label: "Comptabilité et banque" });
      await page.getByText("Statut d’une pièce modifié").first().waitFor();
    }));

  test("customers are given to a colleague from the list, the file says by whom, and the rules show their effect first", () =>
    journey(async (page, base) => {
      await page.goto(`${base}/customers?view=all&sort=customer.overdue&dir=desc`);
      await page.getByRole("checkbox", { name: /ligne/ }).nth(0).check();
      await page.getByRole("checkbox", { name: /ligne/ }).nth(1).check();
      await page.getByText("2 lignes choisies").waitFor();
      await page.getByLabel("Responsable").selectOption({ label: "Élise Marchand" });
      await page.getByRole("button", { name: "Confier 2 clients" }).click();
      await page.getByText("2 clients ont changé de main").waitFor();
      await openFirst(page, base);
      const owner = page.locator("section", { has: page.getByRole("heading", { name: "Responsable" }) }).last();
      await owner.getByText("Élise Marchand").waitFor();
      await owner.getByText(/choisi à la main/).waitFor();
      await page.getByText("Confié à Élise Marchand").first().waitFor();
      await page.goto(`${base}/customers/portfolios`);
      await page.getByRole("link", { name: "Élise Marchand" }).waitFor();
      const save = page.getByRole("button", { name: "Enregistrer et appliquer" });
      expect(await save.isDisabled()).toBe(true);
      await page.getByRole("button", { name: "Voir l’effet" }).click();
      await page.getByText("2 choisis à la main restent").waitFor();
      await page.getByRole("button", { name: "Transmettre le portefeuille de Élise Marchand" }).click();
      await page.getByRole("checkbox", { name: "Hugo Lenoir" }).check();
      await page.getByRole("checkbox", { name: "Sarah Benali" }).check();
      await page.getByRole("dialog").getByRole("button", { name: "Transmettre" }).click();
      await page.getByRole("dialog").getByRole("cell", { name: "Hugo Lenoir" }).waitFor();
      await page.getByRole("dialog").getByRole("button", { name: "Fermer" }).last().click();
      await page.getByRole("link", { name: "Hugo Lenoir" }).click();
      await page.locator("table[aria-rowcount]").waitFor();
    }));

  test("one’s own portfolio narrows customers, items, the aged balance and the day", () =>
    journey(async (page, base) => {
      const rows = () => page.locator("table tbody tr").count();
      for (const address of ["/customers?view=all&text=SARL", "/items?document=FA2610-0002", "/aged-balance"]) {
        await page.goto(`${base}${address}`);
        await page.locator("table tbody tr").first().waitFor();
        const before = await rows();
        await page.getByRole("button", { name: "Mon portefeuille" }).click();
        await expect
          .poll(async () => ((await rows()) < before ? "fewer" : "as many"), { timeout: 20_000 })
          .toBe("fewer");
        await page.reload();
        await page.locator('button[aria-pressed="true"]', { hasText: "Mon portefeuille" }).waitFor();
      }
      await page.goto(base);
      await page.getByRole("button", { name: "Mon portefeuille" }).click();
      await page.waitForURL(/mine=1/);
    }));

  test("the statement of account is seen as it leaves, sent, and taken back", () =>
    journey(async (page, base) => {
      await openFirst(page, base);
      await page.keyboard.press("c");
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Un mot de votre part").fill("Merci de vérifier avec votre comptable.");
      const mail = dialog.frameLocator("iframe");
      await mail.getByText("Merci de vérifier avec votre comptable.").waitFor();
      await mail
        .getByText(/^Dont échu/)
        .first()
        .waitFor();
      await dialog.getByRole("button", { name: "Envoyer la situation" }).click();
      await undo(page, /^Situation envoyée/);
      await page.getByRole("tab", { name: "Messages" }).click();
      await page
        .getByText(/Situation de votre compte/)
        .first()
        .waitFor();
    }));

  test("the statement adds up to the balance above it, and the books' own figure is said where it differs", () =>
    journey(async (page, base) => {
      await openFirst(page, base);
      const balance = await page.locator("main .strip [data-raw]").first().getAttribute("data-raw");
      await page.getByText(/^Grand livre\s: .*pas encore comptabilisé/).waitFor();
      await page.getByRole("tab", { name: "Situation de compte" }).click();
      const closing = () => page.locator("main tfoot [data-raw]").last().getAttribute("data-raw");
      await expect.poll(closing).toBe(balance);
      await page.getByRole("radio", { name: "Grand livre" }).click();
      await expect.poll(closing).not.toBe(balance);
    }));

  test("how a customer pays is a chart that the keyboard reads, a table, and a criterion", () =>
    journey(async (page, base) => {
      await openFirst(page, base);
      await page.getByRole("tab", { name: "Paiements" }).click();
      const chart = page.getByRole("img", { name: /^Retard moyen sur 3 mois/ });
      await chart.focus();
      await page.keyboard.press("ArrowLeft");
      const before = new Date();
      before.setUTCDate(0);
      const name = new Intl.DateTimeFormat("fr-FR", { month: "short", year: "2-digit", timeZone: "UTC" }).format(
        before,
      );
      await page.locator("figcaption", { hasText: name }).waitFor();
      await page.getByRole("radio", { name: "Tableau" }).click();
      await page.getByRole("columnheader", { name: "Délai de règlement" }).waitFor();
      await page.goto(`${base}/customers?view=all&group=customer.payment_trend`);
      await page.getByRole("button", { name: "En recul" }).click();
      await page.locator("table[aria-rowcount]").waitFor();
    }));

  test("customers of a group are followed as one: balances, items, history", () =>
    journey(async (page, base) => {
      await page.goto(`${base}/customers?view=all&sort=customer.overdue&dir=desc`);
      const second = (await page.getByRole("row").nth(2).getByRole("link").first().textContent()) ?? "";
      await openFirst(page, base);
      const head = (await page.getByRole("heading", { level: 1 }).textContent()) ?? "";
      await page.goto(`${base}/customers?view=all&text=${encodeURIComponent(second)}`);
      await page.getByRole("link", { name: second, exact: true }).first().click();
      const sheet = page.locator("section", { has: page.getByRole("heading", { name: "Groupe et payeur" }) }).last();
      await sheet.getByRole("button", { name: "Ajouter" }).click();
      await page.getByRole("dialog").getByRole("searchbox").fill(head);
      await page.getByRole("dialog").getByRole("button", { name: head }).first().click();
      await sheet.getByRole("link", { name: "Voir le groupe comme un client" }).click();
      await page.getByRole("heading", { level: 1, name: `Groupe ${head}` }).waitFor();
      await page.getByRole("link", { name: second, exact: true }).waitFor();
      await page.getByRole("tab", { name: "Pièces ouvertes" }).click();
      await page.getByRole("link", { name: second, exact: true }).first().waitFor();
      await page.getByRole("tab", { name: "Chronologie" }).click();
      await page.getByText("Rattaché à un autre client").first().waitFor();
    }));

  test("a colleague is mentioned by keyboard in a note; the name stands in the history, which finds the words", () =>
    journey(async (page, base) => {
      await openFirst(page, base);
      await page.getByRole("tab", { name: "Notes" }).click();
      const area = page.getByLabel("Écrire une note").last();
      await area.pressSequentially("Palettes à reprendre, vois @éli");
      await page.getByRole("option", { name: "Élise Marchand" }).waitFor();
      await page.keyboard.press("Enter");
      await area.pressSequentially("avant vendredi");
      await page.getByRole("button", { name: "Enregistrer" }).click();
      await page.getByText("@Élise Marchand").first().waitFor();
      await page.getByLabel("Chercher dans l’historique").fill("palettes à reprendre");
      await page.locator(".timeline").getByText("@Élise Marchand").first().waitFor();
      await page.goto(`${base}/tasks`);
      await page.getByText("Vous êtes mentionné dans une note").first().waitFor();
      await page
        .getByText(/vois @Élise Marchand avant vendredi/)
        .first()
        .waitFor();
    }));

  test("the list of items has the total of all rows, groups with totals, and codes all that match", () =>
    journey(async (page, base) => {
      await page.goto(`${base}/items?status=overdue`);
      await page.locator("tfoot").getByText("Total").waitFor();
      await page.getByLabel("Regrouper").selectOption({ label: "Par Société" });
      await page.locator("tfoot").getByText("Total").waitFor();
      await page.getByRole("button", { name: "RIVFR" }).first().click();
      await page.getByRole("checkbox", { name: /tout/i }).check();
      await page.getByRole("button", { name: /^Choisir les .* lignes$/ }).click();
      await page.getByText(/^Les .* lignes de la liste sont choisies$/).waitFor();
      await page.getByLabel("Statut de l’équipe").selectOption({ label: "Relancée" });
      await page.getByRole("button", { name: /^Coder .+ pièces$/ }).click();
      await page
        .getByText(/^Statut .*enregistré$/)
        .first()
        .waitFor();
    }));

  test("orders in progress stand beside the balance and in a tab of their own", () =>
    journey(async (page, base) => {
      await page.goto(
        `${base}/customers?view=all&sort=customer.orders_open&dir=desc&cols=customer.name,customer.orders,customer.orders_open`,
      );
      await page.getByRole("row").nth(1).getByRole("link").first().click();
      // figures of other rooms arrive one by one and move their neighbours
      await page.waitForLoadState("networkidle");
      await page.getByRole("button", { name: "Commandes en cours" }).click();
      await page.getByRole("columnheader", { name: "À facturer" }).waitFor();
      await page
        .getByText(/^CM\d+/)
        .first()
        .waitFor();
    }));

  test("an e-invoice is read, checked and becomes an item of the company that issued it", () =>
    journey(async (page, base) => {
      await page.goto(`${base}/data/import`);
      await page.getByLabel("Choisir un fichier").setInputFiles("e2e/fixtures/einvoice.xml");
      await page.getByRole("heading", { level: 1, name: "Importer une facture électronique" }).waitFor();
      await page.getByText("UBL-2026-77").waitFor();
      await page.getByText("Verger des Deux Rives SAS").first().waitFor();
      await page.getByRole("button", { name: "Contrôler" }).click();
      await page.getByRole("button", { name: "Importer", exact: true }).click();
      await page.getByRole("button", { name: "Annuler l’import" }).waitFor();
      await page.goto(`${base}/items?document=UBL-2026&layers=working`);
      await page.getByText("UBL-2026-77").first().waitFor();
    }));
});
