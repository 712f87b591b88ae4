import { randomUUID } from "node:crypto";
import "@fastify/multipart";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { Problem } from "#contracts/common.ts";
import { todayIn } from "#kernel/clock.ts";
import { isUuid } from "#kernel/ids.ts";
import type { Result } from "#kernel/result.ts";
import type { Actor } from "../actor.ts";
import type { Services } from "../services.ts";
import { atMostOnce, type KeptAnswer, requestHash } from "./idempotency.ts";
import { HttpRefusal, languageOf, problemOf } from "./problem.ts";
import { Answer, type Call, type Route, type Upload } from "./route.ts";

/** Finds who calls, from a session cookie or an API key; undefined for nobody. */
export type Authenticate = (request: FastifyRequest) => Promise<Actor | undefined>;

const NOBODY_ZONE = "Europe/Paris";
const DEFAULT_BODY_BYTES = 1 << 20;

/** Mounts every operation under /api/v1: sign-in, permission, validation, idempotency, ETag, problems. */
export function mountRoutes(
  app: FastifyInstance,
  routes: readonly Route[],
  services: Services,
  authenticate: Authenticate,
): void {
  for (const route of routes) {
    app.route({
      method: route.method,
      url: `/api/v1${route.path}`,
      bodyLimit: route.bodyLimit ?? route.upload?.maxBytes ?? DEFAULT_BODY_BYTES,
      schema: schemaOf(route),
      // Checked by our own edge below, so that errors are ours and hot replies are written plainly.
      validatorCompiler: () => () => true,
      serializerCompiler: () => (value) => JSON.stringify(value),
      handler: (request, reply) => handle(route, services, authenticate, request, reply),
    });
  }
  app.setErrorHandler((error, request, reply) => sendFailure(error, request, reply));
  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, "not_found", languageOf(request.headers["accept-language"])),
  );
}

function schemaOf(route: Route) {
  const status = String(route.status ?? 200);
  const body = route.upload ? z.object({ file: z.string().meta({ format: "binary" }) }) : route.body;
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    ...(route.permission === "public" ? { security: [] } : { description: `Permission: \`${route.permission}\`.` }),
    ...(route.upload ? { consumes: ["multipart/form-data"] } : {}),
    ...(route.params ? { params: route.params } : {}),
    ...(route.query ? { querystring: route.query } : {}),
    ...(body ? { body } : {}),
    ...(route.reply ? { response: { [status]: route.reply, default: Problem } } : {}),
  };
}

async function handle(
  route: Route,
  services: Services,
  authenticate: Authenticate,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const actor = await authenticate(request);
  if (route.permission !== "public") {
    if (!actor) throw new HttpRefusal("not_signed_in");
    if (!actor.permissions.has(route.permission))
      throw new HttpRefusal("not_permitted", { permission: route.permission });
  }
  const call = await callOf(route, services, request, actor);
  const answer = await answerOf(route, services, request, call);
  if (answer instanceof Answer) return sendFile(reply, answer);
  if (answer.etag !== undefined) reply.header("etag", answer.etag);
  return reply
    .code(answer.status)
    .type("application/json; charset=utf-8")
    .send(answer.body ?? {});
}

async function answerOf(
  route: Route,
  services: Services,
  request: FastifyRequest,
  call: Call<unknown, unknown, unknown>,
): Promise<KeptAnswer | Answer<unknown>> {
  let file: Answer<unknown> | undefined;
  const work = async (): Promise<KeptAnswer> => {
    const value = valueOrRefusal(await route.handle(call));
    if (value instanceof Answer && value.file) file = value;
    const status = route.status ?? 200;
    if (value instanceof Answer)
      return { status, body: value.body, etag: value.etag === undefined ? undefined : `"${value.etag}"` };
    return { status, body: value, etag: undefined };
  };
  const isUnsafe = route.method !== "GET";
  const key = call.idempotencyKey;
  if (!isUnsafe || !key || route.permission === "public") {
    const answer = await work();
    return file ?? checked(route, answer);
  }
  const hash = requestHash(`${route.method} ${request.url}`, {
    body: call.body ?? null,
    upload: call.upload ? { name: call.upload.name, content: call.upload.content.toString("base64") } : null,
    ifMatch: call.ifMatch ?? null,
  });
  const answer = await atMostOnce(services.db, call.actor, key, route.operationId, hash, work);
  return file ?? checked(route, answer);
}

/** In tests every reply is held against its schema; in service the schema only documents. */
function checked(route: Route, answer: KeptAnswer): KeptAnswer {
  if (process.env.ENCOURS_CHECK_REPLIES === "1" && route.reply) {
    const seen = route.reply.safeParse(answer.body);
    if (!seen.success) throw new Error(`${route.operationId} broke its contract: ${z.prettifyError(seen.error)}`);
  }
  return answer;
}

function valueOrRefusal(result: Result<unknown>): unknown {
  if (result.ok) return result.value;
  const { current, ...details } = result.details as Record<string, string | number> & { current?: unknown };
  throw new HttpRefusal(result.code, details, current === undefined ? {} : { current });
}

async function callOf(
  route: Route,
  services: Services,
  request: FastifyRequest,
  actor: Actor | undefined,
): Promise<Call<unknown, unknown, unknown>> {
  const params = parsePart("params", route.params, request.params);
  for (const [name, value] of Object.entries((params ?? {}) as Record<string, unknown>)) {
    if (name.endsWith("Id") && typeof value === "string" && value.length === 36 && !isUuid(value))
      throw new HttpRefusal("not_found");
  }
  const upload = route.upload ? await uploadOf(request, route.upload.maxBytes) : undefined;
  const header = (name: string) => {
    const value = request.headers[name];
    return typeof value === "string" ? value : undefined;
  };
  const key = header("idempotency-key");
  if (key !== undefined && !/^[\x21-\x7e]{1,200}$/.test(key)) {
    throw new HttpRefusal("invalid_request", { detail: "Idempotency-Key" });
  }
  const match = /^(?:W\/)?"?(\d{1,9})"?$/.exec(header("if-match") ?? "");
  return {
    actor: actor as Actor,
    params,
    query: parsePart("query", route.query, request.query),
    body: route.upload ? undefined : parsePart("body", route.body, request.body),
    ifMatch: match ? Number(match[1]) : undefined,
    idempotencyKey: key,
    services,
    today: todayIn(services.clock, actor?.zone ?? NOBODY_ZONE),
    upload,
  };
}

function parsePart(part: string, schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const isMissingThing = part === "params";
  if (isMissingThing) throw new HttpRefusal("not_found");
  const errors = parsed.error.issues
    .slice(0, 20)
    .map((issue) => ({ path: [part, ...issue.path].join("."), message: issue.message }));
  const detail = errors
    .map((error) => `${error.path}: ${error.message}`)
    .slice(0, 3)
    .join("; ");
  throw new HttpRefusal("invalid_request", { detail }, { errors });
}

async function uploadOf(request: FastifyRequest, maxBytes: number): Promise<Upload> {
  if (!request.isMultipart()) throw new HttpRefusal("invalid_request", { detail: "multipart/form-data, field “file”" });
  const part = await request.file({ limits: { fileSize: maxBytes, files: 1, fields: 50 } });
  if (!part) throw new HttpRefusal("invalid_request", { detail: "file" });
  const content = await part.toBuffer().catch((error: { code?: string }) => {
    if (error.code === "FST_REQ_FILE_TOO_LARGE")
      throw new HttpRefusal("too_large", { limit: `${Math.floor(maxBytes / 1_048_576)} MB` });
    throw error;
  });
  return { name: (part.filename ?? "file").slice(0, 200), mediaType: part.mimetype, content };
}

function sendFile(reply: FastifyReply, answer: Answer<unknown>): FastifyReply {
  const { file } = answer;
  if (!file) throw new Error("an answer without a file");
  const name = file.name.replaceAll(/[^\w.-]+/g, "_");
  reply.header(
    "content-disposition",
    `${file.inline ? "inline" : "attachment"}; filename="${name}"; filename*=UTF-8''${encodeURIComponent(file.name)}`,
  );
  reply.header("x-content-type-options", "nosniff");
  return reply.type(file.mediaType).send(file.stream);
}

const sendProblem = (
  reply: FastifyReply,
  code: string,
  language: "fr" | "en",
  details: Readonly<Record<string, string | number>> = {},
  extras: Partial<Problem> = {},
) => {
  const problem = problemOf(code, language, details, extras);
  if (code === "unavailable") reply.header("retry-after", "5");
  return reply.code(problem.status).type("application/problem+json; charset=utf-8").send(JSON.stringify(problem));
};

const OUTAGES = /^(08|57P0|53300|ECONN|ETIMEDOUT|EPIPE)/;

function sendFailure(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const language = languageOf(request.headers["accept-language"]);
  if (error instanceof HttpRefusal) return sendProblem(reply, error.code, language, error.details, error.extras);
  const { code = "", statusCode, message } = error as { code?: string; statusCode?: number; message: string };
  if (code === "53100" || code === "ENOSPC") return sendProblem(reply, "disk_full", language);
  if (OUTAGES.test(code) || /Connection terminated|timeout exceeded when trying to connect/.test(message)) {
    return sendProblem(reply, "unavailable", language);
  }
  if (code === "22021" || code === "22P05") return sendProblem(reply, "invalid_request", language, { detail: "text" });
  if (statusCode === 413) return sendProblem(reply, "too_large", language, { limit: "1 MB" });
  if (statusCode === 429) return sendProblem(reply, "too_many_requests", language, { seconds: 60 });
  if (statusCode && statusCode < 500) return sendProblem(reply, "invalid_request", language, { detail: message });
  const reference = randomUUID().slice(0, 8);
  request.log.error({ err: error, reference }, "request failed");
  return sendProblem(reply, "fault", language, { reference });
}
