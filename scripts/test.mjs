// Runs everything that CI runs: node scripts/test.mjs [--only=static,unit,database,external,process,browser]
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fail, prepare, ROOT, runtime } from "./prepare.mjs";
import { withSystemPostgres } from "./system-postgres.mjs";

const only = process.argv
  .find((argument) => argument.startsWith("--only="))
  ?.slice("--only=".length)
  .split(",");
const wants = (step) => !only || only.includes(step);
const started = Date.now();
const results = mkdtempSync(path.join(tmpdir(), "encours-results-"));
const totals = { passed: 0, failed: 0, skipped: 0 };
/** What failed, named once more at the very end. */
const failures = [];

await prepare({ withBrowserApplication: wants("browser") });
const bin = path.join(ROOT, "node_modules/.bin");
const environment = {
  ...process.env,
  PATH: `${path.dirname(runtime())}${path.delimiter}${bin}${path.delimiter}${process.env.PATH}`,
  ENCOURS_CHECK_REPLIES: "1",
};
delete environment.DATABASE_URL;

function step(name, command, args, more = {}) {
  console.log(`\n== ${name}`);
  const result = spawnSync(command, args, { stdio: "inherit", env: { ...environment, ...more } });
  if (result.status !== 0) {
    totals.failed += 1;
    failures.push(name);
  } else totals.passed += 1;
}

function vitest(name, projects, more = {}) {
  console.log(`\n== ${name}`);
  const output = path.join(results, `${name.replaceAll(" ", "-")}.json`);
  const selected = projects.flatMap((project) => ["--project", project]);
  const args = ["run", ...selected, "--reporter=default", "--reporter=json", `--outputFile.json=${output}`];
  const result = spawnSync(path.join(bin, "vitest"), args, { stdio: "inherit", env: { ...environment, ...more } });
  if (!existsSync(output)) {
    totals.failed += 1;
    failures.push(`${name}: ended without a report`);
    return;
  }
  const report = JSON.parse(readFileSync(output, "utf8"));
  totals.passed += report.numPassedTests;
  totals.skipped += report.numPendingTests + report.numTodoTests;
  totals.failed += report.numFailedTests;
  for (const file of report.testResults) {
    const failed = file.assertionResults.filter((test) => test.status === "failed");
    for (const test of failed) failures.push(`${name}: ${test.fullName}\n    ${firstLine(test.failureMessages[0])}`);
    const isCutOff = file.assertionResults.some((test) => test.status !== "passed" && test.status !== "skipped");
    if (failed.length === 0 && (file.status === "failed" || isCutOff))
      failures.push(`${name}: ${path.relative(ROOT, file.name)}\n    ${firstLine(file.message) || "cut off"}`);
  }
  // A failure outside any test (a hook, a server that did not start) must not pass for success.
  if (result.status !== 0 && report.numFailedTests === 0) {
    totals.failed += 1;
    failures.push(`${name}: ended with ${result.signal ?? result.status} outside any test, see "Unhandled" above`);
  }
}

const firstLine = (text) => (text ?? "").split("\n", 1)[0];

if (wants("static")) {
  step("format and lint", path.join(bin, "biome"), ["ci", "--error-on-warnings", "."]);
  step("types", path.join(bin, "tsc"), ["-p", "."]);
  step("unused files, exports and dependencies", path.join(bin, "knip"), []);
}
if (wants("unit")) vitest("unit", ["unit"]);
if (wants("database")) vitest("database", ["database"]);
if (wants("external")) {
  await withSystemPostgres(async (url) => {
    if (url) vitest("database on an external server", ["database"], { ENCOURS_TEST_DATABASE_URL: url });
    else
      console.log(
        "\n== database on an external server: skipped, no PostgreSQL 15 or later is installed on this machine",
      );
  });
}
if (wants("process")) vitest("processes", ["process"]);
if (wants("browser")) vitest("browser", ["browser"]);

rmSync(results, { recursive: true, force: true });
if (failures.length > 0) console.log(`\nFailed:\n${failures.map((one) => `  ${one}`).join("\n")}`);
console.log(`\n${Math.round((Date.now() - started) / 1000)} s`);
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
if (totals.failed > 0) process.exit(1);
if (totals.passed === 0) fail("no test ran");
