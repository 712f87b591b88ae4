export { checkHandOver } from "./actions/check-hand-over.ts";
export { type CreateTasks, planRun, previewRun, type TaskRequest } from "./actions/plan-run.ts";
export { customerStopCriteria, customerStops } from "./criteria.ts";
export { dunningRoutes } from "./http.ts";
export { planDay } from "./jobs.ts";
