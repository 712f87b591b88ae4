import type { z } from "zod";
import { sourceFaultText } from "#contracts/source-faults.ts";
import type { SourceTrial, SourceTrialResult } from "#contracts/sources.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import type { Services } from "#platform/services.ts";
import { type ConnectionReport, SourceFault } from "../connector/connector.ts";
import { checkSettings } from "../core/settings.ts";
import * as store from "../store/source-store.ts";
import { connectorOf } from "../systems/registry.ts";
import { contextOf, openSecrets, sealSecrets } from "./source-context.ts";

const TRIAL_MS = 20_000;

/** Tries a connection with settings that need not be saved; secrets not named are taken from the source. */
export async function trySource(
  services: Services,
  actor: Actor,
  wanted: z.output<typeof SourceTrial>,
): Promise<Result<z.input<typeof SourceTrialResult>, "unknown_connector" | "setting_wrong" | "not_found">> {
  const connector = connectorOf(wanted.connector);
  if (!connector) return refuse("unknown_connector", { connector: wanted.connector });
  const { sourceId } = wanted;
  const source = sourceId
    ? await services.db.transaction(actor.tenant, (tx) => store.findSource(tx, sourceId))
    : undefined;
  if (sourceId && source?.connector !== connector.key) return refuse("not_found");
  const kept = openSecrets(services, source?.secrets ?? null);
  const checked = checkSettings(connector.settings, wanted.settings, { ...kept, ...wanted.secrets });
  if (!checked.ok) return checked;
  const { settings, secrets } = checked.value;
  const context = contextOf(services, actor, { settings, secrets: sealSecrets(services, secrets) }, []);
  const report = await inTime(connector.test(context));
  if (report.isReached) return done({ isReached: true, text: null, parts: [...report.parts], details: report.details });
  const text = sourceFaultText(report.fault, actor.language, report.detail);
  return done({ isReached: false, text, parts: [], details: {} });
}

async function inTime(trial: Promise<ConnectionReport>): Promise<ConnectionReport> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<ConnectionReport>((resolve) => {
    timer = setTimeout(
      () => resolve({ isReached: false, fault: "no_answer", detail: `${TRIAL_MS / 1_000} s` }),
      TRIAL_MS,
    );
  });
  try {
    return await Promise.race([trial, late]);
  } catch (error) {
    if (error instanceof SourceFault) return { isReached: false, fault: error.code, detail: error.detail };
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
