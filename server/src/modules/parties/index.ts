export { addCompany, createCompany } from "./actions/manage-companies.ts";
export { addContact } from "./actions/manage-contacts.ts";
export { createCustomer } from "./actions/manage-customers.ts";
export type { ItemExists } from "./actions/manage-notes.ts";
export { checkContactData, isEmail, toPhone } from "./core/contact-data.ts";
export { customerCriteria } from "./criteria.ts";
export { partiesRoutes } from "./http.ts";
export {
  ensureAccounts,
  type KnownAccount,
  knownNumbers,
  type SourceAccount,
  type SourceContact,
  type SourceCustomer,
  stopChasingNew,
  type UpsertCounts,
  upsertContacts,
  upsertCustomers,
} from "./store/bulk-store.ts";
export { type CompanyRow, findCompany, findCompanyByCode, listCompanies } from "./store/company-store.ts";
export { contactsOf } from "./store/contact-store.ts";
export { findCustomer, streamCustomers } from "./store/customer-store.ts";
