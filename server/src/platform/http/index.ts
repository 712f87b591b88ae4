export { mountRoutes } from "./mount.ts";
export { EXACT_TOTAL, isRefused, readCursor, totalOf, writeCursor } from "./page.ts";
export { asFile, type Call, type Route, route, type Upload, withEtag } from "./route.ts";
