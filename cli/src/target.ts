import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Command } from "commander";
import type { FastifyInstance } from "fastify";
import pino from "pino";
import { allRoutes } from "../../server/src/app/routes.ts";
import { type BuiltServices, buildServices } from "../../server/src/app/services.ts";
import { signInOf } from "../../server/src/app/start.ts";
import { buildWebServer } from "../../server/src/app/web-server.ts";
import { startWorker } from "../../server/src/app/worker.ts";
import { allTenants, createCliCaller } from "../../server/src/modules/access/index.ts";
import { installationSettings, openInstallation } from "../../server/src/platform/installation/index.ts";

/** A command that cannot do what was asked; its message is one clear line. */
export class CommandFailed extends Error {}

export type Options = { url?: string; key?: string; tenant?: string; json?: boolean; language: string };

export type Answer = { status: number; body: unknown; headers: Headers };

/** The API of an installation, here or elsewhere: commands speak to both alike. */
export type Target = {
  call(
    method: string,
    path: string,
    options?: { body?: unknown; file?: { name: string; path: string }; ifMatch?: string },
  ): Promise<Answer>;
  /** Bytes of a reply, for exports. */
  download(path: string): Promise<Buffer>;
  /** Set when the installation is this machine's. */
  readonly local: { services: BuiltServices } | undefined;
  close(): Promise<void>;
};

export const optionsOf = (command: Command): Options => command.optsWithGlobals();

/** Paths are meant from where the command was called. */
export const fromHere = (file: string): string =>
  path.resolve(process.env["ENCOURS_CALLED_FROM"] ?? process.cwd(), file);

export async function withTarget(
  command: Command,
  work: (target: Target, options: Options) => Promise<void>,
): Promise<void> {
  const options = optionsOf(command);
  const target = options.url ? remote(options, options.url) : await local(options);
  try {
    await work(target, options);
  } finally {
    await target.close();
  }
}

function remote(options: Options, url: string): Target {
  const key = options.key ?? process.env["ENCOURS_API_KEY"];
  if (!key) throw new CommandFailed("--url needs an API key: --key, or ENCOURS_API_KEY");
  const base = url.replace(/\/$/, "");
  const send = async (method: string, path: string, init: { body?: BodyInit; headers?: Record<string, string> }) => {
    const headers = { authorization: `Bearer ${key}`, "accept-language": options.language, ...init.headers };
    try {
      return await fetch(`${base}/api/v1${path}`, {
        method,
        headers,
        ...(init.body === undefined ? {} : { body: init.body }),
      });
    } catch (error) {
      throw new CommandFailed(
        `cannot reach ${base}: ${((error as Error).cause as Error | undefined)?.message ?? (error as Error).message}`,
      );
    }
  };
  return {
    local: undefined,
    call: async (method, path, given = {}) => {
      const answer = await send(method, path, await requestOf(given));
      const text = await answer.text();
      return { status: answer.status, body: parse(text), headers: answer.headers };
    },
    download: async (path) => {
      const answer = await send("GET", path, {});
      if (!answer.ok) throw failure(parse(await answer.text()));
      return Buffer.from(await answer.arrayBuffer());
    },
    close: async () => {},
  };
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return { detail: text.slice(0, 200) };
  }
};

async function requestOf(given: { body?: unknown; file?: { name: string; path: string }; ifMatch?: string }) {
  const headers: Record<string, string> = given.ifMatch ? { "if-match": given.ifMatch } : {};
  if (given.file) {
    const form = new FormData();
    form.append("file", new Blob([await readFile(given.file.path)]), given.file.name);
    return { body: form, headers };
  }
  if (given.body === undefined) return { headers };
  return { body: JSON.stringify(given.body), headers: { ...headers, "content-type": "application/json" } };
}

/** This machine's installation, served or not: the very API in this process, without a port, as the system itself. */
async function local(options: Options): Promise<Target> {
  const installation = await openInstallation({ ...installationSettings(process.env, "command"), poolSize: 6 });
  let services: BuiltServices | undefined;
  let app: FastifyInstance | undefined;
  try {
    services = await buildServices(installation, { publicUrl: "http://127.0.0.1:3000" });
    const tenants = await services.db.global(allTenants);
    const tenant = chooseTenant(tenants, options.tenant);
    const signIn = signInOf(installation, services.publicUrl, process.env);
    const caller = createCliCaller(tenant, options.language === "en" ? "en" : "fr");
    app = await buildWebServer({ services, signIn, routes: allRoutes(signIn), logger: false, caller });
    const worker = await startWorker(services, pino({ level: "silent" }));
    return localTarget(app, services, options, async () => {
      await app?.close();
      await worker.stop();
      await signIn.close();
      await services?.close();
      await installation.close();
    });
  } catch (error) {
    await app?.close();
    await services?.close();
    await installation.close();
    throw error;
  }
}

type Tenants = Awaited<ReturnType<typeof allTenants>> extends (infer T)[] ? T[] : never;

function chooseTenant(tenants: Tenants, wanted: string | undefined): Tenants[number] {
  if (tenants.length === 0)
    throw new CommandFailed("this installation has no organisation yet; start it once with npm start");
  if (wanted) {
    const found = tenants.find((tenant) => tenant.id === wanted || tenant.name.toLowerCase() === wanted.toLowerCase());
    if (!found)
      throw new CommandFailed(
        `no organisation “${wanted}”; there are: ${tenants.map((tenant) => tenant.name).join(", ")}`,
      );
    return found;
  }
  const real = tenants.filter((tenant) => !tenant.isDemo);
  const [only, ...others] = real.length > 0 ? real : tenants;
  if (!only || others.length > 0)
    throw new CommandFailed(
      `several organisations, choose one with --tenant: ${tenants.map((tenant) => tenant.name).join(", ")}`,
    );
  return only;
}

function localTarget(
  app: FastifyInstance,
  services: BuiltServices,
  options: Options,
  close: () => Promise<void>,
): Target {
  const inject = async (method: string, path: string, init: { body?: BodyInit; headers: Record<string, string> }) => {
    const request = new Request(`http://127.0.0.1/api/v1${path}`, {
      method,
      ...(init.body === undefined ? {} : { body: init.body }),
      headers: init.headers,
    });
    const headers: Record<string, string> = { "accept-language": options.language };
    request.headers.forEach((value, name) => {
      headers[name] = value;
    });
    const payload = init.body === undefined ? undefined : Buffer.from(await request.arrayBuffer());
    return app.inject({ method: method as "GET", url: `/api/v1${path}`, headers, ...(payload ? { payload } : {}) });
  };
  return {
    local: { services },
    call: async (method, path, given = {}) => {
      const answer = await inject(method, path, await requestOf(given));
      const headers = new Headers();
      for (const [name, value] of Object.entries(answer.headers))
        if (value !== undefined) headers.set(name, String(value));
      return { status: answer.statusCode, body: parse(answer.body), headers };
    },
    download: async (path) => {
      const answer = await inject("GET", path, { headers: {} });
      if (answer.statusCode >= 400) throw failure(parse(answer.body));
      return answer.rawPayload;
    },
    close,
  };
}

const failure = (body: unknown): CommandFailed => {
  const { detail, code } = (body ?? {}) as { detail?: string; code?: string };
  return new CommandFailed(detail ?? code ?? "the request failed");
};

/** The body of a good answer; a refusal becomes a one-line failure. */
export async function ask<T>(
  target: Target,
  method: string,
  path: string,
  given: Parameters<Target["call"]>[2] = {},
): Promise<T> {
  const answer = await target.call(method, path, given);
  if (answer.status >= 400) throw failure(answer.body);
  return answer.body as T;
}
