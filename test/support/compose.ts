import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { REPOSITORY } from "./process.ts";

/**
 * docker-compose.yml as `docker compose` would read it: anchors merged, `${NAME}` filled from an .env file. There is no
 * Docker engine where the tests run, so they start the same commands with the same environment themselves.
 */
export type Service = {
  image?: string;
  command: string[];
  environment: Record<string, string>;
  healthcheck?: { test: string[] };
  depends_on: Record<string, { condition: string }>;
  deploy?: { replicas: number };
  ports?: string[];
};

/** Where the services of the file are on this machine. `web:3000`, say, is `127.0.0.1:41234`. */
export type Places = Readonly<Record<string, string>>;

export class MissingVariable extends Error {}

export async function readCompose(env: Record<string, string>): Promise<Record<string, Service>> {
  const text = await readFile(join(REPOSITORY, "docker-compose.yml"), "utf8");
  const { services } = parse(fillIn(text, env), { merge: true }) as { services: Record<string, Service> };
  return services;
}

/** `${NAME}`, `${NAME:-else}` and `${NAME:?why}`, as Compose has them. */
const fillIn = (text: string, env: Record<string, string>): string =>
  text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, kind?: string, rest = "") => {
    if (env[name]) return env[name];
    if (kind === "?") throw new MissingVariable(`${name}: ${rest}`);
    return kind === "-" ? rest : "";
  });

/** The variables and values of an .env file. */
export const readEnvFile = (text: string): Record<string, string> =>
  Object.fromEntries(
    text.split("\n").flatMap((line) => {
      const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
      return name ? [[name, value ?? ""]] : [];
    }),
  );

/** The same words with the names of the file's own network replaced by places on this machine. */
export const relocate = (words: string, places: Places): string =>
  Object.entries(places).reduce((text, [from, to]) => text.replaceAll(from, to), words);

/** A variable whose value was left empty in the .env file is empty, not missing: so Compose passes it on. */
export const relocateAll = (words: Record<string, unknown>, places: Places): Record<string, string> =>
  Object.fromEntries(Object.entries(words).map(([name, value]) => [name, relocate(String(value ?? ""), places)]));
