import { defineConfig } from "vitest/config";

const shared = { pool: "forks" as const, testTimeout: 60_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: "unit",
          include: ["{server,contracts,cli,web,ui,bench}/**/*.test.{ts,tsx}"],
          exclude: ["**/*.db.test.ts", "**/*.process.test.ts", "**/node_modules/**"],
        },
      },
      {
        test: {
          ...shared,
          name: "database",
          include: ["{server,cli,bench}/**/*.db.test.ts"],
          globalSetup: ["server/testing/global-setup.ts"],
          maxWorkers: 2,
        },
      },
      {
        test: {
          ...shared,
          name: "process",
          include: ["server/**/*.process.test.ts"],
          testTimeout: 180_000,
          maxWorkers: 1,
        },
      },
      {
        test: {
          ...shared,
          name: "browser",
          include: ["e2e/**/*.e2e.ts"],
          testTimeout: 180_000,
          hookTimeout: 300_000,
          maxWorkers: 1,
        },
      },
    ],
  },
});
