import type { Readable } from "node:stream";
import type { z } from "zod";
import type { Permission } from "#contracts/permissions.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import { done, type Result } from "#kernel/result.ts";
import type { Actor } from "../actor.ts";
import type { Services } from "../services.ts";

/** An uploaded file, whole in memory and bounded by the route's limit. */
export type Upload = { readonly name: string; readonly mediaType: string; readonly content: Buffer };

export type Call<P, Q, B> = {
  readonly actor: Actor;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Version from If-Match; undefined when the caller sent none. */
  readonly ifMatch: number | undefined;
  readonly idempotencyKey: string | undefined;
  readonly services: Services;
  /** Today in the tenant's zone, read once for this call. */
  readonly today: CalendarDate;
  /** Present on routes that declare `upload`. */
  readonly upload: Upload | undefined;
};

/** A reply with more than a body: a version as ETag, a file, a stream. */
export class Answer<T> {
  readonly body: T;
  readonly etag: number | undefined;
  readonly file: { stream: Readable | Buffer; mediaType: string; name: string; inline?: boolean } | undefined;

  constructor(body: T, more: { etag?: number; file?: Answer<T>["file"] } = {}) {
    this.body = body;
    this.etag = more.etag;
    this.file = more.file;
  }
}

export const withEtag = <T>(body: T, version: number): Answer<T> => new Answer(body, { etag: version });

/** What an action made or changed, with its version as ETag; a refusal as it is. */
export const versioned = <T extends { readonly version: number }>(result: Result<T>): Result<Answer<T>> =>
  result.ok ? done(withEtag(result.value, result.value.version)) : result;

export const asFile = (stream: Readable | Buffer, mediaType: string, name: string, inline = false): Answer<unknown> =>
  new Answer<unknown>(undefined, { file: { stream, mediaType, name, inline } });

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** One operation of the API. `permission` is what the caller needs; "public" needs no session at all. */
export type Route = {
  readonly method: Method;
  /** Below /api/v1, parameters as `:name`. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly permission: Permission | "public";
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly reply?: z.ZodType;
  readonly status?: number;
  /** Largest upload in bytes; the body is then multipart with one file field. */
  readonly upload?: { readonly maxBytes: number };
  /** Replies with a file, not with JSON. */
  readonly file?: boolean;
  readonly bodyLimit?: number;
  readonly handle: (call: Call<unknown, unknown, unknown>) => Promise<Result<unknown>>;
};

type Out<S> = S extends z.ZodType ? z.output<S> : undefined;

/** Declares an operation; types of params, query and body follow from their schemas. */
export function route<
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
  R extends z.ZodType | undefined = undefined,
>(declared: {
  method: Method;
  path: string;
  operationId: string;
  tag: string;
  summary: string;
  permission: Permission | "public";
  params?: P;
  query?: Q;
  body?: B;
  reply?: R;
  status?: number;
  upload?: { maxBytes: number };
  file?: boolean;
  bodyLimit?: number;
  handle: (
    call: Call<Out<P>, Out<Q>, Out<B>>,
  ) => Promise<Result<R extends z.ZodType ? z.input<R> | Answer<z.input<R>> : unknown>>;
}): Route {
  return declared as unknown as Route;
}
