import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { migrate, roleNames } from "#platform/database/index.ts";
import { ensureRoles } from "#platform/database/roles.ts";
import { MIGRATIONS, startEmbedded } from "#platform/installation/index.ts";

const TEMPLATE = "encours_template";
const APP_PASSWORD = "test-only";

/** One PostgreSQL for the whole test run: the embedded one, or that of ENCOURS_TEST_DATABASE_URL. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const external = process.env.ENCOURS_TEST_DATABASE_URL;
  const folder = await mkdtemp(path.join(tmpdir(), "encours-test-"));
  const server = external
    ? { ownerUrl: external, stop: async () => {} }
    : await startEmbedded({
        folder: path.join(folder, "postgres"),
        password: APP_PASSWORD,
        settings: ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200"],
      });
  const roles = roleNames("encours_test");
  await onDatabase(server.ownerUrl, async (owner) => {
    await owner.query(`drop database if exists ${TEMPLATE} with (force)`);
    await owner.query(`create database ${TEMPLATE}`);
    await ensureRoles(owner, roles, () => APP_PASSWORD);
  });
  await onDatabase(server.ownerUrl.replace(/\/[^/]*$/, `/${TEMPLATE}`), (owner) => migrate(owner, MIGRATIONS, roles));
  project.provide("ownerUrl", server.ownerUrl);
  project.provide("templateName", TEMPLATE);
  project.provide("appRole", roles.app);
  project.provide("appPassword", APP_PASSWORD);
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

async function onDatabase(url: string, work: (owner: pg.Client) => Promise<unknown>): Promise<void> {
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  try {
    await work(owner);
  } finally {
    await owner.end();
  }
}
