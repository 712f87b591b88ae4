import type { Uuid } from "#kernel/ids.ts";
import { listCompanies } from "#modules/parties/index.ts";
import type { Tx } from "#platform/database/index.ts";

/** Code and name of the tenant's companies by id. */
export async function companyCodes(tx: Tx): Promise<(companyId: Uuid) => { code: string; name: string }> {
  const companies = new Map((await listCompanies(tx)).map((company) => [company.id, company]));
  return (companyId) => companies.get(companyId) ?? { code: "", name: "" };
}
