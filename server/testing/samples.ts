import { existsSync } from "node:fs";
import path from "node:path";

/** A public sample file when the folder of ENCOURS_SAMPLES is at hand; undefined otherwise, and the test says that it was skipped. */
export function sample(relative: string): string | undefined {
  const folder = process.env["ENCOURS_SAMPLES"];
  const file = folder && path.join(folder, relative);
  return file && existsSync(file) ? file : undefined;
}
