import { resolve } from "node:path";
import { isE164 } from "./lib/phone.ts";
import { sha256 } from "./lib/seal.ts";

/** What the environment says, read once, typed and frozen. Secrets that may be generated are null when absent. */
export type Config = Readonly<{
  host: string;
  port: number;
  publicBaseUrl: string | null;
  dataDir: string;
  databaseUrl: string | null;
  /** Roles that an administrator made, instead of the three we create. */
  roleUrls: Readonly<{ app?: string; system?: string; queue?: string }>;
  rolePrefix: string | null;
  redisUrl: string | null;
  dataKey: Buffer | null;
  sessionKey: Buffer | null;
  logLevel: string;
  carrier: CarrierName;
  twilio: Readonly<{
    accountSid: string | null;
    authToken: string | null;
    from: string | null;
    messagingServiceSid: string | null;
    baseUrl: string | null;
    webhookSecrets: readonly string[];
  }>;
  sendRate: number;
  sendConcurrency: number;
  /** Seconds. */
  reconcileAfter: number;
  demo: boolean | null;
}>;

export const CARRIERS = ["simulator", "twilio"] as const;
export type CarrierName = (typeof CARRIERS)[number];

/** Names what is wrong and why, never the value: it may be a secret. */
export class ConfigProblem extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`the environment is not usable:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    this.problems = problems;
  }
}

export function readConfig(env: NodeJS.ProcessEnv): Config {
  const problems: string[] = [];
  const wrong = (name: string, reason: string): null => {
    problems.push(`${name} ${reason}`);
    return null;
  };
  const text = (name: string): string | null => env[name]?.trim() || null;
  const integer = (name: string, fallback: number, low: number, high: number): number => {
    const given = text(name);
    if (given === null) return fallback;
    const value = Number(given);
    if (Number.isInteger(value) && value >= low && value <= high) return value;
    wrong(name, `must be a whole number from ${low} to ${high}`);
    return fallback;
  };
  const url = (name: string, protocols: readonly string[]): string | null => {
    const given = text(name);
    if (given === null) return null;
    if (URL.canParse(given) && protocols.includes(new URL(given).protocol)) return given;
    return wrong(name, `must be a URL starting with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}`);
  };
  const oneOf = <Value extends string>(name: string, values: readonly Value[], fallback: Value): Value => {
    const given = text(name);
    if (given === null) return fallback;
    if ((values as readonly string[]).includes(given)) return given as Value;
    wrong(name, `must be one of ${values.join(", ")}`);
    return fallback;
  };
  const key = (name: string): Buffer | null => {
    const given = text(name);
    if (given === null) return null;
    const bytes = /^[0-9a-f]{64}$/i.test(given) ? Buffer.from(given, "hex") : Buffer.from(given, "base64");
    if (bytes.length === 32) return bytes;
    // Any other long secret will do; the database remembers which one it was sealed with (src/db/installation.queries.ts).
    return given.length >= 32 ? sha256(given) : wrong(name, "must be 32 random bytes (openssl rand -base64 32)");
  };
  const rate = (): number => {
    const given = text("SEND_RATE");
    const value = Number(given ?? 10);
    if (value >= 0.01 && value <= 100_000) return value;
    wrong("SEND_RATE", "must be a number of segments per second, up to 100000");
    return 10;
  };

  const carrier = oneOf("CARRIER", CARRIERS, "simulator");
  const databaseUrl = url("DATABASE_URL", ["postgres:", "postgresql:"]);
  const twilio = {
    accountSid: text("TWILIO_ACCOUNT_SID"),
    authToken: text("TWILIO_AUTH_TOKEN"),
    from: text("TWILIO_FROM"),
    messagingServiceSid: text("TWILIO_MESSAGING_SERVICE_SID"),
    baseUrl: url("TWILIO_BASE_URL", ["http:", "https:"])?.replace(/\/+$/, "") ?? null,
    webhookSecrets: (text("TWILIO_WEBHOOK_SECRET") ?? text("TWILIO_AUTH_TOKEN") ?? "")
      .split(",")
      .map((secret) => secret.trim())
      .filter((secret) => secret !== ""),
  };
  const publicBaseUrl = url("PUBLIC_BASE_URL", ["http:", "https:"])?.replace(/\/+$/, "") ?? null;
  const dataKey = key("DATA_KEY");
  if (databaseUrl !== null && text("DATA_KEY") === null) {
    wrong("DATA_KEY", "is required with DATABASE_URL: phones are encrypted with it, and losing it loses them");
  }
  if (carrier === "twilio") {
    if (!twilio.accountSid) wrong("TWILIO_ACCOUNT_SID", "is required with CARRIER=twilio");
    if (!twilio.authToken) wrong("TWILIO_AUTH_TOKEN", "is required with CARRIER=twilio");
    if (!twilio.from && !twilio.messagingServiceSid) {
      wrong("TWILIO_FROM", "or TWILIO_MESSAGING_SERVICE_SID is required with CARRIER=twilio");
    }
    if (!publicBaseUrl) wrong("PUBLIC_BASE_URL", "is required with CARRIER=twilio: webhooks are sent and signed to it");
  }
  if (twilio.accountSid && !/^AC[0-9a-fA-F]{32}$/.test(twilio.accountSid)) {
    wrong("TWILIO_ACCOUNT_SID", "must be AC and 32 hexadecimal digits");
  }
  if (twilio.from && !isE164(twilio.from)) wrong("TWILIO_FROM", "must be a number in E.164 form, such as +8610690000");

  const config: Config = {
    host: text("HOST") ?? "127.0.0.1",
    port: integer("PORT", 3000, 0, 65535),
    publicBaseUrl,
    dataDir: resolve(text("DATA_DIR") ?? ".data"),
    databaseUrl,
    roleUrls: Object.fromEntries(
      (["app", "system", "queue"] as const).flatMap((role) => {
        const given = url(`DATABASE_URL_${role.toUpperCase()}`, ["postgres:", "postgresql:"]);
        return given ? [[role, given]] : [];
      }),
    ),
    rolePrefix: text("DATABASE_ROLE_PREFIX"),
    redisUrl: url("REDIS_URL", ["redis:", "rediss:"]),
    dataKey,
    sessionKey: key("SESSION_KEY"),
    logLevel: oneOf("LOG_LEVEL", ["fatal", "error", "warn", "info", "debug", "trace", "silent"], "info"),
    carrier,
    twilio,
    sendRate: rate(),
    sendConcurrency: integer("SEND_CONCURRENCY", 32, 1, 2000),
    reconcileAfter: integer("RECONCILE_AFTER", 120, 1, 86_400),
    demo: text("DEMO") === null ? null : oneOf("DEMO", ["1", "true", "0", "false"], "0").match(/^(1|true)$/) !== null,
  };
  if (problems.length > 0) throw new ConfigProblem(problems);
  return Object.freeze(config);
}
