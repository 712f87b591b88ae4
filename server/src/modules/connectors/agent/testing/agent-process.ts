import { readFileSync } from "node:fs";
import { sage100Connector } from "../../systems/sage100/sage100.ts";
import { sageBooks } from "../../systems/sage100/testing/sage-books.ts";
import { AgentConfig, runAgent } from "../agent.ts";

// For tests: one round of the agent in a process of its own, over books that lie in a PostgreSQL. Arguments: configuration, state folder, books.
const [file = "", folder = "", ownerUrl = ""] = process.argv.slice(2);
const config = AgentConfig.parse(JSON.parse(readFileSync(file, "utf8")));
const books = sageBooks(ownerUrl);
try {
  const report = await runAgent({
    config,
    key: config.key ?? "",
    folder,
    connector: sage100Connector((_context, schema) => books.open(undefined, schema, true)),
    now: new Date(),
    say: (line) => console.log(line),
  });
  console.log(JSON.stringify(report));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
} finally {
  await books.close();
}
