import { expect } from "vitest";
import { phoneOf } from "./given.ts";

export type Client = <Body = Record<string, unknown>>(
  method: "GET" | "POST",
  path: string,
  body?: unknown,
) => Promise<{ status: number; body: Body }>;

export type Notice = { id: string; state: string; recipients: number; counts: Record<string, number> };

/** A program with a key, over HTTP. */
export const apiClient =
  (url: string, key: string): Client =>
  async <Body>(method: "GET" | "POST", path: string, body?: unknown) => {
    const csv = typeof body === "string";
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { "content-type": csv ? "text/csv" : "application/json" }),
      },
      ...(body === undefined ? {} : { body: csv ? body : JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Body };
  };

/** How an operator makes a key: `runCli`, in the environment of the server. */
type MakeKey = (args: string[]) => Promise<{ code: number | null; stdout: string; stderr: string }>;

export type SmallVillage = {
  /** The clerk's and the secretary's keys, at this server. */
  at(url: string): { clerk: Client; secretary: Client };
  addDoors(phones: readonly string[]): Promise<void>;
  /** Written by one, approved by the other; it is being sent when this returns. */
  send(body: string): Promise<string>;
};

export const phonesOf = (doors: number): string[] => Array.from({ length: doors }, (_, i) => phoneOf(i + 1));

/** The simulator's phones that keep a caller waiting: 2 seconds, or for ever (src/carrier/simulator/magic.ts). */
export const SLOW_PHONE = "+8619900009009";
export const SILENT_PHONE = "+8619900009006";

/** A village with a door for each phone, made as an operator and a program do: by the command line and over HTTP. */
export async function openSmallVillage(
  url: string,
  makeKey: MakeKey,
  phones: readonly string[],
): Promise<SmallVillage> {
  const key = async (...args: string[]) => {
    const made = await makeKey(["create-api-key", "--role", ...args]);
    if (made.code !== 0) throw new Error(`no key: ${made.stderr}`);
    return made.stdout.trim();
  };
  const platform = apiClient(url, await key("platform"));
  const village = { code: "guojia", name: "郭家村", signature: "郭家村村委会", sendingHours: "any" };
  expect((await platform("POST", "/villages", village)).status).toBe(201);
  const [clerkKey, secretaryKey] = await Promise.all([
    key("clerk", "--village", "guojia"),
    key("secretary", "--village", "guojia"),
  ]);
  const at = (server: string) => ({ clerk: apiClient(server, clerkKey), secretary: apiClient(server, secretaryKey) });
  const { clerk, secretary } = at(url);
  let doors = 0;
  const addDoors = async (more: readonly string[]) => {
    const rows = more.map((phone) => `${++doors},村民${doors},${phone}`);
    const report = await clerk("POST", "/villages/guojia/roster", `户号,姓名,手机号\n${rows.join("\n")}\n`);
    expect(report.body).toMatchObject({ imported: more.length });
  };
  await addDoors(phones);

  return {
    at,
    addDoors,
    async send(body) {
      const drafted = await clerk<Notice>("POST", "/villages/guojia/broadcasts", {
        column: "村务公开",
        body,
        repeatAnyway: true,
      });
      expect(drafted).toMatchObject({ status: 201, body: { recipients: doors } });
      expect((await secretary("POST", `/broadcasts/${drafted.body.id}/approval`)).status).toBe(200);
      return drafted.body.id;
    },
  };
}
