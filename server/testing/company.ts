import { newId } from "#kernel/ids.ts";
import { addCompany } from "#modules/parties/index.ts";
import type { TestDatabase } from "./database.ts";

type Company = Parameters<typeof addCompany>[2];

/** A French company that keeps its books in euro, or as said; returns its id. */
export async function aSellingCompany(
  t: TestDatabase,
  code = newId().slice(-12).toUpperCase(),
  over: Partial<Company> = {},
): Promise<string> {
  return t.db.transaction(t.tenant, async (tx) => {
    const made = await addCompany(tx, t.actor(), {
      code,
      name: `Company ${code}`,
      bookCurrency: "EUR",
      country: "FR",
      zone: "Europe/Paris",
      siren: null,
      vatNumber: null,
      email: null,
      phone: null,
      address: null,
      iban: null,
      defaultTermDays: 30,
      ...over,
    });
    if (!made.ok) throw new Error(made.code);
    return made.value.id;
  });
}
