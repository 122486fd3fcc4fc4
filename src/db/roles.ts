import { deriveRolePassword, markOf } from "../lib/seal.ts";

/**
 * The three working roles. By default they are named after the database, so that two installations can share one
 * server, and log in with passwords derived from DATA_KEY. An administrator who made roles himself gives their
 * URLs instead, and nothing about them is changed.
 */
export const WORKING_ROLES = ["app", "system", "queue"] as const;
export type WorkingRole = (typeof WORKING_ROLES)[number];

export type RoleAccess = {
  name: string;
  url: string;
  /** Ours to create and to set the password of; null for a role that an administrator made. */
  password: string | null;
};
export type Access = {
  owner: string;
  /** What a database remembers of the DATA_KEY it was sealed with. */
  keyMark: Buffer;
} & Record<WorkingRole, RoleAccess>;

export function workOutAccess(options: {
  databaseUrl: string;
  dataKey: Buffer;
  given: Partial<Record<WorkingRole, string | undefined>>;
  prefix?: string | undefined;
}): Access {
  const owner = new URL(options.databaseUrl);
  const database = decodeURIComponent(owner.pathname.slice(1)) || owner.username || "cunwu";
  const prefix = (options.prefix ?? database)
    .toLowerCase()
    .replace(/[^a-z0-9_]/g, "_")
    .slice(0, 50);

  const role = (kind: WorkingRole): RoleAccess => {
    const given = options.given[kind];
    if (given) return { name: decodeURIComponent(new URL(given).username), url: given, password: null };
    const name = `${prefix}_${kind}`;
    const password = deriveRolePassword(options.dataKey, name);
    const url = new URL(options.databaseUrl);
    url.username = name;
    url.password = password;
    return { name, url: url.href, password };
  };
  return {
    owner: options.databaseUrl,
    keyMark: markOf(options.dataKey),
    app: role("app"),
    system: role("system"),
    queue: role("queue"),
  };
}
