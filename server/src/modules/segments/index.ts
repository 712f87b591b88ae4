export { segmentRoutes } from "./http.ts";
