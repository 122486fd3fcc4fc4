import { TROUBLE_WORDS, type Trouble } from "../carrier/troubles.ts";

/** Whether a text to many reaches a door, by its contact phone. */
export const STANDINGS = ["reachable", "no_phone", "opted_out", "bad_number"] as const;
export type Standing = (typeof STANDINGS)[number];

/** What is known against a contact phone: by the carrier, or by whoever answered that it is not his. */
export type DoorTrouble = Trouble | "wrong_person" | "invalid";

export const DOOR_TROUBLE_WORDS: Readonly<Record<DoorTrouble, { word: string; advice: string }>> = {
  ...TROUBLE_WORDS,
  wrong_person: { word: "回信说发错了人", advice: "已停发，请入户核对：换了号就改，没错就点“号码没错，接着发”" },
  invalid: { word: "号码有问题", advice: "请入户核对号码" },
};
export const isDoorTrouble = (word: string): word is DoorTrouble => Object.hasOwn(DOOR_TROUBLE_WORDS, word);

/** Why a door gets nothing, or may not have got the last text; null where all is well. */
export function sayTrouble(door: { standing: Standing; trouble: DoorTrouble | null }): string | null {
  if (door.standing === "no_phone") return "没有手机号";
  if (door.standing === "opted_out") return "已退订";
  return door.trouble && DOOR_TROUBLE_WORDS[door.trouble].word;
}

/** Longer than this without a delivered text, and a door counts as not reached. */
export const NOT_REACHED_DAYS = 30;
