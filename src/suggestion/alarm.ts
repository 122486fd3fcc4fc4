import type { ActorId } from "../lib/ids.ts";
import type { Moves } from "../lib/moves.ts";
import type { Role } from "../lib/roles.ts";

/** What a villager may be in danger of. `crisis` is despair: named people, never a machine. */
export const DANGERS = ["fire", "crime", "medical", "crisis", "disaster"] as const;
export type Danger = (typeof DANGERS)[number];

export const DANGER_WORDS: Record<Danger, string> = {
  fire: "着火",
  crime: "出事报警",
  medical: "急病急救",
  crisis: "想不开",
  disaster: "灾险",
};

export const ALARM_STATES = ["calling", "unanswered", "confirmed"] as const;
export type AlarmState = (typeof ALARM_STATES)[number];

/**
 * The life of an alarm: people are called one after the other until one says that he goes.
 *
 *   calling ─▶ confirmed       somebody replied, or pressed the button
 *      └─▶ unanswered ─▶ confirmed     everybody was asked and nobody has said so yet
 */
export const ALARM_MOVES: Moves<AlarmState> = {
  calling: ["unanswered", "confirmed"],
  unanswered: ["confirmed"],
  confirmed: [],
};

/** A village's own way of calling people. */
export type AlarmSettings = {
  /** Between one person and the next. */
  minutes: number;
  /** The village's duty phone, told in a disaster beside 119. */
  dutyPhone: string | null;
  /** Who is called for a case of despair, in this order; null: secretary, overseer and township. */
  crisisPeople: readonly ActorId[] | null;
};
export const MINUTES = { least: 1, usual: 5, most: 60 } as const;

/** Texts of one phone within this many minutes of its alarm belong to it; so do all while people are being called. */
export const ONE_ALARM_MINUTES = 10;

/** Somebody who could be called: an account of the village or its township, with a phone on record. */
export type Callable = { id: ActorId; role: Role; name: string; phoneHash: Buffer };

const TURN: Record<Role, number> = { secretary: 1, clerk: 2, overseer: 3, cadre: 4, township: 5, platform: 6 };
const CRISIS_ROLES: readonly Role[] = ["secretary", "overseer", "township"];

/**
 * Who is called, one after the other: the household's own cadre, the secretary, the other staff, the township; for
 * despair the people whom the village has named. Each phone once, and never the one that calls for help.
 */
export function orderCalls<Person extends Callable>(
  people: readonly Person[],
  about: { danger: Danger; cadreId: ActorId | null; from: Buffer; settings: AlarmSettings },
): Person[] {
  const { danger, cadreId, from, settings } = about;
  const named = danger === "crisis" ? settings.crisisPeople : null;
  const turn = ({ id, role }: Person): number => (named ? named.indexOf(id) : id === cadreId ? 0 : TURN[role]);
  const wanted = ({ id, role }: Person): boolean =>
    danger !== "crisis" || (named ? named.includes(id) : CRISIS_ROLES.includes(role));
  const found = people.filter(wanted);
  // Named people who have all left, or have no phone, must not mean that nobody comes.
  const called = found.length > 0 ? found : people.filter(({ role }) => CRISIS_ROLES.includes(role));
  const phones = new Set([from.toString("hex")]);
  return [...called]
    .sort((a, b) => turn(a) - turn(b))
    .filter(({ phoneHash }) => {
      const phone = phoneHash.toString("hex");
      return !phones.has(phone) && phones.add(phone);
    });
}

/** `3户丁大爷`, `1组03号丁大爷`, as far as we know; never a number. */
export function sayCaller({ household, villager }: { household: string | null; villager: string | null }): string {
  const door = household === null ? "" : /^\d+$/.test(household) ? `${household}户` : household;
  return `${door}${villager ?? ""}` || "一位村民";
}

/** The villager's words for a colleague's phone, without numbers that could be somebody's. */
export const hidePhones = (text: string): string =>
  text.replace(/[+\uff0b]?[\d\uff10-\uff19](?:[\s-]?[\d\uff10-\uff19]){6,}/g, "（号码）");
