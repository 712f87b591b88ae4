import { StartRefused } from "#platform/installation/index.ts";
import { start } from "./app/start.ts";

try {
  const started = await start(process.env);
  console.log(`\n  Encours  ${started.url}`);
  for (const line of started.lines) console.log(`  ${line}`);
  console.log("");
  let isStopping = false;
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    started.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
} catch (error) {
  if (!(error instanceof StartRefused)) throw error;
  console.error(`encours: ${error.message}`);
  process.exit(1);
}
