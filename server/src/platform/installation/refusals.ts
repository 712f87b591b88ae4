/** Why the product does not start: a cause an operator can mend, said in one line, exit code 1. */
export class StartRefused extends Error {
  readonly code: StartRefusal;

  constructor(code: StartRefusal, details: Record<string, string | number> = {}) {
    super(TEXTS[code].replaceAll(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? "")));
    this.code = code;
  }
}

export type StartRefusal = keyof typeof TEXTS;

const TEXTS = {
  port_in_use: "port {port} is already in use; choose another one with PORT=",
  address_refused: "cannot listen on {host}:{port}: {detail}",
  data_folder_rights:
    "no right to write in the data folder {folder}; change its owner or choose another one with ENCOURS_DATA=",
  data_folder_in_use:
    "the data folder {folder} is in use by another Encours (process {pid}); stop it or choose another one with ENCOURS_DATA=",
  disk_full: "no space left on the disk of {folder}; free some and start again, nothing was changed",
  no_embedded_database: "no embedded database exists for {platform}; set DATABASE_URL to a PostgreSQL 15 or later",
  database_busy: "a database server left behind (process {pid}) does not stop",
  database_not_created: "the embedded database could not be created: {detail}",
  database_not_started: "the embedded database did not start: {detail}",
  database_unreachable: "cannot reach the database of DATABASE_URL at {where}: {detail}",
  database_url_invalid: "DATABASE_URL is not a PostgreSQL address (postgres://user:password@host:port/database)",
  database_too_old: "the database is PostgreSQL {version}; Encours needs 15 or later",
  database_roles: "{detail}",
  secret_missing:
    "the database belongs to another installation: its secret is not the one in {folder}; copy its secret.key here or set ENCOURS_SECRET",
} as const;
