import type { ActorId, TownshipId, VillageId } from "./ids.ts";

export const ROLES = ["platform", "township", "secretary", "clerk", "overseer", "cadre"] as const;
export type Role = (typeof ROLES)[number];

export const ROLE_NAMES: Record<Role, string> = {
  platform: "平台管理员",
  township: "乡镇督导员",
  secretary: "书记",
  clerk: "村务员",
  overseer: "村监会",
  cadre: "联户干部",
};

/** Who may what: the one table, read by routes, pages and tests. Row-level security repeats the walls between villages. */
export const MAY = {
  "township.create": ["platform"],
  "village.create": ["platform"],
  "budget.read": ["platform", "township", "secretary", "clerk", "overseer"],
  "budget.set": ["platform", "township"],
  "clocks.read": ["township", "secretary", "clerk", "overseer", "cadre"],
  "clocks.set": ["township", "secretary"],
  "calendar.read": ["platform", "township", "secretary", "clerk", "overseer", "cadre"],
  "calendar.set": ["platform", "township"],
  "staff.read": ["platform", "township", "secretary"],
  "staff.edit": ["platform", "township", "secretary"],
  "roster.read": ["township", "secretary", "clerk", "overseer", "cadre"],
  "roster.edit": ["secretary", "clerk"],
  "policy.read": ["township", "secretary", "clerk", "overseer", "cadre"],
  "policy.edit": ["township", "secretary", "clerk"],
  "broadcast.read": ["township", "secretary", "clerk", "overseer"],
  "broadcast.draft": ["township", "secretary", "clerk"],
  "broadcast.approve": ["secretary"],
  // The approver's key, the overseer's, and the township's in the place of an overseer that a village does not have.
  "broadcast.sign": ["secretary", "overseer", "township"],
  // Sends an emergency with one key, and a reason.
  "broadcast.rush": ["secretary", "clerk"],
  "broadcast.control": ["secretary", "clerk"],
  "broadcast.overspend": ["township"],
  // An emergency that went first is signed after.
  "broadcast.countersign": ["secretary", "township"],
  "broadcast.comment": ["township", "secretary", "clerk", "overseer"],
  "visit.read": ["township", "secretary", "clerk", "overseer", "cadre"],
  "visit.tick": ["secretary", "clerk", "cadre"],
  "template.read": ["township", "secretary", "clerk", "overseer"],
  "template.edit": ["township", "secretary", "clerk"],
  "column.edit": ["secretary"],
  "roster.export": ["township", "secretary"],
  "person.erase": ["secretary"],
  "disclosure.read": ["township", "secretary", "clerk", "overseer"],
  "disclosure.post": ["secretary", "clerk"],
  "disclosure.set": ["township", "secretary"],
  // What anybody may read without signing in: the public page itself, and who stands on it with which phone.
  "public.edit": ["secretary"],
  "sheet.read": ["township", "secretary", "clerk", "overseer"],
  "sheet.edit": ["secretary", "clerk"],
  "message.resolve": ["secretary", "clerk"],
  "inbound.read": ["township", "secretary", "clerk", "overseer"],
  "inbound.unregistered": ["township", "secretary", "clerk"],
  "inbound.attach": ["township", "secretary", "clerk"],
  "suggestion.read": ["township", "secretary", "clerk", "overseer", "cadre"],
  "suggestion.classify": ["secretary", "clerk"],
  "lexicon.edit": ["secretary", "clerk"],
  "suggestion.accept": ["secretary", "clerk"],
  "suggestion.assign": ["secretary"],
  "suggestion.extend": ["secretary", "cadre"],
  "suggestion.answer": ["secretary", "cadre", "township"],
  "suggestion.resolve": ["secretary", "clerk", "cadre", "township"],
  "suggestion.decline": ["secretary"],
  "suggestion.merge": ["secretary"],
  "suggestion.split": ["secretary", "clerk"],
  "suggestion.move": ["secretary", "township"],
  "suggestion.escalate": ["secretary", "cadre"],
  "phone.reveal": ["township", "secretary", "cadre"],
  "suggestion.seal": ["secretary", "overseer", "township"],
  // By hand, where no machine and no silence may: a case of despair.
  "suggestion.close": ["secretary", "overseer", "township"],
  "sealed.read": ["township", "overseer"],
  "sealed.handle": ["township", "overseer"],
  "alarm.read": ["township", "secretary", "clerk", "overseer", "cadre"],
  "alarm.confirm": ["township", "secretary", "clerk", "overseer", "cadre"],
  "alarm.set": ["township", "secretary"],
  "suggestion.note": ["secretary", "clerk", "cadre"],
  "supervision.read": ["township", "secretary", "clerk", "overseer", "cadre"],
  "supervision.issue": ["township"],
  "suggestion.ask": ["secretary", "cadre"],
  "suggestion.transfer": ["secretary"],
  "suggestion.reopen": ["secretary", "township"],
  "suggestion.publish": ["secretary"],
  "suggestion.record": ["secretary", "clerk"],
  "suggestion.tell": ["secretary", "clerk", "cadre"],
  "suggestion.export": ["township", "secretary", "cadre"],
  "phrase.edit": ["secretary"],
} as const satisfies Record<string, readonly Role[]>;

export type Action = keyof typeof MAY;

export const may = (role: Role, action: Action): boolean => (MAY[action] as readonly Role[]).includes(role);

/** The roles that an account of this role may give to others. Nobody makes his own equal's superior. */
export const MAY_APPOINT: Record<Role, readonly Role[]> = {
  platform: ROLES,
  township: ["secretary", "clerk", "overseer", "cadre"],
  secretary: ["clerk", "cadre"],
  clerk: [],
  overseer: [],
  cadre: [],
};

/** Roles of one village; the others stand above the villages. */
export const VILLAGE_ROLES: readonly Role[] = ["secretary", "clerk", "overseer", "cadre"];

/** Who acts. An API key is an actor of its own, with one role. */
export type Actor = {
  id: ActorId;
  kind: "staff" | "api_key";
  role: Role;
  name: string;
  /** The villages whose rows this actor may see; none for the platform operator, who reads no villager's text. */
  villages: readonly VillageId[];
  township: TownshipId | null;
};

/** Whoever holds the machine and its DATABASE_URL: the command line. The audit log shows it without a person. */
export const OPERATOR: Actor = {
  id: "" as ActorId,
  kind: "staff",
  role: "platform",
  name: "命令行",
  villages: [],
  township: null,
};
