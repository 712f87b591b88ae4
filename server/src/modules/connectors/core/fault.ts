/** Why a row or a file is refused, with its place. Codes have texts in `contracts/src/import-faults.ts`. */
export type Fault = {
  readonly code: string;
  /** 1-based line of a text file, row of a sheet. */
  readonly line: number;
  /** Header of the column, or its 1-based number. */
  readonly column?: string;
  /** What stood there, shortened. */
  readonly value?: string;
};

/** Stops reading: the file as a whole cannot be read. */
export class FileRefused extends Error {
  readonly fault: Fault;

  constructor(code: string, line = 0, more: { column?: string; value?: string } = {}) {
    super(code);
    this.fault = { code, line, ...more };
  }
}

export const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text);
