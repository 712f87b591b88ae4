import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import helmet from "@fastify/helmet";
import multipart from "@fastify/multipart";
import rateLimit from "@fastify/rate-limit";
import fastifyStatic from "@fastify/static";
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from "fastify";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import type { Logger } from "pino";
import { authenticator, type CallerHeaders, PEER_HEADER, type SignIn } from "#modules/access/index.ts";
import type { Actor } from "#platform/actor.ts";
import { sql } from "#platform/database/index.ts";
import { mountRoutes, type Route } from "#platform/http/index.ts";
import type { Services } from "#platform/services.ts";

const WEB_FOLDER = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../../web/dist");
/** From one address: 50 people behind one, each opening a page of ten blocks every five seconds, make 6,000. */
const REQUESTS_A_MINUTE = 12_000;
const ASSET_SECONDS = 31_536_000;

export type WebServerParts = {
  readonly services: Services;
  readonly signIn: SignIn;
  readonly routes: readonly Route[];
  readonly logger: Logger | false;
  readonly metrics?: () => Promise<string>;
  /** Set by the command line: every request is this caller's, and no port is opened. */
  readonly caller?: Actor;
};

/** The HTTP server: API, documentation, sign-in, health, metrics and the browser application. */
export async function buildWebServer(parts: WebServerParts): Promise<FastifyInstance> {
  const { services, signIn } = parts;
  const logging = parts.logger ? { loggerInstance: parts.logger as FastifyBaseLogger } : { logger: false as const };
  const app = Fastify({
    ...logging,
    trustProxy: false,
    routerOptions: { maxParamLength: 200 },
  });
  await app.register(helmet, securityHeaders());
  await app.register(rateLimit, { max: REQUESTS_A_MINUTE, timeWindow: "1 minute" });
  await app.register(multipart);
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Encours",
        version: "1",
        description: "Credit management and collection. Errors follow RFC 9457.",
      },
      servers: [{ url: "/" }],
      components: {
        securitySchemes: {
          session: { type: "apiKey", in: "cookie", name: "better-auth.session_token" },
          apiKey: { type: "http", scheme: "bearer", description: "API key: enc_…" },
        },
      },
      security: [{ session: [] }, { apiKey: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  await app.register(swaggerUi, { routePrefix: "/api/docs", staticCSP: true });
  const callers = authenticator(services.db, signIn);
  const headersOf = (request: FastifyRequest): CallerHeaders => ({
    cookie: request.headers.cookie,
    authorization: request.headers.authorization,
    tenant: single(request.headers["x-encours-tenant"]),
    peer: request.ip,
  });
  app.addHook("onRequest", async (request, reply) => {
    // A page of another site may not act with our cookie, whatever the browser's cookie rules are.
    if (request.method !== "GET" && request.method !== "HEAD" && request.headers["sec-fetch-site"] === "cross-site") {
      await reply.code(403).send({ code: "not_permitted" });
    }
  });
  mountRoutes(app, parts.routes, services, async (request) => {
    if (parts.caller) return parts.caller;
    const caller = await callers.caller(headersOf(request));
    return caller?.signedIn ? { ...caller.actor, ...{ signedIn: caller.signedIn } } : caller?.actor;
  });
  mountSignIn(app, signIn, callers.forget);
  mountHealth(app, services, parts.metrics);
  app.get("/api/openapi.json", { schema: { hide: true } }, () => app.swagger());
  await mountApplication(app);
  return app;
}

const single = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

function securityHeaders() {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        // Mantine writes style elements; scripts never may.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", "data:", "blob:"],
        fontSrc: ["'self'", "data:"],
        connectSrc: ["'self'"],
        frameSrc: ["'self'", "blob:"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    crossOriginEmbedderPolicy: false,
    hsts: false,
    referrerPolicy: { policy: "same-origin" as const },
  };
}

function mountSignIn(app: FastifyInstance, signIn: SignIn, forget: () => void): void {
  app.route({
    method: ["GET", "POST"],
    url: "/api/auth/*",
    schema: { hide: true },
    handler: async (request, reply) => {
      const headers = new Headers();
      for (const [name, value] of Object.entries(request.headers)) {
        if (typeof value === "string" && name !== PEER_HEADER && name !== "content-length") headers.set(name, value);
      }
      headers.set(PEER_HEADER, request.ip);
      const body = request.method === "POST" ? { body: JSON.stringify(request.body ?? {}) } : {};
      const url = `${request.protocol}://${request.headers.host ?? "localhost"}${request.url}`;
      const answer = await signIn.handle(new Request(url, { method: request.method, headers, ...body }));
      if (request.method === "POST") forget();
      reply.code(answer.status);
      for (const [name, value] of answer.headers) if (name !== "set-cookie") reply.header(name, value);
      const cookies = answer.headers.getSetCookie();
      if (cookies.length > 0) reply.header("set-cookie", cookies);
      return reply.send(await answer.text());
    },
  });
}

function mountHealth(app: FastifyInstance, services: Services, metrics: (() => Promise<string>) | undefined): void {
  app.get("/health/live", { schema: { hide: true } }, () => ({ status: "live" }));
  app.get("/health/ready", { schema: { hide: true } }, async (_request, reply) => {
    try {
      await services.db.global((tx) => tx.one(sql`select 1 as one`));
      return { status: "ready" };
    } catch {
      return reply.code(503).header("retry-after", "5").send({ status: "database unreachable" });
    }
  });
  if (metrics)
    app.get("/metrics", { schema: { hide: true } }, async (_request, reply) =>
      reply.type("text/plain").send(await metrics()),
    );
}

async function mountApplication(app: FastifyInstance): Promise<void> {
  const index = await readFile(path.join(WEB_FOLDER, "index.html")).catch(() => undefined);
  if (!index) return;
  await app.register(fastifyStatic, {
    root: WEB_FOLDER,
    wildcard: false,
    index: false,
    setHeaders: (reply, file) => {
      reply.header(
        "cache-control",
        file.includes(`${path.sep}assets${path.sep}`) ? `public, max-age=${ASSET_SECONDS}, immutable` : "no-cache",
      );
    },
  });
  app.get("/*", { schema: { hide: true } }, (request, reply) => {
    if (request.url.startsWith("/api/")) return reply.callNotFound();
    return reply.type("text/html; charset=utf-8").header("cache-control", "no-cache").send(index);
  });
}
