/**
 * Villagers who speak in the demo, at their doors. All invented. Their households grow around them in roster.ts; the
 * other doors have people who only read, say 收到 or opt out.
 */
export type CastMember = {
  door: string;
  name: string;
  woman: boolean;
  home: HomeKind;
  tags?: readonly string[];
};

/** Who lives behind a door, the one who answers the phone first. */
export const HOMES = {
  alone: ["elder"],
  "old pair": ["elder", "elder"],
  pair: ["adult", "adult"],
  family: ["adult", "adult", "young"],
  "three generations": ["adult", "adult", "young", "mother"],
} as const;
export type HomeKind = keyof typeof HOMES;

export const CAST: readonly CastMember[] = [
  { door: "1组03号", name: "郭守田", woman: false, home: "old pair", tags: ["党员"] },
  { door: "1组08号", name: "王桂英", woman: true, home: "old pair" },
  { door: "1组14号", name: "郭志强", woman: false, home: "three generations", tags: ["种粮大户"] },
  { door: "2组05号", name: "孙秀芳", woman: true, home: "pair" },
  { door: "2组12号", name: "郭传福", woman: false, home: "alone" },
  { door: "2组19号", name: "李翠莲", woman: true, home: "family" },
  { door: "2组24号", name: "郭新伟", woman: false, home: "three generations", tags: ["外出务工"] },
  { door: "3组04号", name: "张兴林", woman: false, home: "old pair" },
  { door: "3组12号", name: "郭秀兰", woman: true, home: "alone" },
  { door: "3组18号", name: "郭玉珍", woman: true, home: "family" },
  { door: "3组22号", name: "高洪涛", woman: false, home: "family", tags: ["退役军人"] },
  { door: "4组02号", name: "郭德山", woman: false, home: "old pair", tags: ["党员"] },
  { door: "4组07号", name: "刘凤英", woman: true, home: "old pair" },
  { door: "4组15号", name: "郭庆波", woman: false, home: "family" },
  { door: "4组21号", name: "赵淑云", woman: true, home: "old pair", tags: ["低保户"] },
  { door: "4组27号", name: "郭永亮", woman: false, home: "family" },
];

/** Doors behind which nobody has a phone: the visiting list is for them. */
export const WITHOUT_PHONE: readonly string[] = [
  ...["1组06号", "1组17号", "1组29号", "2组02号", "2组14号", "2组22号"],
  ...["3组07号", "3组16号", "3组27号", "4组05号", "4组13号", "4组26号"],
];

/** Old people whose notices go to the phone of a son or daughter at another door. */
export const PHONE_OF_ANOTHER: Readonly<Record<string, string>> = {
  "1组25号": "1组24号",
  "2组30号": "2组29号",
  "3组02号": "3组01号",
  "4组10号": "4组09号",
};

/** Phones no roster knows, which text the village all the same. */
export const STRANGERS: readonly { phone: string; label: string }[] = [
  { phone: "+8619900000901", label: "名册外 外村的外孙女" },
  { phone: "+8619900000902", label: "名册外 收旧家电的" },
  { phone: "+8619900000903", label: "名册外 发错了的人" },
];
