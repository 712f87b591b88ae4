/** The rooms of the server and the doors each may use directly; what it may use is the closure. DESIGN: the house. */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  access: [],
  documents: ["access"],
  parties: ["documents", "access"],
  tasks: ["parties"],
  segments: ["parties"],
  statutory: [],
  receivables: ["parties", "statutory"],
  connectors: ["receivables", "parties", "statutory", "tasks", "credit"],
  credit: ["parties"],
  cash: ["receivables", "tasks"],
  correspondence: ["statutory", "tasks", "parties"],
  dunning: ["correspondence", "receivables", "parties", "tasks", "credit"],
};

/** Every room that one may use, computed; throws on a cycle. */
export function closureOf(room: string, trail: readonly string[] = []): Set<string> {
  if (trail.includes(room)) throw new Error(`rooms use one another in a circle: ${[...trail, room].join(" -> ")}`);
  const all = new Set<string>();
  for (const used of ROOMS[room] ?? []) {
    all.add(used);
    for (const further of closureOf(used, [...trail, room])) all.add(further);
  }
  return all;
}
