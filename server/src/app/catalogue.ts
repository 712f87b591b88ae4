import { customerCriteria } from "#modules/parties/index.ts";
import { itemCriteria } from "#modules/receivables/index.ts";
import { catalogueOf } from "#platform/criteria/index.ts";

/** Every criterion of every room: what lists filter by, scenarios test and templates print. */
export const CATALOGUE = catalogueOf(customerCriteria, itemCriteria);
