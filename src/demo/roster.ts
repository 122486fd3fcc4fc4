import { ACCOUNTS, accountOf, GRIDS, type Login } from "./accounts.ts";
import { CAST, type CastMember, HOMES, type HomeKind, PHONE_OF_ANOTHER, WITHOUT_PHONE } from "./cast.ts";
import { type Generation, namer } from "./names.ts";
import { pick, randomFrom } from "./random.ts";

/** One line of the demo's roster. */
export type Person = {
  door: string;
  group: string;
  grid: string;
  cadre: Login;
  name: string;
  tags: string[];
  phone: string | null;
};

const DOORS = 120;
const DOORS_OF_GROUP = 30;
const FIRST_PHONE = 101;
/** As many of each kind as a village that the young leave has. */
const USUAL_HOMES: readonly HomeKind[] = [
  "alone",
  "old pair",
  "old pair",
  "pair",
  "family",
  "family",
  "family",
  "three generations",
  "three generations",
];

/** 120 doors in 4 groups and 3 grids, about 300 people; every installation has the same. */
export function makeRoster(): Person[] {
  const random = randomFrom("郭家村");
  const names = namer(
    random,
    [...ACCOUNTS, ...CAST].map((one) => one.name),
  );
  const contacts = new Map<string, string>();
  let phones = 0;
  const newPhone = () => `+861990000${String(FIRST_PHONE + phones++).padStart(4, "0")}`;

  return Array.from({ length: DOORS }, (_, index) => {
    const group = Math.floor(index / DOORS_OF_GROUP) + 1;
    const door = `${group}组${String((index % DOORS_OF_GROUP) + 1).padStart(2, "0")}号`;
    const grid = GRIDS[Math.floor((index * GRIDS.length) / DOORS)];
    if (!grid) throw new Error(`no grid for ${door}`);
    const known = CAST.find((one) => one.door === door);
    const shared = PHONE_OF_ANOTHER[door];
    const silent = WITHOUT_PHONE.includes(door);
    const people = moveIn(random, names, known, shared !== undefined);
    return people.map(({ name, tags, likesPhones }, position): Person => {
      const own = !silent && shared === undefined && random() < likesPhones ? newPhone() : null;
      const phone = position === 0 ? (contacts.get(shared ?? "") ?? own) : own;
      if (position === 0 && phone) contacts.set(door, phone);
      // Every sixth door sends a representative to the assembly.
      const elected = position === 0 && index % 6 === 1 ? ["村民代表"] : [];
      return {
        door,
        group: `${group}组`,
        grid: grid.name,
        cadre: grid.cadre,
        name,
        tags: [...tags, ...elected],
        phone,
      };
    });
  }).flat();
}

type Resident = { name: string; tags: string[]; likesPhones: number };

function moveIn(
  random: () => number,
  names: ReturnType<typeof namer>,
  known: CastMember | undefined,
  old: boolean,
): Resident[] {
  const kind = known?.home ?? (old ? "old pair" : pick(random, USUAL_HOMES));
  const womanFirst = known?.woman ?? random() < 0.25;
  const family = known?.name.slice(0, 1) ?? names.family();
  const spouse = names.family();
  const surnames: Record<Part, () => string> = {
    elder: () => spouse,
    adult: () => spouse,
    young: () => (womanFirst ? spouse : family),
    mother: names.family,
  };
  return HOMES[kind].map((part, position): Resident => {
    const first = position === 0;
    const woman = part === "mother" || first === womanFirst;
    const surname = first ? family : surnames[part]();
    const name = first && known ? known.name : names.person(surname, generationOf(part, woman));
    const tags = new Set(first ? known?.tags : []);
    for (const [tag, chance] of TAGS[part]) if (random() < chance) tags.add(tag);
    if (kind === "alone") tags.add("独居老人");
    return { name, tags: [...tags], likesPhones: first ? 1 : LIKES_PHONES[part] };
  });
}

type Part = (typeof HOMES)[HomeKind][number];

function generationOf(part: Part, woman: boolean): Generation {
  if (part === "young") return "young";
  if (part === "adult") return woman ? "woman" : "man";
  return woman ? "elder woman" : "elder man";
}

const TAGS: Record<Part, readonly (readonly [tag: string, chance: number])[]> = {
  elder: [
    ["党员", 0.1],
    ["高龄老人", 0.2],
    ["低保户", 0.1],
  ],
  adult: [
    ["党员", 0.1],
    ["外出务工", 0.15],
    ["退役军人", 0.04],
  ],
  young: [["外出务工", 0.4]],
  mother: [["高龄老人", 0.4]],
};
const LIKES_PHONES: Record<Part, number> = { elder: 0.2, adult: 0.5, young: 0.75, mother: 0 };

/** The file a village would upload: src/roster/read-roster.ts names its columns. */
export function writeCsv(people: readonly Person[]): Buffer {
  const lines = people.map((one) =>
    [one.door, one.name, one.phone ?? "", one.group, one.grid, one.tags.join(";"), accountOf(one.cadre).name].join(","),
  );
  return Buffer.from(["户号,姓名,手机号,村民小组,网格,身份,联户干部", ...lines, ""].join("\n"));
}
