export { type Authenticate, mountRoutes } from "./mount.ts";
export { EXACT_TOTAL, isRefused, readCursor, totalOf, writeCursor } from "./page.ts";
export { HttpRefusal, languageOf, problemOf } from "./problem.ts";
export { Answer, asFile, type Call, type Method, type Route, route, type Upload, withEtag } from "./route.ts";
