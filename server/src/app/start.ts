import type { FastifyInstance } from "fastify";
import pino, { type Logger } from "pino";
import { createSignIn, type SignIn } from "#modules/access/index.ts";
import { rolePassword } from "#platform/database/roles.ts";
import {
  type Installation,
  installationSettings,
  openInstallation,
  StartRefused,
  withUser,
} from "#platform/installation/index.ts";
import { firstStart } from "./first-start.ts";
import { allRoutes } from "./routes.ts";
import { type BuiltServices, buildServices } from "./services.ts";
import { buildWebServer } from "./web-server.ts";
import { startWorker, type Worker } from "./worker.ts";

export type Role = "web" | "worker" | "both";

export type Started = { readonly url: string; readonly lines: readonly string[]; stop(): Promise<void> };

/** Opens the installation, serves and works until stopped. Throws StartRefused with a one-line cause. */
export async function start(environment: NodeJS.ProcessEnv): Promise<Started> {
  const port = portOf(environment.PORT);
  const host = environment.HOST || "127.0.0.1";
  const role = (environment.ENCOURS_ROLE || "both") as Role;
  const url = environment.ENCOURS_PUBLIC_URL || `http://${host === "0.0.0.0" ? "127.0.0.1" : host}:${port}`;
  const logger = pino({ level: environment.ENCOURS_LOG || "warn", redact: ["req.headers", "password", "email"] });
  const installation = await openInstallation(installationSettings(environment, "serve"));
  const parts: { services?: BuiltServices; signIn?: SignIn; app?: FastifyInstance; worker?: Worker } = {};
  const stop = async () => {
    await parts.app?.close();
    await parts.worker?.stop();
    await parts.services?.close();
    await parts.signIn?.close();
    await installation.close();
  };
  try {
    parts.services = await buildServices(installation, { publicUrl: url });
    parts.signIn = signInOf(installation, url, environment);
    const lines = await firstStart(parts.services, parts.signIn, environment);
    if (role !== "worker") parts.app = await serve(parts.services, parts.signIn, logger, host, port);
    if (role !== "web") parts.worker = await startWorker(parts.services, logger);
    return { url, lines, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export function signInOf(installation: Installation, publicUrl: string, environment: NodeJS.ProcessEnv): SignIn {
  const password = environment.ENCOURS_APP_PASSWORD || rolePassword(installation.secret, installation.roles.app);
  return createSignIn({
    appUrl: withUser(installation.ownerUrl, installation.roles.app, password),
    secret: installation.secret.toString("base64"),
    publicUrl,
    isTest: environment.ENCOURS_TEST === "1",
  });
}

function portOf(text: string | undefined): number {
  const port = Number(text || 3000);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new StartRefused("address_refused", { host: "PORT", port: String(text), detail: "not a port number" });
  }
  return port;
}

async function serve(
  services: BuiltServices,
  signIn: SignIn,
  logger: Logger,
  host: string,
  port: number,
): Promise<FastifyInstance> {
  const app = await buildWebServer({ services, signIn, routes: allRoutes(signIn), logger });
  try {
    await app.listen({ host, port });
    return app;
  } catch (error) {
    await app.close();
    const { code, message } = error as { code?: string; message: string };
    if (code === "EADDRINUSE") throw new StartRefused("port_in_use", { port });
    throw new StartRefused("address_refused", { host, port, detail: message });
  }
}
