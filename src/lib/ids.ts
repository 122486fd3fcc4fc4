import { v7 } from "uuid";

declare const brand: unique symbol;
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** Ids are UUIDv7: they sort by birth, so new rows land at the right edge of every index. */
export type ActorId = Brand<string, "ActorId">;
export type CountyId = Brand<string, "CountyId">;
export type TownshipId = Brand<string, "TownshipId">;
export type VillageId = Brand<string, "VillageId">;
export type ChannelId = Brand<string, "ChannelId">;
export type HouseholdId = Brand<string, "HouseholdId">;
export type VillagerId = Brand<string, "VillagerId">;
export type GroupId = Brand<string, "GroupId">;
export type GridId = Brand<string, "GridId">;
export type RosterImportId = Brand<string, "RosterImportId">;
export type ColumnId = Brand<string, "ColumnId">;
export type BroadcastId = Brand<string, "BroadcastId">;
export type ScheduleId = Brand<string, "ScheduleId">;
export type MessageId = Brand<string, "MessageId">;
export type ClaimId = Brand<string, "ClaimId">;
export type InboundId = Brand<string, "InboundId">;
export type PhraseId = Brand<string, "PhraseId">;
export type PolicyId = Brand<string, "PolicyId">;
export type TemplateId = Brand<string, "TemplateId">;
export type QuestionId = Brand<string, "QuestionId">;
export type AlarmId = Brand<string, "AlarmId">;
export type SuggestionId = Brand<string, "SuggestionId">;
export type OwnerNoticeId = Brand<string, "OwnerNoticeId">;
export type DisclosureId = Brand<string, "DisclosureId">;
export type DisclosureChainId = Brand<string, "DisclosureChainId">;

/**
 * A fresh id. `at` (milliseconds since 1970) dates it, so that seeded history sorts where it belongs; ids of one
 * process and moment still sort in the order they were made, as the lines of one timeline must.
 */
export const newId = <Id extends Brand<string, string>>(at?: number): Id => {
  sequence = (sequence + 1) >>> 0;
  return v7({ msecs: at ?? Date.now(), seq: sequence }) as Id;
};
let sequence = 0;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
export const isUuid = (text: string): boolean => UUID.test(text);
