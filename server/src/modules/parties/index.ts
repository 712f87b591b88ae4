export { addCompany, createCompany } from "./actions/manage-companies.ts";
export type { ItemExists, TellMentioned } from "./actions/manage-notes.ts";
export { type PortfolioPorts, portfolioActions } from "./actions/manage-portfolios.ts";
export { idsOfGroup } from "./actions/read-group.ts";
export { isEmail, toPhone } from "./core/contact-data.ts";
export { nameWords } from "./core/duplicates.ts";
export { accountCriteria, customerCriteria, everyFreeFieldCriterion, freeFieldCriteria } from "./criteria.ts";
export { partiesRoutes } from "./http.ts";
export {
  ensureAccounts,
  type KnownAccount,
  knownNumbers,
  type SourceContact,
  type SourceCustomer,
  stopChasingNew,
  upsertContacts,
  upsertCustomers,
} from "./store/bulk-store.ts";
export { type CompanyRow, findCompany, listCompanies } from "./store/company-store.ts";
export { findCustomer, streamCustomers } from "./store/customer-store.ts";
export { setFreeFields, sourceFieldNames } from "./store/free-fields.ts";
export { accountRows, customerRows } from "./store/list-kinds.ts";
export { type FreeValue, freeFieldName, freeValuesOf, listCustomFields } from "./store/profile-store.ts";
export { isSameCustomer, sameCustomers } from "./store/same-customer.ts";
