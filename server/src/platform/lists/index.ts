export type { ListContext, ListKind, ListSource } from "./list.ts";
export { firstMet, idsOf, isPositionOf, prepareList, readList, streamList } from "./read-list.ts";
