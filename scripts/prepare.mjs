import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const CALLED_FROM = process.cwd();
process.chdir(ROOT);

export { CALLED_FROM };

const OLDEST_NODE = 20;
const NEEDED_NODE = 24;

/** How the program is run: what a long load makes and forgets is swept before it is counted as lasting. */
export const RUNTIME_FLAGS = ["--max-semi-space-size=8"];

/** The Node that runs our TypeScript: the one that comes with the dependencies, else a new enough one on the path. */
export function runtime() {
  const bundled = path.join(ROOT, "node_modules/.bin/node");
  if (existsSync(bundled)) return bundled;
  if (Number(process.versions.node.split(".")[0]) >= NEEDED_NODE) return process.execPath;
  fail(`Node ${NEEDED_NODE} or later is needed on this platform (found ${process.versions.node})`);
}

/** Installs dependencies when the lock file changed, and builds the browser application when its source did. */
export async function prepare({ withBrowserApplication }) {
  if (Number(process.versions.node.split(".")[0]) < OLDEST_NODE)
    fail(`Node ${OLDEST_NODE} or later is needed (found ${process.versions.node})`);
  install();
  if (withBrowserApplication) build();
}

function install() {
  const wanted = hash([readFileSync("package-lock.json")]);
  const stamp = "node_modules/.encours-installed";
  if (read(stamp) === wanted) return;
  console.error("Encours: installing dependencies (once)...");
  // Not "ci": it refuses a lock file where a platform's optional binary was never published.
  const result = spawnSync("npm", ["install", "--no-save", "--no-audit", "--no-fund"], {
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (result.status !== 0)
    fail(`npm install failed: ${(result.stderr ?? "").trim().split("\n").slice(0, 5).join(" ")}`);
  writeFileSync(stamp, wanted);
}

function build() {
  const wanted = hash(
    sourceFiles(["web", "ui", "contracts", "package-lock.json"]).map(
      (file) => `${file}:${statSync(file).mtimeMs}:${statSync(file).size}`,
    ),
  );
  const stamp = "web/dist/.built";
  if (read(stamp) === wanted) return;
  console.error("Encours: building the application (when its source changed)...");
  const result = spawnSync(runtime(), ["node_modules/vite/bin/vite.js", "build", "web", "--logLevel", "warn"], {
    stdio: "inherit",
  });
  if (result.status !== 0) fail("the application could not be built; see the lines above");
  mkdirSync("web/dist", { recursive: true });
  writeFileSync(stamp, wanted);
}

function sourceFiles(places) {
  return places.flatMap((place) => {
    if (!existsSync(place)) return [];
    if (!statSync(place).isDirectory()) return [place];
    return readdirSync(place, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .filter((file) => !file.includes(`${path.sep}dist${path.sep}`) && !file.includes("node_modules"));
  });
}

const read = (file) => (existsSync(file) ? readFileSync(file, "utf8") : undefined);
const hash = (parts) => parts.reduce((sum, part) => sum.update(part), createHash("sha256")).digest("hex");

export function fail(message) {
  console.error(`encours: ${message}`);
  process.exit(1);
}

export const run = (command, args, options = {}) => execFileSync(command, args, { stdio: "inherit", ...options });
