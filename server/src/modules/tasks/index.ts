export { createTasks } from "./actions/manage-tasks.ts";
export { routes as taskRoutes } from "./http.ts";
