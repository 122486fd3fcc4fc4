import { describe, expect, test } from "vitest";
import { type Action, MAY, may, type Role } from "../../src/lib/roles.ts";

/** Of the table of DESIGN.md (section 4), by role instead of by action: whoever widens a right does it twice. */
const of = (role: Role) => (Object.keys(MAY) as Action[]).filter((action) => may(role, action));
const isReading = (action: Action) => /\.(?:read|unregistered)$/.test(action);
const deedsOf = (role: Role) =>
  of(role)
    .filter((action) => !isReading(action))
    .sort();
const sortedWords = (...lines: string[]) => lines.flatMap((line) => line.split(" ")).sort();

describe("what a role may do", () => {
  test.each<[Role, string[]]>([
    ["platform", sortedWords("budget.set calendar.set staff.edit township.create village.create")],
    [
      "township",
      sortedWords(
        "alarm.confirm alarm.set budget.set calendar.set clocks.set disclosure.set policy.edit staff.edit template.edit",
        "broadcast.comment broadcast.countersign broadcast.draft broadcast.overspend broadcast.sign",
        "inbound.attach phone.reveal roster.export sealed.handle supervision.issue",
        "suggestion.answer suggestion.close suggestion.export suggestion.move suggestion.reopen suggestion.resolve suggestion.seal",
      ),
    ],
    [
      "overseer",
      sortedWords("alarm.confirm broadcast.comment broadcast.sign sealed.handle suggestion.close suggestion.seal"),
    ],
    [
      "cadre",
      sortedWords(
        "alarm.confirm phone.reveal visit.tick suggestion.answer suggestion.ask suggestion.escalate suggestion.export",
        "suggestion.extend suggestion.note suggestion.resolve suggestion.tell",
      ),
    ],
  ])("a %s: this and nothing else", (role, deeds) => expect(deedsOf(role)).toEqual(deeds));

  test("a clerk: nothing that his secretary may not, and none of what decides", () => {
    expect(of("clerk").filter((action) => !may("secretary", action))).toEqual([]);
    expect(deedsOf("secretary").filter((action) => !may("clerk", action))).toEqual(
      sortedWords(
        "broadcast.approve broadcast.countersign broadcast.sign column.edit disclosure.set person.erase public.edit",
        "alarm.set clocks.set phone.reveal phrase.edit roster.export staff.edit suggestion.answer suggestion.ask",
        "suggestion.assign suggestion.close suggestion.decline suggestion.escalate suggestion.export suggestion.extend",
        "suggestion.merge suggestion.move suggestion.publish suggestion.reopen suggestion.seal suggestion.transfer",
      ),
    );
  });
});

test("what only some may read: sealed cases, accounts, budgets, and of a cadre all that is not about his doors", () => {
  const all = (Object.keys(MAY) as Action[]).filter(isReading);
  const hidden = (role: Role) => all.filter((action) => !may(role, action));
  expect({ township: hidden("township"), secretary: hidden("secretary"), clerk: hidden("clerk") }).toEqual({
    township: [],
    secretary: ["sealed.read"],
    clerk: ["staff.read", "sealed.read"],
  });
  expect(hidden("overseer")).toEqual(["staff.read", "inbound.unregistered"]);
  expect(of("platform").filter(isReading)).toEqual(["budget.read", "calendar.read", "staff.read"]);
  expect(of("cadre").filter(isReading)).toEqual([
    ...["clocks.read", "calendar.read", "roster.read", "policy.read", "visit.read", "suggestion.read", "alarm.read"],
    "supervision.read",
  ]);
});
