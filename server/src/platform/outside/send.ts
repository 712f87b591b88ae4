import http from "node:http";
import https from "node:https";
import type { LookupFunction } from "node:net";
import { addressFor, type OutsideRules } from "./index.ts";

export type OutsideRequest = {
  readonly method: "POST" | "GET";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** From the first byte of the connection to the last of the answer. */
  readonly timeoutMs: number;
};

export type OutsideAnswer = { readonly status: number; readonly body: string };

const KEPT_BYTES = 4_096;

/**
 * One request to an address that somebody typed. The name is resolved and checked once and the connection goes to that very address; redirects are
 * answers, never followed; of the body only the start is read. Throws OutsideRefused, or the network's own error.
 */
export async function sendOutside(request: OutsideRequest, rules: OutsideRules): Promise<OutsideAnswer> {
  const { url } = request;
  const pinned = await addressFor(url.hostname, rules);
  const lookup: LookupFunction = (_host, options, callback) => {
    if (options.all) callback(null, [pinned]);
    else callback(null, pinned.address, pinned.family);
  };
  const client = url.protocol === "https:" ? https : http;
  return new Promise((resolve, reject) => {
    const sent = client.request(
      url,
      {
        method: request.method,
        headers: { ...request.headers, "content-length": Buffer.byteLength(request.body) },
        lookup,
        agent: false,
      },
      (answer) => {
        const parts: Buffer[] = [];
        let size = 0;
        answer.on("data", (part: Buffer) => {
          if (size < KEPT_BYTES) parts.push(part.subarray(0, KEPT_BYTES - size));
          size += part.length;
          // a body without end keeps nobody waiting: what counts is known
          if (size > KEPT_BYTES * 16) answer.destroy();
        });
        const finish = () => {
          clearTimeout(deadline);
          resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(parts).toString("utf8") });
        };
        answer.on("end", finish);
        answer.on("close", finish);
      },
    );
    const deadline = setTimeout(() => sent.destroy(new Error("timeout")), request.timeoutMs);
    sent.on("error", (error) => {
      clearTimeout(deadline);
      reject(error);
    });
    sent.end(request.body);
  });
}
