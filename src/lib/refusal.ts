import type { Result } from "./result.ts";

/**
 * Everything a use case may refuse, with the HTTP status its code stands for. The codes are public
 * contract: pages show `message`, the API answers with `code`.
 */
export const REFUSAL_STATUS = {
  unauthenticated: 401,
  forbidden: 403,
  self_approval: 403,
  conflict_of_interest: 403,
  bad_signature: 403,
  not_found: 404,
  already_exists: 409,
  move_not_allowed: 409,
  over_budget: 409,
  repeated_notice: 409,
  does_not_continue: 409,
  idempotency_in_flight: 409,
  idempotency_key_reused: 422,
  too_large: 413,
  lint_blocked: 422,
  does_not_balance: 422,
  validation_failed: 422,
  too_many_requests: 429,
  not_ready: 503,
} as const satisfies Record<string, number>;

export type RefusalCode = keyof typeof REFUSAL_STATUS;

/** One wrong field: `field` is the name the caller used, `message` says in Chinese what to do about it. */
export type FieldError = { field: string; message: string };

export type Refusal = { code: RefusalCode; message: string; errors?: FieldError[] };

export type Outcome<T> = Result<T, Refusal>;

export const refusal = (code: RefusalCode, message: string): { ok: false; refusal: Refusal } => ({
  ok: false,
  refusal: { code, message },
});

export const invalid = (...errors: FieldError[]): { ok: false; refusal: Refusal } => ({
  ok: false,
  refusal: { code: "validation_failed", message: errors.map((e) => e.message).join("；"), errors },
});
