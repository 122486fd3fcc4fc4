import type { FastifyInstance } from "fastify";
import { localDate } from "../lib/china-time.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { visitVillage } from "../village/visit-village.ts";
import { type Fields, type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../web/page.ts";
import { AUDIENCE_WORDS, CLASS_WORDS, type DueDay, ITEM_AUDIENCES, ITEM_CLASSES } from "./catalogue.ts";
import { describeItem, saySource } from "./describe-entry.ts";
import { sayDueDay } from "./due-date.ts";
import { CADENCE_WORDS, CADENCES, type RegularCadence } from "./period.ts";
import { listRules } from "./rules.queries.ts";
import {
  dueDayOf,
  type EffectiveItem,
  type EffectiveRules,
  inOrder,
  LEVEL_WORDS,
  RULE_LEVELS,
  rulesOn,
  withinOf,
} from "./rules.ts";
import { levelsOf, setGround, setItem } from "./set-rule.ts";

const REGULAR: readonly RegularCadence[] = ["M", "Q", "H", "Y"];

/** The catalogue as it holds for a village, who says so, and the forms of those who may say otherwise. */
export function disclosureRuleRoutes(app: FastifyInstance, deps: PageDeps): void {
  const url = "/v/:code/disclosure/rules";
  pageRoute(app, deps, { url, access: "disclosure.read", show: showRules });
  pageRoute(app, deps, { url: `${url}/ground`, access: "disclosure.set", show: showGround });
  pageRoute(app, deps, { url: `${url}/:item`, access: "disclosure.set", show: showRule });

  pageForm(app, deps, {
    url: `${url}/ground`,
    access: "disclosure.set",
    page: showGround,
    async act(work, params, fields) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      const { ground } = await readRules(work, village.value);
      const due = Object.fromEntries(
        REGULAR.map((cadence) => [
          cadence,
          { month: ground.due[cadence].month, day: readWhole(fields[`due${cadence}`]) },
        ]),
      ) as Record<RegularCadence, DueDay>;
      const set = await setGround(work, village.value, {
        ...readScope(fields),
        due,
        eventDays: readWhole(fields.eventDays),
        keepDays: readWhole(fields.keepDays),
        objectionDays: readWhole(fields.objectionDays),
      });
      return set.ok ? ok(`/v/${params.code}/disclosure/rules?done=rule_set`) : set;
    },
  });
  pageForm(app, deps, {
    url: `${url}/:item`,
    access: "disclosure.set",
    page: showRule,
    async act(work, params, fields) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      const { title = "", cadence = "", audience = "", dueDay = "", dueMonth = "", withinDays = "" } = fields;
      const code = params.item === "new" ? null : (params.item ?? "");
      const set = await setItem(work, village.value, code, {
        ...readScope(fields),
        title,
        class: fields.class ?? "",
        cadence,
        audience,
        active: fields.active !== "off",
        due: dueDay.trim() === "" ? null : { month: readWhole(dueMonth || "1"), day: readWhole(dueDay) },
        withinDays: withinDays.trim() === "" ? null : readWhole(withinDays),
      });
      return set.ok ? ok(`/v/${params.code}/disclosure/rules?done=rule_set#r-${set.value}`) : set;
    },
  });
}

/** NaN for what is no whole number: the use case says so beside its field. */
const readWhole = (text: string | undefined): number =>
  /^\d{1,3}$/.test((text ?? "").trim()) ? Number(text) : Number.NaN;
const readScope = ({ level = "", fromOn = "", lawRef = "" }: Fields) => ({
  level: RULE_LEVELS.find((one) => one === level) ?? "village",
  fromOn: fromOn.trim(),
  lawRef,
});

const readRules = async (work: Work, village: Village): Promise<EffectiveRules> =>
  rulesOn(await listRules(work.tx, village), localDate(work.now));

async function showRules({ work, params }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const { ground, items } = await readRules(work, village.value);
  const ordered = inOrder(items.values(), ITEM_CLASSES);
  return ok({
    view: "disclosure-rules",
    title: `要公开 ${ordered.filter((one) => one.active).length} 项`,
    tab: "more",
    village: village.value,
    data: {
      ground: describeGround(ground),
      objectionAnswer: village.value.promises.objection,
      groups: ITEM_CLASSES.map((itemClass) => ({
        words: CLASS_WORDS[itemClass],
        items: ordered
          .filter((one) => one.class === itemClass)
          .map((one) => ({ ...describeItem(one), due: sayDue(one, ground) })),
      })),
      set: levelsOf(work.actor.role).length > 0 && canSet(work, village.value),
    },
  });
}

const canSet = (work: Work, village: Village): boolean =>
  work.actor.role === "secretary" || village.townshipId !== null;

const sayDue = (item: EffectiveItem, ground: EffectiveRules["ground"]): string =>
  item.cadence === "E"
    ? `${withinOf(item, ground).amount} 天内`
    : sayDueDay(item.cadence, dueDayOf(item, item.cadence, ground));

const describeGround = (ground: EffectiveRules["ground"]) => ({
  lines: [
    ...REGULAR.map((cadence) => `${CADENCE_WORDS[cadence]}的：${sayDueDay(cadence, ground.due[cadence])}`),
    `有事随时的：${ground.event.amount} 天内`,
    `公开栏至少贴 ${ground.keepDays} 天`,
    `公开后 ${ground.objectionDays} 日内可提异议`,
  ],
  lawRef: ground.lawRef,
  source: saySource(ground.source),
});

const levels = (work: Work) => levelsOf(work.actor.role).map((value) => ({ value, label: LEVEL_WORDS[value] }));

async function showGround({ work, params, problem }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const { ground } = await readRules(work, village.value);
  const days = Object.fromEntries(REGULAR.map((cadence) => [`due${cadence}`, String(ground.due[cadence].day)]));
  return ok({
    view: "disclosure-ground",
    title: "一般的期限",
    tab: "more",
    village: village.value,
    data: {
      levels: levels(work),
      dueFields: REGULAR.map((cadence) => ({
        name: `due${cadence}`,
        label: `${CADENCE_WORDS[cadence]}的，${sayDueDay(cadence, ground.due[cadence]).replace(/\d+日前$/, "")}几号前`,
      })),
      form: problem?.fields ?? {
        ...days,
        eventDays: String(ground.event.amount),
        keepDays: String(ground.keepDays),
        objectionDays: String(ground.objectionDays),
        lawRef: ground.source ? ground.lawRef : "",
        fromOn: localDate(work.now),
        level: levelsOf(work.actor.role)[0],
      },
      source: saySource(ground.source),
    },
  });
}

async function showRule({ work, params, problem }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const { items } = await readRules(work, village.value);
  const fresh = params.item === "new";
  const item = items.get(params.item ?? "");
  if (!item && !fresh) return refusal("not_found", "目录里没有这一项");
  return ok({
    view: "disclosure-rule",
    title: item ? `改“${item.title}”的规定` : "加一项要公开的",
    tab: "more",
    village: village.value,
    data: {
      code: params.item,
      fresh,
      levels: levels(work),
      classes: choices(ITEM_CLASSES, CLASS_WORDS),
      cadences: choices(CADENCES, CADENCE_WORDS),
      audiences: choices(ITEM_AUDIENCES, AUDIENCE_WORDS),
      source: item ? saySource(item.source) : null,
      form: problem?.fields ?? {
        title: item?.title ?? "",
        class: item?.class ?? "village",
        cadence: item?.cadence ?? "Q",
        audience: item?.audience ?? "all",
        lawRef: item?.lawRef ?? "",
        active: item?.active === false ? "off" : "on",
        dueDay: item?.due ? String(item.due.day) : "",
        dueMonth: item?.due ? String(item.due.month) : "1",
        withinDays: item?.within ? String(item.within.amount) : "",
        fromOn: localDate(work.now),
        level: levelsOf(work.actor.role)[0],
      },
    },
  });
}

const choices = <Value extends string>(values: readonly Value[], words: Record<Value, string>) =>
  values.map((value) => ({ value, label: words[value] }));
