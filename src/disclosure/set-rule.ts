import { audit } from "../db/audit.queries.ts";
import { localDate } from "../lib/china-time.ts";
import { isIsoDay } from "../lib/iso-day.ts";
import { type FieldError, invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Role } from "../lib/roles.ts";
import { cleanText } from "../lib/text.ts";
import type { Work } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { type DueDay, type GroundRules, ITEM_AUDIENCES, ITEM_CLASSES } from "./catalogue.ts";
import { CADENCES, type RegularCadence } from "./period.ts";
import { listRules, putRule } from "./rules.queries.ts";
import {
  type EffectiveItem,
  type EffectiveRules,
  GROUND,
  type GroundChange,
  type ItemChange,
  nextCode,
  type RuleLevel,
  rulesOn,
} from "./rules.ts";

/** A township sets its own and, because no account stands above it, what its county's catalogue says; a village its own. */
export const levelsOf = (role: Role): readonly RuleLevel[] =>
  role === "township" ? ["township", "county"] : role === "secretary" ? ["village"] : [];

export type ItemWish = {
  level: RuleLevel;
  fromOn: string;
  title: string;
  class: string;
  cadence: string;
  audience: string;
  lawRef: string;
  active: boolean;
  /** Its own day or term; null: as the ground rules have it. */
  due: DueDay | null;
  withinDays: number | null;
};

/** Changes one item, or adds one (`code` null), from a day on. Obligations reckoned before that day stay what they were. */
export async function setItem(
  work: Work,
  village: Village,
  code: string | null,
  wish: ItemWish,
): Promise<Outcome<string>> {
  const rules = await listRules(work.tx, village);
  const { items, ground } = rulesOn(rules, localDate(work.now));
  const before = code === null ? null : items.get(code);
  if (before === undefined) return refusal("not_found", "目录里没有这一项");
  const errors = [...scopeProblems(work, village, wish), ...wishProblems(wish)];
  const change = errors.length === 0 ? readChange(wish) : null;
  if (change && before && wish.level === "village") errors.push(...loosens(before, change, ground));
  if (errors.length > 0 || !change) return invalid(...errors);
  const item =
    code ??
    nextCode(
      wish.level,
      rules.map((rule) => rule.item),
    );
  const rule = { level: wish.level, item, fromOn: wish.fromOn, change, by: work.actor.id };
  await putRule(work.tx, village, rule, work.now);
  await note(work, village, wish.level, item);
  return ok(item);
}

function readChange(wish: ItemWish): ItemChange {
  return {
    title: tidy(wish.title),
    class: ITEM_CLASSES.find((one) => one === wish.class) ?? "village",
    cadence: CADENCES.find((one) => one === wish.cadence) ?? "Q",
    audience: ITEM_AUDIENCES.find((one) => one === wish.audience) ?? "all",
    lawRef: tidy(wish.lawRef),
    active: wish.active,
    due: wish.due,
    within: wish.withinDays === null ? null : { amount: wish.withinDays, unit: "calendar_days" },
    ...(wish.class === "finance" ? { overseer: true } : {}),
  };
}

const tidy = (text: string): string => cleanText(text).replace(/\s+/g, " ").trim();

function wishProblems(wish: ItemWish): FieldError[] {
  const errors: FieldError[] = [];
  const add = (field: string, message: string) => errors.push({ field, message });
  const short = (text: string, most: number) => tidy(text) !== "" && Array.from(tidy(text)).length <= most;
  if (!short(wish.title, 40)) add("title", "请写公开什么，不超过 40 个字");
  if (!short(wish.lawRef, 120)) add("lawRef", "请写依据哪个文件哪一条，不超过 120 个字");
  if (!ITEM_CLASSES.some((one) => one === wish.class)) add("class", "请选属于哪一类");
  if (!CADENCES.some((one) => one === wish.cadence)) add("cadence", "请选多久公开一次");
  if (!ITEM_AUDIENCES.some((one) => one === wish.audience)) add("audience", "请选给谁看");
  if (wish.due && !isDueDay(wish.due)) add("dueDay", "请写 1 到 31 号，往后 1 到 6 个月");
  if (wish.withinDays !== null && !isDays(wish.withinDays, 60)) add("withinDays", "请写 1 到 60 天");
  return errors;
}

const isDays = (n: number, most: number): boolean => Number.isInteger(n) && n >= 1 && n <= most;
const isDueDay = ({ month, day }: DueDay): boolean => isDays(month, 6) && isDays(day, 31);

function scopeProblems(work: Work, village: Village, wish: { level: RuleLevel; fromOn: string }): FieldError[] {
  const errors: FieldError[] = [];
  if (!levelsOf(work.actor.role).includes(wish.level) || (wish.level !== "village" && !village.townshipId)) {
    errors.push({ field: "level", message: "您不能替这一级定" });
  }
  if (!isIsoDay(wish.fromOn)) errors.push({ field: "fromOn", message: "请选从哪天起算" });
  return errors;
}

/** What a village may not do by itself: publish less, later, or to fewer than those above it want. */
function loosens(before: EffectiveItem, change: ItemChange, ground: GroundRules): FieldError[] {
  const errors: FieldError[] = [];
  const add = (field: string, message: string) => errors.push({ field, message: `${message}，要乡镇来定` });
  if (before.active && change.active === false) add("active", "村里不能自己停掉");
  if (before.cadence !== "E" && CADENCES.indexOf(change.cadence ?? "E") > CADENCES.indexOf(before.cadence)) {
    add("cadence", "村里只能公开得更勤");
  }
  if (before.audience === "all" && change.audience !== "all") add("audience", "村里不能改成给更少的人看");
  const later = ({ month, day }: DueDay) => month * 31 + day;
  // What says nothing of its own has the day of the ground rules, before and after.
  const { cadence = before.cadence, due, within } = change;
  if (cadence !== "E") {
    const usual = ground.due[cadence];
    const limit = (cadence === before.cadence && before.due) || usual;
    if (later(due ?? usual) > later(limit)) add("dueDay", "村里只能定得更早");
  } else if ((within ?? ground.event).amount > (before.within ?? ground.event).amount) {
    add("withinDays", "村里只能定得更早");
  }
  return errors;
}

export type GroundWish = {
  level: RuleLevel;
  fromOn: string;
  due: Record<RegularCadence, DueDay>;
  eventDays: number;
  keepDays: number;
  objectionDays: number;
  lawRef: string;
};

/** Changes what holds for every item that says nothing else. */
export async function setGround(work: Work, village: Village, wish: GroundWish): Promise<Outcome<string>> {
  const errors = scopeProblems(work, village, wish);
  for (const [cadence, due] of Object.entries(wish.due)) {
    if (!isDueDay(due)) errors.push({ field: `due${cadence}`, message: "请写 1 到 31 号" });
  }
  for (const [field, days] of [
    ["eventDays", wish.eventDays],
    ["keepDays", wish.keepDays],
    ["objectionDays", wish.objectionDays],
  ] as const) {
    if (!isDays(days, 60)) errors.push({ field, message: "请写 1 到 60 天" });
  }
  if (tidy(wish.lawRef) === "") errors.push({ field: "lawRef", message: "请写依据哪个文件哪一条" });
  const { ground } = rulesOn(await listRules(work.tx, village), localDate(work.now));
  if (wish.level === "village") errors.push(...loosensGround(ground, wish));
  if (errors.length > 0) return invalid(...errors);
  const change: GroundChange = {
    due: wish.due,
    event: { amount: wish.eventDays, unit: "calendar_days" },
    keepDays: wish.keepDays,
    objectionDays: wish.objectionDays,
    lawRef: tidy(wish.lawRef),
  };
  const rule = { level: wish.level, item: GROUND, fromOn: wish.fromOn, change, by: work.actor.id };
  await putRule(work.tx, village, rule, work.now);
  await note(work, village, wish.level, GROUND);
  return ok(GROUND);
}

function loosensGround(ground: EffectiveRules["ground"], wish: GroundWish): FieldError[] {
  const errors: FieldError[] = [];
  const at = ({ month, day }: DueDay) => month * 31 + day;
  for (const [cadence, due] of Object.entries(wish.due) as [RegularCadence, DueDay][]) {
    if (at(due) > at(ground.due[cadence])) errors.push({ field: `due${cadence}`, message: "村里只能定得更早" });
  }
  if (wish.eventDays > ground.event.amount) errors.push({ field: "eventDays", message: "村里只能定得更早" });
  if (wish.keepDays < ground.keepDays) errors.push({ field: "keepDays", message: "村里只能贴得更久" });
  if (wish.objectionDays < ground.objectionDays) {
    errors.push({ field: "objectionDays", message: "村里只能让村民有更长的时间" });
  }
  return errors;
}

const note = (work: Work, village: Village, level: RuleLevel, item: string) =>
  audit(work, {
    chain: level === "village" || !village.townshipId ? village.id : village.townshipId,
    action: "disclosure.set_rule",
    subject: level,
    subjectId: level === "village" ? village.id : village.townshipId,
    detail: { level, item },
  });
