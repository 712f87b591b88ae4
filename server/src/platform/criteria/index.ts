export { checkExpression, type ExpressionFault } from "./check.ts";
export { compileExpression } from "./compile.ts";
export { type Catalogue, type Criterion, catalogueOf, criterionInfo } from "./criterion.ts";
export { evaluateExpression, type Facts, type FactValue } from "./evaluate.ts";
