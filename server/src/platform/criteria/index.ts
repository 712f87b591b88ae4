export { checkExpression } from "./check.ts";
export { compileExpression } from "./compile.ts";
export { type Criterion, catalogueOf, criterionInfo } from "./criterion.ts";
export { evaluateExpression, type FactValue } from "./evaluate.ts";
