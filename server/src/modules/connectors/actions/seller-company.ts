import { listCompanies } from "#modules/parties/index.ts";
import type { Tx } from "#platform/database/index.ts";
import type { EInvoice } from "../core/einvoice/invoice.ts";
import { isParty } from "../core/einvoice/invoice-claim.ts";

/** The selling company that a document names, where exactly one of the tenant's carries its number. */
export async function sellerCompany(tx: Tx, invoice: EInvoice): Promise<string | null> {
  const sellers = (await listCompanies(tx)).filter((company) => isParty(invoice.seller, company) === true);
  return sellers.length === 1 ? (sellers[0]?.id ?? null) : null;
}
