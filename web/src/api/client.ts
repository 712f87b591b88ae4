/** An answer that is not 2xx, as an RFC 9457 problem. `code` is literal; `detail` is in the reader's language, made by the server. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly reference: string | undefined;
  readonly errors: readonly { readonly path: string; readonly detail: string }[];

  constructor(status: number, body: Readonly<Record<string, unknown>>) {
    const code = typeof body.code === "string" ? body.code : "unknown";
    const detail = typeof body.detail === "string" ? body.detail : typeof body.message === "string" ? body.message : "";
    super(detail || code);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.reference = typeof body.instance === "string" ? body.instance : undefined;
    this.errors = Array.isArray(body.errors) ? body.errors.map(readFieldError) : [];
  }
}

function readFieldError(value: unknown): { path: string; detail: string } {
  const row = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  return { path: String(row.path ?? row.pointer ?? ""), detail: String(row.detail ?? row.message ?? "") };
}

export type QueryValue = string | number | boolean | null | undefined | readonly string[];

export type Ask = {
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly body?: unknown;
  /** Version of the aggregate that the reader saw; stale is refused with 412. */
  readonly ifMatch?: number;
  /** Makes a repeated send the same request; give one per intention, not per click. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
};

let language = "fr";
/** Language in which the server words its refusals. */
export const speak = (chosen: string): void => {
  language = chosen;
};

/** `/items` → `/api/v1/items`; addresses that start with `/api/` are taken as they are. */
export function address(path: string, query: Ask["query"] = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === "") continue;
    if (typeof value === "object") for (const one of value) params.append(name, one);
    else params.append(name, String(value));
  }
  const text = params.toString();
  return (path.startsWith("/api/") ? path : `/api/v1${path}`) + (text ? `?${text}` : "");
}

async function ask<T>(method: string, path: string, options: Ask = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": language };
  if (options.ifMatch !== undefined) headers["If-Match"] = `"${options.ifMatch}"`;
  if (options.idempotencyKey) headers["Idempotency-Key"] = options.idempotencyKey;
  const init: RequestInit = { method, headers, credentials: "same-origin" };
  if (options.signal) init.signal = options.signal;
  if (options.body instanceof FormData || options.body instanceof Blob) init.body = options.body;
  else if (options.body !== undefined) {
    headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(options.body);
  }
  const response = await fetch(address(path, options.query), init).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem(0, { code: "unreachable" });
  });
  const text = await response.text();
  const type = response.headers.get("content-type") ?? "";
  const parsed: unknown = text && type.includes("json") ? JSON.parse(text) : text || undefined;
  if (!response.ok) {
    const body = typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : {};
    throw new Problem(response.status, body);
  }
  return parsed as T;
}

/** The one way to the server. Types come from the contracts; the server checked the answer against the same schema. */
export const api = {
  get: <T>(path: string, query?: Ask["query"], signal?: AbortSignal) =>
    ask<T>("GET", path, { ...(query ? { query } : {}), ...(signal ? { signal } : {}) }),
  post: <T>(path: string, body?: unknown, options: Ask = {}) => ask<T>("POST", path, { ...options, body: body ?? {} }),
  put: <T>(path: string, body?: unknown, options: Ask = {}) => ask<T>("PUT", path, { ...options, body: body ?? {} }),
  patch: <T>(path: string, body?: unknown, options: Ask = {}) =>
    ask<T>("PATCH", path, { ...options, body: body ?? {} }),
  delete: <T>(path: string, options: Ask = {}) => ask<T>("DELETE", path, options),
  send: <T>(method: "POST" | "PUT", path: string, body: FormData | Blob, options: Ask = {}) =>
    ask<T>(method, path, { ...options, body }),
};

/** A key for one intention of the user. */
export const newKey = (): string => crypto.randomUUID();
