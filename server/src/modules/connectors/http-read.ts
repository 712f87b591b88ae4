import { Reading, ReadQuery } from "#contracts/read.ts";
import { done, refuse } from "#kernel/result.ts";
import { type Route, route } from "#platform/http/index.ts";
import { withTemporaryFile } from "./actions/import-file.ts";
import { readAnyFile } from "./actions/read-file.ts";
import { fileFaultText } from "./actions/reading-view.ts";
import { FileRefused } from "./core/fault.ts";

const LARGEST = 64 * 1_048_576;

/** What a file says, for people who must explain one. */
export const readRoutes: Route[] = [
  route({
    method: "POST",
    path: "/read",
    operationId: "readFile",
    tag: "imports",
    permission: "imports.read",
    summary:
      "Say what a bank statement, a return file, an e-invoice or an accounting-entries file holds; nothing is stored",
    query: ReadQuery,
    upload: { maxBytes: LARGEST },
    reply: Reading,
    handle: async ({ actor, query, upload }) => {
      if (!upload) return refuse("invalid_request", { detail: "file" });
      const asked = { kind: query.kind ?? null, fileName: upload.name, language: actor.language };
      try {
        return done(await withTemporaryFile(upload.content, (path) => readAnyFile(path, asked)));
      } catch (error) {
        if (!(error instanceof FileRefused)) throw error;
        const { code, line, column = "" } = error.fault;
        return refuse("file_refused", {
          detail: fileFaultText(error.fault, actor.language),
          fault: code,
          line,
          column,
        });
      }
    },
  }),
];
