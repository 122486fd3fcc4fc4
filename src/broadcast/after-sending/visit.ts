/** How a door was told what no text brought it: to somebody's face, by a call, or not yet, because nobody was there. */
export const TELLINGS = ["in_person", "phone", "absent"] as const;
export type Telling = (typeof TELLINGS)[number];

export const TELLING_WORDS: Record<Telling, string> = {
  in_person: "当面说了",
  phone: "打电话说了",
  absent: "没找到人",
};

/** Somebody there knows it now. */
export const isTold = (how: Telling | null): boolean => how === "in_person" || how === "phone";

/** `9 户里已告知 6 户`. */
export const sayVisits = ({ listed, told }: { listed: number; told: number }): string =>
  told === listed ? `${listed} 户都告诉了` : `${listed} 户里已告知 ${told} 户`;
