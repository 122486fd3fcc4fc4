import { markSeen, namePhones } from "../carrier/simulator/phones.queries.ts";
import { after, HOUR } from "../lib/clock.ts";
import { ACCOUNTS } from "./accounts.ts";
import { moment } from "./calendar.ts";
import { caseScenes } from "./case-scenes.ts";
import { STRANGERS } from "./cast.ts";
import { disclosureScenes } from "./disclosure-scenes.ts";
import { noticeScenes } from "./notice-scenes.ts";
import { OTHER_TEXTS } from "./other-texts.ts";
import { hear } from "./perform.ts";
import type { Person } from "./roster.ts";
import { findPerson, type Scene, type Stage } from "./stage.ts";

/** Texts that reached the simulated phones since then are shown as unread. */
const UNREAD_SINCE = 12 * HOUR;

/** Five weeks of the village's life in the order in which they happened, so that numbers and timelines read naturally. */
export const historyScenes = (now: Date): Scene[] =>
  [...noticeScenes(now), ...caseScenes(now), ...disclosureScenes(now), ...otherScenes(now)].sort(
    (a, b) => a.at.getTime() - b.at.getTime(),
  );

const otherScenes = (now: Date): Scene[] =>
  OTHER_TEXTS.map(({ from, at, text }) => ({
    at: moment(at, now),
    play: (stage) => hear(stage, from.startsWith("+") ? from : findPerson(stage, from).phone, text),
  }));

/** Plays all of it, setting the stage's clock before each scene. */
export async function playHistory(stage: Stage, now: Date): Promise<void> {
  const { system } = stage.work;
  const phones = namedPhones(stage.people);
  await namePhones(system, phones);
  let at = now;
  const work = { ...stage.work, clock: { now: () => at } };
  for (const scene of historyScenes(now)) {
    at = scene.at;
    await scene.play({ ...stage, work });
  }
  await markSeen(
    system,
    phones.map((phone) => phone.number),
    after(now, -UNREAD_SINCE),
  );
}

/** Everybody whose phone the simulator's page shows, under the name and door he is known by. */
function namedPhones(people: readonly Person[]): { number: string; label: string }[] {
  const labels = new Map<string, string>();
  for (const { phone, name, post } of ACCOUNTS) labels.set(phone, `${name} ${post}`);
  for (const { phone, name, door } of people) if (phone && !labels.has(phone)) labels.set(phone, `${name} ${door}`);
  for (const { phone, label } of STRANGERS) labels.set(phone, label);
  return [...labels].map(([number, label]) => ({ number, label }));
}
