import type { Actor } from "#platform/actor.ts";
import { allRoutes } from "../src/app/routes.ts";
import { buildWebServer } from "../src/app/web-server.ts";
import type { TestServices } from "./services.ts";

export type ApiReply = { readonly status: number; readonly body: Record<string, unknown> & { readonly code?: string } };

const NOBODY = {
  handle: async () => new Response(null, { status: 404 }),
  userOf: async () => undefined,
  createUser: async () => ({ id: "u", isNew: true }),
  checkPassword: async () => false,
  close: async () => {},
};

/** The API as one caller has it, without a socket; close it in afterAll. */
export async function apiOf(services: TestServices, caller: Actor) {
  const app = await buildWebServer({ services, signIn: NOBODY, routes: allRoutes(NOBODY), logger: false, caller });
  return {
    call: async (
      method: "GET" | "POST" | "PUT" | "DELETE",
      url: string,
      body?: unknown,
      given: { readonly version?: number | undefined; readonly key?: string } = {},
    ): Promise<ApiReply> => {
      const headers = {
        ...(given.version === undefined ? {} : { "if-match": `"${given.version}"` }),
        ...(given.key === undefined ? {} : { "idempotency-key": given.key }),
      };
      const payload = body === undefined ? {} : { payload: body as object };
      const answer = await app.inject({ method, url: `/api/v1${url}`, headers, ...payload });
      return { status: answer.statusCode, body: answer.body === "" ? {} : answer.json() };
    },
    close: async () => {
      await app.close();
    },
  };
}
