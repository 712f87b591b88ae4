/** Outcome of an action: done with a value, or an expected refusal with a literal code. Faults are thrown, never returned. */
export type Result<T, Code extends string = string> = Done<T> | Refused<Code>;

export type Done<T> = { readonly ok: true; readonly value: T };

/** `code` names a row of the refusal catalogue (`contracts/src/refusals.ts`); `details` fill its placeholders. */
export type Refused<Code extends string = string> = {
  readonly ok: false;
  readonly code: Code;
  readonly details: Readonly<Record<string, string | number>>;
};

export const done = <T>(value: T): Done<T> => ({ ok: true, value });

export const refuse = <Code extends string>(
  code: Code,
  details: Readonly<Record<string, string | number>> = {},
): Refused<Code> => ({ ok: false, code, details });
