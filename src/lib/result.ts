/** Refusals are values, accidents are exceptions: a caller must look at `ok` before it can read `value`. */
export type Ok<T> = { ok: true; value: T };
export type Refused<R> = { ok: false; refusal: R };
export type Result<T, R> = Ok<T> | Refused<R>;

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value });
export const refuse = <R>(refusal: R): Refused<R> => ({ ok: false, refusal });

/** For the last branch of an exhaustive switch: a new case breaks the build here, not a villager's evening. */
export function assertNever(value: never): never {
  throw new Error(`a case nobody handles: ${JSON.stringify(value)}`);
}
