export { checkHandOver } from "./actions/check-hand-over.ts";
export { type CreateTasks, planRun, previewRun, type TaskRequest } from "./actions/plan-run.ts";
export { DUNNING_CRITERIA } from "./actions/scenario-in-force.ts";
export { dunningRoutes } from "./http.ts";
export { PLAN_JOB, planDay } from "./jobs.ts";
