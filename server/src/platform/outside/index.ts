import { lookup } from "node:dns/promises";
import { realpath } from "node:fs/promises";
import { isIP } from "node:net";
import path from "node:path";
import { isIn, isPublicAddress, networksOf } from "./addresses.ts";

export { isPublicAddress } from "./addresses.ts";
export { sendOutside } from "./send.ts";

/** Where the operator of the installation lets it go by itself, whatever its users write into a form. */
export type OutsideRules = {
  /** Hosts, addresses and networks that may be reached although they are not public. */
  readonly allowed: readonly string[];
  /** Folders below which sources may watch, beside the tenant's own inbox. */
  readonly folders: readonly string[];
};

/** `ENCOURS_OUTSIDE_ALLOW`: hosts and networks by comma; `ENCOURS_FOLDERS`: absolute folders by the separator of PATH. */
export const outsideRules = (environment: NodeJS.ProcessEnv): OutsideRules => ({
  allowed: (environment.ENCOURS_OUTSIDE_ALLOW ?? "").split(",").flatMap((one) => one.trim().toLowerCase() || []),
  folders: (environment.ENCOURS_FOLDERS ?? "").split(path.delimiter).filter((one) => path.isAbsolute(one)),
});

/** An address that may not be reached, or a name that has none. */
export class OutsideRefused extends Error {
  readonly code: "address_not_allowed" | "unknown_host";
  readonly host: string;

  constructor(code: OutsideRefused["code"], host: string) {
    super(`${code}: ${host}`);
    this.code = code;
    this.host = host;
  }
}

/**
 * The address to connect to, resolved once and to be used as it is: a second look-up could give another one. Every address of a name must be
 * allowed, not only the first, since which one is used is not ours to choose.
 */
export async function addressFor(host: string, rules: OutsideRules): Promise<{ address: string; family: 4 | 6 }> {
  const bare = host.replace(/^\[|\]$/g, "").toLowerCase();
  const found = isIP(bare) ? [{ address: bare, family: isIP(bare) }] : await resolve(bare);
  const first = found[0];
  if (!first) throw new OutsideRefused("unknown_host", bare);
  const allowed = networksOf(rules.allowed);
  const isAllowed = (address: string) =>
    isPublicAddress(address) || rules.allowed.includes(bare) || isIn(allowed, address);
  if (!found.every((one) => isAllowed(one.address))) throw new OutsideRefused("address_not_allowed", bare);
  return { address: first.address, family: first.family === 6 ? 6 : 4 };
}

const resolve = (host: string) =>
  lookup(host, { all: true, verbatim: true }).catch((): { address: string; family: number }[] => []);

/** The folder as it really is, when it lies in one of the roots; undefined when it does not or does not exist. Links do not lead out. */
export async function folderWithin(folder: string, roots: readonly string[]): Promise<string | undefined> {
  const real = await realpath(folder).catch(() => undefined);
  if (!real) return undefined;
  for (const root of roots) {
    const base = await realpath(root).catch(() => undefined);
    if (base && (real === base || real.startsWith(base + path.sep))) return real;
  }
  return undefined;
}
