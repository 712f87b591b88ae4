import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { inBrowser, toast } from "./support/journeys.ts";

const IBAN = "FR7630006000011234567890189";

type Invoice = { id: string; documentNo: string; customerName: string; open: { minor: string; currency: string } };

/** Money in camt: "1234.56". */
const decimal = (minor: string): string => `${minor.slice(0, -2) || "0"}.${minor.slice(-2).padStart(2, "0")}`;

const entry = (
  at: number,
  of: { minor: string; credit: boolean; text: string; name: string; id: string; reason?: string },
): string => `
  <Ntry><NtryRef>${at}</NtryRef><Amt Ccy="EUR">${decimal(of.minor)}</Amt><CdtDbtInd>${of.credit ? "CRDT" : "DBIT"}</CdtDbtInd>
    <Sts>BOOK</Sts><BookgDt><Dt>${TODAY}</Dt></BookgDt><ValDt><Dt>${TODAY}</Dt></ValDt><AcctSvcrRef>E2E-${RUN}-${at}</AcctSvcrRef>
    <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>${of.credit ? "RCDT" : "IDDT"}</Cd><SubFmlyCd>${of.credit ? "ESCT" : "PRDD"}</SubFmlyCd></Fmly></Domn></BkTxCd>
    <NtryDtls><TxDtls><Refs><EndToEndId>${of.id}</EndToEndId></Refs>
      <RltdPties><Dbtr><Nm>${of.name}</Nm></Dbtr></RltdPties>
      <RmtInf><Ustrd>${of.text}</Ustrd></RmtInf>${of.reason ? `<RtrInf><Rsn><Cd>${of.reason}</Cd></Rsn></RtrInf>` : ""}</TxDtls></NtryDtls></Ntry>`;

const RUN = String(Date.now());
const TODAY = new Date().toISOString().slice(0, 10);

function camt(number: string, opening: bigint, entries: readonly string[], closing: bigint): string {
  const balance = (code: string, minor: bigint) =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${decimal(String(minor < 0n ? -minor : minor))}</Amt><CdtDbtInd>${minor < 0n ? "DBIT" : "CRDT"}</CdtDbtInd><Dt><Dt>${TODAY}</Dt></Dt></Bal>`;
  return `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
  <GrpHdr><MsgId>${number}</MsgId><CreDtTm>${TODAY}T08:00:00</CreDtTm></GrpHdr><Stmt><Id>${number}</Id><ElctrncSeqNb>${number.replace(/\D/g, "") || "1"}</ElctrncSeqNb>
  <CreDtTm>${TODAY}T08:00:00</CreDtTm><Acct><Id><IBAN>${IBAN}</IBAN></Id><Ccy>EUR</Ccy></Acct>
  ${balance("OPBD", opening)}${balance("CLBD", closing)}${entries.join("")}</Stmt></BkToCstmrStmt></Document>`;
}

inBrowser("the bank in a real browser", ({ base, journey }) => {
  const upload = async (page: Page, name: string, text: string) => {
    await page.goto(`${base()}/bank`);
    await page
      .getByLabel("Choisir un fichier de relevés")
      .setInputFiles({ name, mimeType: "application/xml", buffer: Buffer.from(text) });
    await page.getByRole("heading", { level: 1, name }).waitFor();
  };

  test("a statement of an unknown account is taken in, matched with one key, undone, and its payment comes back", () =>
    journey(async (page, base) => {
      const invoices = (await (
        await page.request.get(
          `${base}/api/v1/items?status=overdue&kinds=invoice&currency=EUR&layers=working&limit=200`,
        )
      ).json()) as { rows: (Invoice & { companyCode: string })[] };
      const [paid, other] = invoices.rows.filter((one) => one.companyCode === "RIVFR");
      if (!paid || !other) throw new Error("the demo owes nothing");
      const half = String(BigInt(other.open.minor) / 2n);
      const entries = [
        entry(1, {
          minor: paid.open.minor,
          credit: true,
          text: `FACT ${paid.documentNo}`,
          name: "INCONNU AU BATAILLON",
          id: `PAID-${RUN}`,
        }),
        entry(2, {
          minor: half,
          credit: true,
          text: `ACOMPTE ${other.documentNo}`,
          name: "AUTRE PAYEUR",
          id: `HALF-${RUN}`,
        }),
      ];
      const opening = 100_000n;
      const closing = opening + BigInt(paid.open.minor) + BigInt(half);
      await upload(page, "releve.xml", camt(`A${RUN}`, opening, entries, closing));

      // the verdict: the account is nobody's yet
      await page.getByText("n’est connu d’aucune société").waitFor();
      await page.getByRole("button", { name: "Créer ce compte" }).click();
      const panel = page.getByRole("dialog");
      await panel.getByLabel("Nom").fill("Banque du parcours");
      await panel.getByRole("combobox", { name: "Société" }).selectOption({ label: "Rivoire Distribution SAS" });
      await panel.getByRole("button", { name: "Enregistrer" }).click();
      await page.getByRole("button", { name: /^Importer 1 relevé/ }).click();
      await page.getByRole("status").getByText("2 lignes importées, 1 lettrée d’office").waitFor();

      // the grid: the part payment waits; Enter accepts it, U on its tab takes it back
      await page.goto(`${base}/matching`);
      const line = page.getByRole("button", { name: /AUTRE PAYEUR/ });
      await line.click();
      await page.getByText(`Le libellé nomme la pièce ${other.documentNo}.`).waitFor();
      await page.getByText("Paiement partiel").waitFor();
      await page.keyboard.press("Enter");
      await toast(page, "AUTRE PAYEUR lettré").last().waitFor();
      await line.waitFor({ state: "detached" });
      await page.getByRole("tab", { name: "À la main" }).click();
      await line.click();
      await page.getByRole("button", { name: /Annuler le lettrage/ }).waitFor();
      await page.keyboard.press("u");
      await toast(page, "Lettrage annulé").last().waitFor();
      await line.waitFor({ state: "detached" });

      // the slash is the line's own search here, not the palette's
      await page.getByRole("tab", { name: "À lettrer" }).click();
      await line.click();
      await page.getByText(`Le libellé nomme la pièce ${other.documentNo}.`).waitFor();
      await page.keyboard.press("/");
      await page.getByLabel("Client, numéro de client ou de facture").fill(other.documentNo);
      await page.getByRole("list", { name: "Pièces trouvées" }).getByText(other.documentNo).waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: /^Accepter/ }).waitFor();

      // a digit writes another amount
      await page.getByRole("tab", { name: "À lettrer" }).click();
      await line.click();
      await page.getByText(`Le libellé nomme la pièce ${other.documentNo}.`).waitFor();
      await page.keyboard.press("1");
      const amount = page.getByLabel(new RegExp(`^${other.documentNo} ·`));
      await expect.poll(() => amount.inputValue()).toBe("1");
      await page.getByText("restent en compte").waitFor();
      await page.getByRole("button", { name: "Lettrer", exact: true }).click();
      await toast(page, "AUTRE PAYEUR lettré").last().waitFor();

      // the bank takes the first payment back: posted by its end-to-end reference, and the invoice is open again
      const back = [
        entry(3, {
          minor: paid.open.minor,
          credit: false,
          text: "REJET",
          name: "INCONNU AU BATAILLON",
          id: `PAID-${RUN}`,
          reason: "AM04",
        }),
      ];
      const openOf = async () => {
        const url = `${base}/api/v1/items?document=${encodeURIComponent(paid.documentNo)}&status=open&layers=working`;
        const { rows } = (await (await page.request.get(url)).json()) as { rows: Invoice[] };
        return rows.find((one) => one.id === paid.id)?.open.minor;
      };
      expect(await openOf()).toBeUndefined();
      await upload(page, "rejet.xml", camt(`B${RUN}`, closing, back, closing - BigInt(paid.open.minor)));
      await page.getByRole("button", { name: /^Importer 1 relevé/ }).click();
      await page.getByRole("status").getByText("1 ligne importée").waitFor();
      await page.goto(`${base}/matching?tab=returns`);
      await page.getByRole("button", { name: /INCONNU AU BATAILLON/ }).click();
      await page.getByText("Rejet enregistré").first().waitFor();
      await page.getByRole("button", { name: /Annuler le rejet/ }).waitFor();
      expect(await openOf()).toBe(paid.open.minor);

      await page.goto(`${base}/bank/report`);
      await page.getByText("Paiements lettrés d’office").waitFor();
      await page.goto(`${base}/bank/unbooked?age=0`);
      await page.getByRole("heading", { level: 1, name: "Non comptabilisé" }).waitFor();
    }));

  test("a CSV that says nothing is described once: its columns, what they give, and the next one needs nobody", () =>
    journey(async (page, at) => {
      const csv = (label: string, amount: string) =>
        `31/12/2025;A;${label} ${RUN};${amount}\n30/12/2025;A;FRAIS ${RUN};-1,00\n`;
      const drop = async (name: string, text: string) => {
        await page.goto(`${at}/bank`);
        await page
          .getByLabel("Choisir un fichier de relevés")
          .setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
      };
      await drop("inconnu.csv", csv("VIR DUPRE", "1 250,00"));
      await page.getByRole("heading", { level: 1, name: "Colonnes d’un relevé CSV" }).waitFor();
      await page.getByLabel("Compte bancaire de ce fichier").selectOption({ index: 1 });
      // the guess already reads; another meaning of a column changes what is shown
      const result = page.getByRole("table", { name: "Ce que donne cette lecture" });
      await result.getByText(`VIR DUPRE ${RUN}`).waitFor();
      const amount = page.getByLabel("Signification de la colonne Colonne 4");
      await amount.selectOption({ label: "Ignorée" });
      await page.getByText("Il faut au moins une colonne de date et une de montant").waitFor();
      await amount.selectOption({ label: "Montant, signé" });
      await result.getByText(`VIR DUPRE ${RUN}`).waitFor();
      await page.getByRole("button", { name: "Retenir et lire le relevé" }).click();
      await page.getByRole("heading", { level: 1, name: "inconnu.csv" }).waitFor();

      await drop("suivant.csv", csv("VIR MARTIN", "7,00"));
      await page.getByRole("heading", { level: 1, name: "suivant.csv" }).waitFor();
    }));

  test("on a phone, in English, what was described can be forgotten", () =>
    journey(
      async (page, at) => {
        await page.goto(`${at}/bank/columns`);
        await page.getByRole("heading", { level: 1, name: "Columns of a CSV statement" }).waitFor();
        const kept = page.getByRole("table", { name: "Descriptions kept" });
        await kept.getByRole("button", { name: "Forget" }).first().click();
        await kept.waitFor({ state: "detached" });
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
      },
      { width: 390, language: "en" },
    ));

  test("in English and on a phone: the list, one line with its reasons, and back", () =>
    journey(
      async (page, base) => {
        await page.goto(`${base}/matching`);
        await page.getByRole("heading", { level: 1 }).waitFor();
        const first = page.locator(".match-line").first();
        await first.click();
        await page.getByRole("button", { name: "Back to the lines" }).click();
        await first.waitFor();
      },
      { width: 390, language: "en" },
    ));
});
