import { isUuid, type VillageId } from "../../lib/ids.ts";
import { foldName, nearest, sayUnknown } from "../../lib/nearest.ts";
import { type FieldError, invalid, type Outcome } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import type { SystemWork } from "../../queue/work.ts";
import { findBroadcast } from "../broadcast.queries.ts";
import type { Audience, Doors } from "../broadcast.ts";
import { sayDoor } from "./audience.ts";
import { doorsLike, findDoorNumbers, knownNames } from "./audience-names.queries.ts";

/** More door numbers than this are a group: it can be named, and read again. */
export const MAX_DOORS = 2000;

const KINDS = { groups: "小组", grids: "网格", tags: "身份" } as const;
type Kind = keyof typeof KINDS;

/**
 * An audience as somebody wrote it, with every name as the roster spells it and none twice. A name that the roster does
 * not have is refused, with the one that was probably meant: whoever is not named is not texted, or is although he was
 * to be left out. Fields of the errors: `audience.groups`, `audience.except.households` and so on.
 */
export async function checkAudience(
  work: SystemWork,
  villageId: VillageId,
  audience: Audience,
): Promise<Outcome<Audience>> {
  const wanted = await checkDoors(work, villageId, audience, "audience");
  if (!wanted.ok) return wanted;
  const except = audience.except && (await checkDoors(work, villageId, audience.except, "audience.except"));
  if (except && !except.ok) return except;
  const { scope, unreachedOf } = audience;
  if (unreachedOf !== undefined) {
    const earlier = isUuid(unreachedOf) ? await findBroadcast(work.tx, unreachedOf) : undefined;
    if (earlier?.villageId !== villageId || earlier.launchedAt === null) {
      return invalid({
        field: "audience.unreachedOf",
        message: "没有这条已经发出的通知，请从通知的页面选“没收到的户”",
      });
    }
  }
  const left = except?.value ?? {};
  return ok({
    scope,
    ...wanted.value,
    ...(unreachedOf === undefined ? {} : { unreachedOf }),
    ...(Object.keys(left).length === 0 ? {} : { except: left }),
  });
}

async function checkDoors(
  work: SystemWork,
  villageId: VillageId,
  doors: Doors,
  field: string,
): Promise<Outcome<Doors>> {
  const found: Doors = {};
  const wrong: FieldError[] = [];
  for (const kind of Object.keys(KINDS) as Kind[]) {
    const wanted = doors[kind];
    if (!wanted) continue;
    const known = await knownNames(work.tx, villageId, kind);
    const chosen = wanted.map((name) => findName(name, known));
    const unknown = wanted.find((_, i) => chosen[i] === undefined);
    if (wanted.length === 0) wrong.push({ field: `${field}.${kind}`, message: `请选${KINDS[kind]}，或者不写这一项` });
    if (unknown !== undefined) {
      wrong.push({ field: `${field}.${kind}`, message: sayUnknown(unknown.trim(), KINDS[kind], known) });
    }
    found[kind] = [...new Set(chosen.filter((name) => name !== undefined))];
  }
  if (doors.households) {
    const numbers = await findNumbers(work, villageId, doors.households);
    if (typeof numbers === "string") wrong.push({ field: `${field}.households`, message: numbers });
    else found.households = numbers;
  }
  return wrong.length === 0 ? ok(found) : invalid(...wrong);
}

/** The doors' numbers as the roster has them, or what is wrong, in words. `１２号` and `12 户` are door 12. */
async function findNumbers(
  work: SystemWork,
  villageId: VillageId,
  written: readonly string[],
): Promise<string[] | string> {
  const wanted = [...new Set(written.map((one) => one.normalize("NFKC").replace(/\s+/g, "")))].filter(
    (one) => one !== "",
  );
  if (wanted.length === 0) return "请写户号，用逗号隔开";
  if (wanted.length > MAX_DOORS) return `一次最多写 ${MAX_DOORS} 个户号，请改用小组、网格或身份`;
  const bare = (number: string) => number.replace(/[号户]$/, "");
  const known = await findDoorNumbers(work.tx, villageId, [...wanted, ...wanted.map(bare)]);
  const found = wanted.map((number) => [number, bare(number)].find((one) => known.has(one)));
  const unknown = wanted.filter((_, i) => found[i] === undefined);
  const [first] = unknown;
  if (first === undefined) return [...new Set(found.filter((number) => number !== undefined))];
  const near = nearest(first, await doorsLike(work.tx, villageId, first));
  const more = unknown.length > 1 ? `等 ${unknown.length} 户` : "这一户";
  return `名册里没有${sayDoor(first)}${more}${near === null ? "，请核对" : `，是不是${sayDoor(near)}？`}`;
}

/** The name as the roster spells it: letter for letter, else the only one that folds alike. */
function findName(written: string, known: readonly string[]): string | undefined {
  const name = written.trim();
  if (known.includes(name)) return name;
  const alike = known.filter((one) => foldName(one) === foldName(name));
  return alike.length === 1 ? alike[0] : undefined;
}
