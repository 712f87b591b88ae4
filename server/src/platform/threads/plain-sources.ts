import { readFileSync } from "node:fs";
import { createRequire, stripTypeScriptTypes } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);
const OURS = /(?:\bfrom|\bimport)\s*\(?\s*["']([.#][^"']+\.ts)["']/g;

type PlainFile = { readonly source: string; readonly imports: readonly string[] };
const known = new Map<string, PlainFile>();

/** Every one of our files that `entry` (a path) reaches by its imports, itself included: address -> JavaScript. Read once per process. */
export function plainSources(entry: string): Map<string, string> {
  const sources = new Map<string, string>();
  const waiting = [entry];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const address = pathToFileURL(path).href;
    if (sources.has(address)) continue;
    const file = plainFile(path);
    sources.set(address, file.source);
    waiting.push(...file.imports);
  }
  return sources;
}

function plainFile(path: string): PlainFile {
  const before = known.get(path);
  if (before) return before;
  const source = withoutTypes(readFileSync(path, "utf8"));
  const from = createRequire(path);
  const imports = [...source.matchAll(OURS)].map(([, name = ""]) =>
    name.startsWith("#") ? require.resolve(name) : from.resolve(name),
  );
  const file = { source, imports };
  known.set(path, file);
  return file;
}

/** Lines and columns stay where they are. Node calls the function experimental on every process that uses it: said once, in decision 0090. */
function withoutTypes(source: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}
