export { checkExpression } from "./check.ts";
export { compileExpression } from "./compile.ts";
export { type Criterion, catalogueOf, columnOf, criterionInfo, criterionOf, shownOf } from "./criterion.ts";
export { evaluateExpression, type FactValue } from "./evaluate.ts";
export { filterOf, keysIn, withUsers } from "./filter.ts";
