export type { ListContext, ListKind, ListSource } from "./list.ts";
export { isPositionOf, prepareList, readList, streamList } from "./read-list.ts";
