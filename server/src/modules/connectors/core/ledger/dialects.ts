import type { Chunks, Encoding } from "../read-text.ts";
import type { LedgerDialect, LedgerLine, OnFault } from "./ledger-line.ts";
import { isPnm, parsePnm } from "./pnm.ts";
import { isQuadra, parseQuadra } from "./quadra.ts";
import { isSage, parseSage } from "./sage.ts";
import { isTra, parseTra } from "./tra.ts";

type Dialect = {
  readonly fits: (lines: readonly string[]) => boolean;
  readonly parse: (chunks: Chunks, encoding: Encoding, onFault: OnFault) => AsyncGenerator<LedgerLine[]>;
};

const DIALECTS: Readonly<Record<LedgerDialect, Dialect>> = {
  tra: { fits: isTra, parse: parseTra },
  sage: { fits: isSage, parse: parseSage },
  quadra: { fits: isQuadra, parse: parseQuadra },
  pnm: { fits: isPnm, parse: parsePnm },
};

/** The package whose export the first lines are; undefined when they are none. */
export const ledgerDialectOf = (lines: readonly string[]): LedgerDialect | undefined =>
  (Object.keys(DIALECTS) as LedgerDialect[]).find((name) => DIALECTS[name].fits(lines));

export const parseLedger = (
  dialect: LedgerDialect,
  chunks: Chunks,
  encoding: Encoding,
  onFault: OnFault,
): AsyncGenerator<LedgerLine[]> => DIALECTS[dialect].parse(chunks, encoding, onFault);
