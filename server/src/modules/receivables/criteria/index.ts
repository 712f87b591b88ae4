export { figureCriteria } from "./figures.ts";
export { itemCondition, itemCriteria } from "./items.ts";
