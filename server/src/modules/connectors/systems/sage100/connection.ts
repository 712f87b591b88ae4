import { Kysely, MssqlDialect } from "kysely";
import * as tarn from "tarn";
import * as tedious from "tedious";
import { addressFor, OutsideRefused } from "#platform/outside/index.ts";
import { type ConnectorContext, SourceFault } from "../../connector/connector.ts";
import { settingText } from "../files.ts";
import type { SageTables } from "./tables.ts";

const CONNECT_MS = 15_000;
const REQUEST_MS = 300_000;

/**
 * Opens a database of SQL Server (Express, Server, Azure) by TDS. Read-only intent; encrypted, and the server's certificate is checked unless a person
 * says that it signs its own. The name is resolved and checked once, so that a form cannot reach what the operator does not allow.
 */
export async function openSqlServer(context: ConnectorContext, database: string) {
  const { settings, secrets } = context;
  const host = settingText(settings, "host");
  const pinned = await addressFor(host, context.outside);
  const instance = settingText(settings, "instance");
  const db = new Kysely<SageTables>({
    dialect: new MssqlDialect({
      tarn: { ...tarn, options: { min: 0, max: 1, propagateCreateError: true, acquireTimeoutMillis: CONNECT_MS } },
      tedious: {
        ...tedious,
        connectionFactory: () =>
          new tedious.Connection({
            server: pinned.address,
            authentication: {
              type: "default",
              options: { userName: settingText(settings, "user"), password: secrets["password"] ?? "" },
            },
            options: {
              database,
              ...(instance ? { instanceName: instance } : { port: Number(settings["port"] ?? 1433) }),
              encrypt: true,
              serverName: host,
              trustServerCertificate: settings["trustCertificate"] === true,
              readOnlyIntent: true,
              useUTC: true,
              connectTimeout: CONNECT_MS,
              requestTimeout: REQUEST_MS,
              appName: "Encours",
            },
          }),
      },
    }),
  });
  return { db, close: () => db.destroy() };
}

/** Faults of the driver and of the network in the words of sources. */
export function sqlServerFault(error: unknown): SourceFault {
  if (error instanceof SourceFault) return error;
  if (error instanceof OutsideRefused)
    return new SourceFault(error.code === "unknown_host" ? "unreachable" : "not_allowed", error.host);
  const { code = "", message = String(error) } = error as { code?: string; message?: string };
  if (code === "ELOGIN" || /login failed/i.test(message)) return new SourceFault("refused_credentials", message);
  if (code === "ETIMEOUT") return new SourceFault("no_answer", message);
  if (/^(ESOCKET|ECONN|EHOST|ENET|EINSTLOOKUP)/.test(code)) return new SourceFault("unreachable", message);
  return new SourceFault("unexpected", message);
}
