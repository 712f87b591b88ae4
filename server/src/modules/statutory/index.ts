export { dueDateOf, type PaymentTerms } from "./core/payment-terms.ts";
