export { mountRoutes } from "./mount.ts";
export { cutPage, EXACT_TOTAL, isRefused, readCursor, totalOf, writeCursor } from "./page.ts";
export { asFile, type Call, type Route, route, type Upload, versioned, withEtag } from "./route.ts";
