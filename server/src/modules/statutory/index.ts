export { dueDateOf, type PaymentTerms, termsFault } from "./core/payment-terms.ts";
