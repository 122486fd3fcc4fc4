import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { ActorId, InboundId, MessageId, SuggestionId, VillageId } from "../lib/ids.ts";
import { newId } from "../lib/ids.ts";
import type { Role } from "../lib/roles.ts";
import type { MessageState } from "../message/message.ts";

export type NewEvent = {
  suggestionId: SuggestionId;
  villageId: VillageId;
  actorId: ActorId | null;
  voice: "staff" | "villager" | "service";
  kind: EventKind;
  text?: string;
  inboundId?: InboundId;
  messageId?: MessageId;
};

export const EVENT_KINDS = [
  "opened",
  "receipt",
  "accepted",
  "assigned",
  "note",
  "heard",
  "named",
  "asked",
  "added",
  "unanswered",
  "extended",
  "escalated",
  "reminded",
  "supervised",
  "rereckoned",
  "answered",
  "told",
  "declined",
  "transferred",
  "inquired",
  "resent",
  "surrendered",
  "rated",
  "reopened",
  "closed",
  "closed_unrated",
  "published",
  "withdrawn",
  "alarm_taken",
  "sealed",
  "added_after_answer",
  "merged",
  "took_in",
  "split",
  "split_from",
  "moved",
  "moved_here",
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export async function addEvent(tx: Tx, event: NewEvent, now: Date): Promise<void> {
  await tx
    .insertInto("suggestion_events")
    .values({
      id: newId(now.getTime()),
      suggestion_id: event.suggestionId,
      village_id: event.villageId,
      at: now,
      actor_id: event.actorId,
      voice: event.voice,
      kind: event.kind,
      text: event.text ?? "",
      inbound_id: event.inboundId ?? null,
      message_id: event.messageId ?? null,
    })
    .execute();
}

export type TimelineEvent = {
  at: Date;
  actor: string | null;
  post: string | null;
  role: Role | null;
  voice: "staff" | "villager" | "service";
  kind: EventKind;
  text: string;
  /** Staff did it by text from his own phone. */
  byText: boolean;
  messageState: MessageState | null;
  messageReason: string | null;
};

export async function listTimeline(db: Db, id: SuggestionId): Promise<TimelineEvent[]> {
  return await db
    .selectFrom("suggestion_events as e")
    .leftJoin("actors as a", "a.id", "e.actor_id")
    .leftJoin("staff as f", "f.id", "e.actor_id")
    .leftJoin("messages as m", "m.id", "e.message_id")
    .select([
      "e.at",
      "a.name as actor",
      "f.post",
      "a.role",
      "e.voice",
      sql<EventKind>`e.kind`.as("kind"),
      "e.text",
      sql<boolean>`e.voice = 'staff' and e.inbound_id is not null`.as("byText"),
      "m.state as messageState",
      "m.reason as messageReason",
    ])
    .where("e.suggestion_id", "=", id)
    .orderBy("e.id")
    .execute();
}
