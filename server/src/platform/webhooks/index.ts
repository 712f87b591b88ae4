export {
  addEndpoint,
  changeEndpoint,
  removeEndpoint,
  replayDeliveries,
  rotateSecret,
  testEndpoint,
} from "./manage.ts";
export { pumpWebhooks } from "./send.ts";
export { attemptsOf, type EndpointRow, findDelivery, findEndpoint, listDeliveries, listEndpoints } from "./store.ts";

/** A restored installation tells nobody anything until a person says so. */
export const WEBHOOKS_AFTER_RESTORE = `
  update platform.webhook_endpoint set is_active = false, disabled_reason = 'restored', version = version + 1 where is_active`;
