import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

const READY_MS = 240_000;

/** A system Chromium; journeys are skipped with a message where there is none. */
export const chromiumPath = (): string | undefined =>
  [process.env.ENCOURS_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
    (one) => one !== undefined && existsSync(one),
  );

export type Application = { readonly base: string; readonly stop: () => Promise<void> };

/** The product as an operator starts it, on a free port and an empty data folder, with the demo company. */
export async function startApplication(): Promise<Application> {
  // one that already runs, to look again quickly while writing a journey
  const running = process.env.ENCOURS_E2E_BASE;
  if (running) return { base: running, stop: async () => undefined };
  const port = await freePort();
  const data = await mkdtemp(path.join(tmpdir(), "encours-e2e-"));
  const child = spawn(process.execPath, ["scripts/start.mjs"], {
    env: { ...process.env, PORT: String(port), HOST: "127.0.0.1", ENCOURS_DATA: data, DATABASE_URL: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-8000);
    });
  const base = `http://127.0.0.1:${port}`;
  await untilReady(base, child, () => output);
  return {
    base,
    stop: async () => {
      await ended(child);
      await rm(data, { recursive: true, force: true });
    },
  };
}

async function untilReady(base: string, child: ChildProcess, output: () => string): Promise<void> {
  const end = performance.now() + READY_MS;
  while (performance.now() < end) {
    if (child.exitCode !== null) throw new Error(`the application ended while starting:\n${output()}`);
    const answer = await fetch(`${base}/health/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  child.kill("SIGKILL");
  throw new Error(`the application was not ready in time:\n${output()}`);
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    const hard = setTimeout(() => child.kill("SIGKILL"), 20_000);
    child.once("exit", () => {
      clearTimeout(hard);
      resolve();
    });
    child.kill("SIGTERM");
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath() ?? "",
    args: [
      "--no-sandbox",
      "--disable-dev-shm-usage",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

export type Visit = {
  language?: "fr" | "en";
  scheme?: "light" | "dark";
  width?: number;
  height?: number;
  /** Cookies of somebody who signed in before: sign-in is rate-limited, as it should be. */
  state?: Awaited<ReturnType<BrowserContext["storageState"]>>;
};

/** A fresh visitor; `faults` collects what the page reported as errors. */
export async function visit(browser: Browser, choice: Visit = {}) {
  const { language = "fr", scheme = "light", width = 1440, height = 900 } = choice;
  const context: BrowserContext = await browser.newContext({
    viewport: { width, height },
    locale: language === "fr" ? "fr-FR" : "en-GB",
    timezoneId: "Europe/Paris",
    colorScheme: scheme,
    acceptDownloads: true,
    ...(choice.state ? { storageState: { cookies: choice.state.cookies, origins: [] } } : {}),
  });
  // the language chosen on this device; frames of mails have no storage
  await context.addInitScript((chosen) => {
    try {
      localStorage.setItem("encours.language", localStorage.getItem("encours.language") ?? chosen);
    } catch {
      // a sandboxed frame
    }
  }, language);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("response", (response) => {
    if (response.status() >= 500) faults.push(`${response.status()} ${response.url()}`);
  });
  page.setDefaultTimeout(30_000);
  return { context, page, faults };
}

/** Signs the demo user in through the page and returns the cookies. */
export async function signIn(page: Page, base: string) {
  await page.goto(base);
  await page.getByLabel("Adresse e-mail").fill("demo@encours.example");
  await page.getByLabel("Mot de passe").fill("demonstration");
  await page.getByRole("button", { name: "Se connecter" }).click();
  await page.getByRole("heading", { level: 1, name: /^Bonjour / }).waitFor();
  return page.context().storageState();
}
