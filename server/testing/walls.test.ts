import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { closureOf, ROOMS } from "./rooms.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const PARTS = ["server/src", "server/testing", "contracts", "cli", "web/src", "ui/src", "bench", "e2e"];

type Import = { readonly from: string; readonly to: string };

const filesOf = (part: string): string[] => {
  try {
    return readdirSync(path.join(ROOT, part), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"));
  } catch {
    return [];
  }
};

const ALIASES: Readonly<Record<string, string>> = {
  "#contracts/": "contracts/src/",
  "#kernel/": "server/src/kernel/",
  "#platform/": "server/src/platform/",
  "#modules/": "server/src/modules/",
  "#ui/": "ui/src/",
};

function resolve(from: string, specifier: string): string | undefined {
  if (specifier.startsWith(".")) return path.posix.normalize(path.posix.join(path.posix.dirname(from), specifier));
  const alias = Object.keys(ALIASES).find((one) => specifier.startsWith(one));
  return alias ? ALIASES[alias] + specifier.slice(alias.length) : undefined;
}

const files = PARTS.flatMap(filesOf);
const imports: Import[] = files.flatMap((from) => {
  const text = readFileSync(path.join(ROOT, from), "utf8");
  const specifiers = [
    ...text.matchAll(/^(?:import|export)\b[^;]*?from\s+"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)|^import\s+"([^"]+)"/gm),
  ];
  return specifiers.flatMap((match) => {
    const to = resolve(from, match[1] ?? match[2] ?? match[3] ?? "");
    return to ? [{ from, to }] : [];
  });
});

const MODULE = /^server\/src\/modules\/([^/]+)\/(.*)$/;
const roomOf = (file: string): string | undefined => MODULE.exec(file)?.[1];
const insideOf = (file: string): string => MODULE.exec(file)?.[2] ?? "";
const isTest = (file: string) => /\.test\.tsx?$/.test(file) || /\/testing[./]/.test(file);
const breaking = (rule: (one: Import) => boolean) => imports.filter(rule).map(({ from, to }) => `${from} -> ${to}`);

test("the tool reads the whole tree", () => {
  expect(files.length).toBeGreaterThan(200);
  expect(imports.length).toBeGreaterThan(600);
  expect(new Set(files.flatMap((file) => roomOf(file) ?? []))).toEqual(new Set(Object.keys(ROOMS)));
});

test("rooms use one another without a circle", () => {
  for (const room of Object.keys(ROOMS)) closureOf(room);
});

test("a room is entered by its door only", () => {
  expect(
    breaking(({ from, to }) => {
      const room = roomOf(to);
      return (
        room !== undefined &&
        room !== roomOf(from) &&
        insideOf(to) !== "index.ts" &&
        !isTest(from) &&
        !/^(cli|bench|e2e)\//.test(from)
      );
    }),
  ).toEqual([]);
});

test("a room uses only the doors that it may", () => {
  expect(
    breaking(({ from, to }) => {
      const user = roomOf(from);
      const used = roomOf(to);
      return user !== undefined && used !== undefined && user !== used && !closureOf(user).has(used) && !isTest(from);
    }),
  ).toEqual([]);
});

test("core is pure: it sees the kernel, contracts, itself and types of doors", () => {
  expect(
    breaking(({ from, to }) => {
      if (!/^core\//.test(insideOf(from)) || isTest(from)) return false;
      const isOwnCore = roomOf(to) === roomOf(from) && insideOf(to).startsWith("core/");
      return !(
        isOwnCore ||
        to.startsWith("server/src/kernel/") ||
        to.startsWith("contracts/") ||
        insideOf(to) === "index.ts"
      );
    }),
  ).toEqual([]);
});

test("arrows point inward: core and store know no action and no edge", () => {
  expect(
    breaking(
      ({ from, to }) =>
        /^(core|store)\//.test(insideOf(from)) &&
        roomOf(from) === roomOf(to) &&
        /^(actions\/|http|jobs)/.test(insideOf(to)) &&
        !isTest(from),
    ),
  ).toEqual([]);
});

test("kernel knows nobody, platform knows no room", () => {
  expect(
    breaking(
      ({ from, to }) => from.startsWith("server/src/kernel/") && !to.startsWith("server/src/kernel/") && !isTest(from),
    ),
  ).toEqual([]);
  expect(
    breaking(
      ({ from, to }) =>
        from.startsWith("server/src/platform/") && /^server\/src\/(modules|app)\//.test(to) && !isTest(from),
    ),
  ).toEqual([]);
  expect(
    breaking(
      ({ from, to }) => from.startsWith("server/src/modules/") && to.startsWith("server/src/app/") && !isTest(from),
    ),
  ).toEqual([]);
});

test("browsers see contracts only; components know no domain; contracts know nobody", () => {
  expect(breaking(({ from, to }) => /^(web|ui)\//.test(from) && to.startsWith("server/") && !isTest(from))).toEqual([]);
  expect(breaking(({ from, to }) => from.startsWith("ui/") && /^(web|contracts)\//.test(to) && !isTest(from))).toEqual(
    [],
  );
  expect(breaking(({ from, to }) => from.startsWith("contracts/") && !to.startsWith("contracts/"))).toEqual([]);
});

test("SQL of a room names its own schema, or a table that another room's door publishes", () => {
  const SCHEMAS = [...Object.keys(ROOMS), "platform", "search", "sign_in"];
  const wrong = files
    .filter((file) => roomOf(file) !== undefined && !isTest(file))
    .flatMap((file) => {
      const text = readFileSync(path.join(ROOT, file), "utf8");
      const own = roomOf(file) ?? "";
      const written = [...text.matchAll(/\b(?:insert into|update|delete from)\s+([a-z_]+)\.[a-z_]+/g)].map(
        (match) => match[1] ?? "",
      );
      return written
        .filter((schema) => SCHEMAS.includes(schema) && schema !== own && !(own === "access" && schema === "platform"))
        .map((schema) => `${file} writes ${schema}`);
    });
  expect(wrong).toEqual([]);
});

test("dates come from the kernel and the edges only", () => {
  const wrong = files
    .filter((file) => /^server\/src\/modules\//.test(file) && !isTest(file))
    .filter((file) => /\bnew Date\(|\bDate\.now\(/.test(readFileSync(path.join(ROOT, file), "utf8")));
  expect(wrong).toEqual([]);
});

test("no file is longer than 400 lines", () => {
  const long = files
    .map((file) => ({ file, lines: readFileSync(path.join(ROOT, file), "utf8").split("\n").length }))
    .filter((one) => one.lines > 401 && !isTest(one.file) && !/\.e2e\.ts$/.test(one.file));
  expect(long).toEqual([]);
});
