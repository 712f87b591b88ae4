export { createTasks, passTasks, withdrawOccasion } from "./actions/manage-tasks.ts";
export { customerTaskCriteria, customerTasks } from "./criteria.ts";
export { routes as taskRoutes } from "./http.ts";
