import type { Clock } from "#kernel/clock.ts";
import type { Db } from "./database/index.ts";
import type { FileStore } from "./files/index.ts";
import type { Jobs } from "./jobs/index.ts";
import type { PersonalVault } from "./journal/index.ts";
import type { OutsideRules } from "./outside/index.ts";
import type { SecretBox } from "./secrets.ts";

/** What actions may use of the outside world; built once by `app/`. */
export type Services = {
  readonly db: Db;
  readonly clock: Clock;
  readonly files: FileStore;
  readonly secrets: SecretBox;
  readonly vault: PersonalVault;
  readonly jobs: Jobs;
  /** Where the operator lets the installation go by itself. */
  readonly outside: OutsideRules;
  /** Folder in which each tenant has an inbox of its own for files. */
  readonly inbox: string;
  /** Address under which people reach the product, for links in invitations and messages. */
  readonly publicUrl: string;
};
