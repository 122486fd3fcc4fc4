// The one place where types come from above: the unions of states belong to their nouns.

import type { ColumnType, Generated } from "kysely";
import type { Telling } from "../broadcast/after-sending/visit.ts";
import type { Audience, BroadcastKind, BroadcastState, HeldFor } from "../broadcast/broadcast.ts";
import type { ValueProblem } from "../broadcast/personal/value-table.ts";
import type { Quorum } from "../broadcast/poll/poll.ts";
import type { VersionFact } from "../broadcast/signing/say-version.ts";
import type { SignRung } from "../broadcast/signing/signatures.ts";
import type { SimulatedStatus } from "../carrier/simulator/life.ts";
import type { ChainKind } from "../disclosure/chain.ts";
import type { PhotoType } from "../disclosure/clean-photo.ts";
import type { GroundChange, ItemChange, RuleLevel } from "../disclosure/rules.ts";
import type { PublicLine } from "../finance/say-sheet.ts";
import type { EntryCategory, EntryId, EntryKind, SheetId, SheetState, Via } from "../finance/sheet.ts";
import type { Meaning } from "../inbound/meaning.ts";
import type {
  ActorId,
  AlarmId,
  BroadcastId,
  ChannelId,
  ClaimId,
  ColumnId,
  CountyId,
  DisclosureChainId,
  DisclosureId,
  GridId,
  GroupId,
  HouseholdId,
  InboundId,
  MessageId,
  OwnerNoticeId,
  PhraseId,
  PolicyId,
  QuestionId,
  RosterImportId,
  ScheduleId,
  SuggestionId,
  TemplateId,
  TownshipId,
  VillageId,
  VillagerId,
} from "../lib/ids.ts";
import type { Role } from "../lib/roles.ts";
import type { Cause } from "../message/causes.ts";
import type { MessageState } from "../message/message.ts";
import type { Basis } from "../roster/consent.ts";
import type { LeftReason } from "../roster/left.ts";
import type { StagedLayout } from "../roster/roster-columns.ts";
import type { Found, RosterImportState } from "../roster/roster-import.ts";
import type { AlarmSettings, AlarmState, Danger } from "../suggestion/alarm.ts";
import type { Category } from "../suggestion/category.ts";
import type { RungName } from "../suggestion/ladder.ts";
import type { OwnerNoticeKind } from "../suggestion/owner-notice.ts";
import type { Heard, Nature, QuestionKind, ResultKind, SuggestionState } from "../suggestion/suggestion.ts";
import type { ColumnAudience, ColumnClass } from "../village/columns.ts";
import type { Promises } from "../village/promises.ts";
import type { SendingHours } from "../village/village.ts";

/** JSON is written as text (node-postgres would turn an array into a PostgreSQL array) and read as a value. */
type Json<T> = ColumnType<T, string, string>;
/** PostgreSQL's numeric: exact, so it comes as text. */
type Numeric = ColumnType<string, number, number>;

/** PostgreSQL's bigint comes as text too; 分 of a village fit a double many times over. */
type Fen = ColumnType<string, number, number>;

/** The schema as the migrations leave it; `test/db/tables.test.ts` compares the two. */
export interface Tables {
  installation: { one: Generated<boolean>; key_check: Buffer; seeded_at: Date | null };
  counties: { id: CountyId; name: string };
  townships: { id: TownshipId; county_id: CountyId | null; code: string; name: string };
  villages: {
    id: VillageId;
    township_id: TownshipId | null;
    code: string;
    name: string;
    signature: string;
    sending_hours: Json<SendingHours>;
    promises: Json<Promises>;
    monthly_segments: Generated<number | null>;
    alarms: ColumnType<AlarmSettings, string | undefined, string>;
    service_hours: ColumnType<SendingHours, string | undefined, string>;
    reckoned_with: Generated<string | null>;
    public_page: Generated<boolean>;
    created_at: Date;
  };
  calendar_days: {
    id: string;
    county_id: CountyId | null;
    township_id: TownshipId | null;
    day: string;
    off: boolean;
    reason: string;
    set_by: ActorId;
    set_at: Date;
  };
  segment_months: { village_id: VillageId; month: string; used: string };
  actors: {
    id: ActorId;
    kind: "staff" | "api_key";
    role: Role;
    name: string;
    village_id: VillageId | null;
    township_id: TownshipId | null;
    active: Generated<boolean>;
    created_at: Date;
  };
  staff: {
    id: ActorId;
    login: string;
    password_hash: string;
    password_changed_at: Date;
    must_change_password: Generated<boolean>;
    phone_hash: Buffer | null;
    phone: Buffer | null;
    post: Generated<string>;
    failed_sign_ins: Generated<number>;
    locked_until: Date | null;
  };
  sessions: {
    id: Buffer;
    staff_id: ActorId;
    created_at: Date;
    seen_at: Date;
    expires_at: Date;
    device: Generated<string>;
  };
  sign_in_failures: { source: Buffer; at: Date };
  api_keys: {
    id: ActorId;
    key_hash: Buffer;
    created_at: Date;
    last_used_at: Date | null;
    revoked_at: Date | null;
  };
  audit_log: {
    chain: string;
    seq: string;
    at: Date;
    actor_id: ActorId | null;
    actor_role: string;
    action: string;
    subject: string;
    subject_id: string | null;
    detail: Json<Record<string, unknown>>;
    hash: Buffer;
  };
  audit_heads: { chain: string; seq: string; hash: Buffer };
  idempotency_keys: {
    actor_id: ActorId;
    route: string;
    key: string;
    body_hash: Buffer;
    status: number;
    answer: string;
    created_at: Date;
  };
  grids: { id: GridId; village_id: VillageId; name: string };
  groups: { id: GroupId; village_id: VillageId; name: string };
  phones: {
    village_id: VillageId;
    hash: Buffer;
    phone: Buffer;
    problem: "invalid" | "blocked" | "wrong_person" | null;
    problem_at: Date | null;
    created_at: Date;
  };
  households: {
    id: HouseholdId;
    village_id: VillageId;
    number: string;
    group_id: GroupId | null;
    grid_id: GridId | null;
    cadre_name: string | null;
    cadre_id: ActorId | null;
    contact_hash: Buffer | null;
    created_at: Date;
    note: Generated<string>;
    contact_by_hand: Generated<boolean>;
  };
  villagers: {
    id: VillagerId;
    village_id: VillageId;
    household_id: HouseholdId;
    name: string;
    tags: Generated<string[]>;
    phone_hash: Buffer | null;
    position: number;
    created_at: Date;
    left_at: Generated<Date | null>;
    left_reason: Generated<LeftReason | null>;
    merged_into: Generated<VillagerId | null>;
    erased_at: Generated<Date | null>;
  };
  villager_merges: {
    id: string;
    village_id: VillageId;
    kept_id: VillagerId;
    dropped_id: VillagerId;
    took_phone: boolean;
    new_tags: string[];
    merged_by: ActorId;
    merged_at: Date;
    undone_at: Generated<Date | null>;
  };
  phone_consents: {
    id: string;
    village_id: VillageId;
    phone_hash: Buffer;
    basis: Basis;
    told: string;
    given_on: string;
    recorded_by: ActorId;
    recorded_at: Date;
  };
  erasures: {
    id: string;
    village_id: VillageId;
    villager_id: VillagerId;
    name: Buffer | null;
    phone_hash: Buffer | null;
    phone: Buffer | null;
    asked_by: ActorId;
    asked_at: Date;
    begun_at: Generated<Date | null>;
    keep_until: Date;
    finished_at: Generated<Date | null>;
    marks: Buffer[];
  };
  roster_imports: {
    id: RosterImportId;
    village_id: VillageId;
    state: RosterImportState;
    made_by: ActorId | null;
    file_name: string;
    layout: Json<StagedLayout>;
    top: Buffer | null;
    problem: string | null;
    found: ColumnType<Found, string | undefined, string>;
    at_row: Generated<number>;
    rows: number | null;
    read_rows: Generated<number>;
    imported: Generated<number>;
    updated: Generated<number>;
    unchanged: Generated<number>;
    tries: Generated<number>;
    touched_at: Generated<Date>;
    created_at: Date;
    finished_at: Date | null;
  };
  roster_import_files: { import_id: RosterImportId; village_id: VillageId; no: number; bytes: Buffer };
  roster_import_rows: {
    import_id: RosterImportId;
    village_id: VillageId;
    kind: "changed" | "rejected" | "left" | "erased";
    row: number;
    villager_id: VillagerId | null;
    detail: Buffer;
    ignored: Generated<boolean>;
  };
  columns: {
    id: ColumnId;
    village_id: VillageId;
    name: string;
    class: ColumnClass;
    position: number;
    audience: ColumnType<ColumnAudience | null, string | null | undefined, string | null>;
    may_decline: Generated<boolean>;
    retired_at: Generated<Date | null>;
  };
  opt_outs: {
    id: string;
    village_id: VillageId;
    phone_hash: Buffer;
    column_id: ColumnId | null;
    source: "villager" | "carrier" | "staff";
    inbound_id: InboundId | null;
    at: Date;
    ended_at: Date | null;
    set_by: Generated<ActorId | null>;
    note: Generated<string>;
    ended_by: Generated<ActorId | null>;
    ended_note: Generated<string>;
  };
  channels: {
    id: ChannelId;
    name: string;
    carrier: string;
    sender: string;
    village_id: VillageId | null;
    township_id: TownshipId | null;
    rate: number;
    price: Numeric;
    active: boolean;
    next_free: Generated<Date>;
    slowed_to: Generated<number>;
    slowed_at: Date | null;
    created_at: Date;
  };
  turns: { channel_id: ChannelId; lane: number; village_id: VillageId; served_at: Date };
  broadcasts: {
    id: BroadcastId;
    village_id: VillageId;
    column_id: ColumnId;
    channel_id: ChannelId;
    kind: BroadcastKind;
    state: BroadcastState;
    body: string;
    audience: Json<Audience>;
    text: string | null;
    segments_per_message: number;
    recipients: number;
    price: Numeric;
    send_at: Date | null;
    drafted_by: ActorId;
    approved_by: ActorId | null;
    approved_at: Date | null;
    launched_at: Date | null;
    finished_at: Date | null;
    note: string | null;
    at_least_once: Generated<boolean>;
    refusals_from: Generated<Date>;
    created_at: Date;
    reserved_segments: Generated<number>;
    budget_month: Generated<string | null>;
    over_budget_by: Generated<ActorId | null>;
    over_budget_at: Generated<Date | null>;
    held_for: Generated<HeldFor | null>;
    stage_first: Generated<number | null>;
    stage_minutes: Generated<number | null>;
    rest_at: Generated<Date | null>;
    schedule_id: Generated<ScheduleId | null>;
    occurrence_date: Generated<string | null>;
    options: Generated<string[] | null>;
    closes_at: Generated<Date | null>;
    version: Generated<number>;
    personal: Generated<boolean>;
    needs_overseer: Generated<boolean>;
    overseen_by: Generated<ActorId | null>;
    overseen_at: Generated<Date | null>;
    urgent_reason: Generated<string | null>;
    template_id: Generated<TemplateId | null>;
    series_id: Generated<string | null>;
    series_part: Generated<number | null>;
    series_parts: Generated<number | null>;
    series_gap_known: Generated<boolean>;
    corrects_id: Generated<BroadcastId | null>;
    disclosure_id: Generated<string | null>;
    sheet_id: Generated<string | null>;
    sheet_text: Generated<string | null>;
    personal_segments: Generated<number | null>;
    submitted_at: Generated<Date | null>;
    frozen_at: Generated<Date | null>;
    objected_by: Generated<ActorId | null>;
    objected_at: Generated<Date | null>;
    quorum: Generated<Quorum | null>;
    remind_at: Generated<Date | null>;
  };
  sheets: {
    id: SheetId;
    village_id: VillageId;
    month: string;
    state: Generated<SheetState>;
    opening: Fen | null;
    closing: Fen | null;
    corrects_id: SheetId | null;
    made_by: ActorId;
    made_at: Date;
    posted_on: Generated<string | null>;
    posted_at: Generated<Date | null>;
    posted_by: Generated<ActorId | null>;
  };
  sheet_entries: {
    id: EntryId;
    sheet_id: SheetId;
    village_id: VillageId;
    day: string;
    kind: EntryKind;
    purpose: string;
    amount: Fen;
    category: EntryCategory;
    via: Via | null;
    handler: string;
    voucher: string;
  };
  sheet_publications: {
    sheet_id: SheetId;
    village_id: VillageId;
    month: string;
    opening: Fen;
    closing: Fen;
    lines: Json<PublicLine[]>;
    posted_on: string;
    published_at: Date;
  };
  public_contacts: {
    actor_id: ActorId;
    village_id: VillageId;
    post: string;
    duty: string;
    phone: string;
    shown: Generated<boolean>;
    changed_by: ActorId;
    changed_at: Date;
  };
  broadcast_versions: {
    broadcast_id: BroadcastId;
    village_id: VillageId;
    version: number;
    body: string;
    options: string[] | null;
    send_at: Date | null;
    audience: Json<Audience>;
    about: Json<VersionFact[] | null>;
    submitted_by: ActorId;
    submitted_at: Date;
  };
  signature_reminders: {
    broadcast_id: BroadcastId;
    village_id: VillageId;
    submitted_at: Date;
    rung: SignRung;
    done_at: Date;
    outcome: "texted" | "nobody";
  };
  visits: {
    broadcast_id: BroadcastId;
    household_id: HouseholdId;
    village_id: VillageId;
    cause: Cause;
    listed_by: ActorId;
    listed_at: Date;
    how: Generated<Telling | null>;
    told_by: Generated<ActorId | null>;
    told_at: Generated<Date | null>;
    note: Generated<string>;
  };
  value_tables: {
    broadcast_id: BroadcastId;
    village_id: VillageId;
    names: string[];
    taken: number;
    problems: Json<ValueProblem[]>;
    attached_by: ActorId;
    attached_at: Date;
  };
  broadcast_values: {
    broadcast_id: BroadcastId;
    village_id: VillageId;
    household_id: HouseholdId;
    values: Json<Record<string, string>>;
  };
  broadcast_texts: {
    broadcast_id: BroadcastId;
    village_id: VillageId;
    household_id: HouseholdId;
    body: string;
    segments: number;
  };
  schedules: {
    id: ScheduleId;
    village_id: VillageId;
    column_id: ColumnId;
    body: string;
    audience: Json<Audience>;
    weekdays: number[] | null;
    month_day: number | null;
    minute: number;
    active: Generated<boolean>;
    next_at: Date;
    last_date: Generated<string | null>;
    made_by: ActorId;
    approved_by: Generated<ActorId | null>;
    approved_at: Generated<Date | null>;
    created_at: Date;
  };
  broadcast_events: {
    id: string;
    broadcast_id: BroadcastId;
    village_id: VillageId;
    at: Date;
    actor_id: ActorId | null;
    kind: string;
    note: Generated<string>;
  };
  messages: {
    id: MessageId;
    village_id: VillageId;
    channel_id: ChannelId;
    broadcast_id: BroadcastId | null;
    suggestion_id: SuggestionId | null;
    household_id: HouseholdId | null;
    lane: number;
    purpose: string;
    phone_hash: Buffer;
    phone: Buffer;
    body: string | null;
    segments: number;
    once_key: Buffer | null;
    state: Generated<MessageState>;
    queued: ColumnType<boolean, never, never>;
    doubtful: ColumnType<boolean, never, never>;
    missed: ColumnType<boolean, never, never>;
    reason: string | null;
    attempt: Generated<number>;
    claim_id: ClaimId | null;
    called_at: Date | null;
    not_before: Generated<Date>;
    carrier_message_id: string | null;
    accepted_at: Date | null;
    sealed: Generated<boolean>;
    created_at: Date;
    state_at: Date;
  };
  claims: { id: ClaimId; channel_id: ChannelId; worker: string; lease_until: Date; message_ids: string[] };
  attempts: {
    message_id: MessageId;
    attempt: number;
    village_id: VillageId;
    channel_id: ChannelId;
    called_at: Date;
    ended_at: Date;
    outcome: "accepted" | "not_taken" | "refused" | "unknown" | "absent" | "resent" | "given_up";
    code: string | null;
    carrier_message_id: string | null;
    absences: Generated<number>;
    asked_at: Date | null;
    look_ups: Generated<number>;
    absent_at: Date | null;
  };
  reports: {
    id: string;
    channel_id: ChannelId | null;
    message_id: MessageId | null;
    attempt: number | null;
    carrier_message_id: string;
    status: string;
    code: string | null;
    fields: Json<Record<string, string>>;
    received_at: Date;
    matched: boolean;
  };
  inbound: {
    id: InboundId;
    channel_id: ChannelId | null;
    carrier: string;
    carrier_message_id: string;
    from_hash: Buffer;
    from_phone: Buffer;
    raw: Buffer;
    body: string;
    received_at: Date;
    backfilled: Generated<boolean>;
    village_id: VillageId | null;
    household_id: HouseholdId | null;
    villager_id: VillagerId | null;
    registered: boolean | null;
    meaning: Meaning | null;
    rule: string | null;
    why: string | null;
    detail: Json<Record<string, unknown>> | null;
    suggestion_id: SuggestionId | null;
    understood_at: Date | null;
    failures: Generated<number>;
    sealed: Generated<boolean>;
    machine: Generated<boolean>;
    about_broadcast_id: Generated<BroadcastId | null>;
    placed_village_id: Generated<VillageId | null>;
    replay_at: Generated<Date | null>;
    moved_from: Generated<SuggestionId | null>;
    dismissed_at: Generated<Date | null>;
    dismissed_by: Generated<ActorId | null>;
    dismissed_why: Generated<string | null>;
  };
  lexicon_words: {
    id: string;
    village_id: VillageId;
    sort: "nature" | "category" | "urgent";
    value: string;
    word: string;
    active: boolean;
    set_by: ActorId;
    set_at: Date;
  };
  case_numbers: { village_id: VillageId; sealed: boolean; last: number };
  suggestions: {
    id: SuggestionId;
    village_id: VillageId;
    number: number;
    state: SuggestionState;
    sealed: Generated<boolean>;
    text: string;
    nature: Nature;
    nature_by: Generated<string[]>;
    category: Category | null;
    category_by: Generated<string[]>;
    urgent: Generated<boolean>;
    urgent_by: Generated<string[]>;
    classed_by: ActorId | null;
    danger: Generated<Danger | null>;
    hidden_from: Generated<ActorId[]>;
    household_id: HouseholdId | null;
    villager_id: VillagerId | null;
    phone_hash: Buffer | null;
    phone: Buffer | null;
    channel_id: ChannelId | null;
    owner_id: ActorId | null;
    opened_at: Date;
    due_at: Date;
    extended_once: Generated<boolean>;
    escalated_at: Date | null;
    first_response_at: Date | null;
    answered_at: Date | null;
    result_kind: ResultKind | null;
    planned_for: string | null;
    answer: string | null;
    rating: number | null;
    rated_at: Date | null;
    reopened_times: Generated<number>;
    merged_into: SuggestionId | null;
    closed_at: Date | null;
    source: Generated<"sms" | "oral">;
    heard: Generated<Heard | null>;
    passed_to: Generated<string | null>;
    told_at: Generated<Date | null>;
    rated_orally: Generated<boolean>;
    about_broadcast_id: Generated<BroadcastId | null>;
    related_to: Generated<SuggestionId | null>;
    split_from: Generated<SuggestionId | null>;
    moved_from: Generated<SuggestionId | null>;
    round_at: Generated<Date>;
    told_due_at: Generated<Date | null>;
    look_at: ColumnType<Date, Date | undefined, Date>;
  };
  case_rungs: {
    suggestion_id: SuggestionId;
    village_id: VillageId;
    round: number;
    rung: RungName;
    nth: number;
    due_at: Date;
    done_at: Date;
    outcome: "texted" | "nobody" | "skipped";
  };
  supervisions: {
    id: string;
    suggestion_id: SuggestionId;
    village_id: VillageId;
    nth: number;
    demand: string;
    issued_by: ActorId | null;
    issued_at: Date;
    reply_by: Date;
  };
  suggestion_events: {
    id: string;
    suggestion_id: SuggestionId;
    village_id: VillageId;
    at: Date;
    actor_id: ActorId | null;
    voice: "staff" | "villager" | "service";
    kind: string;
    text: Generated<string>;
    inbound_id: InboundId | null;
    message_id: MessageId | null;
  };
  alarms: {
    id: AlarmId;
    village_id: VillageId;
    suggestion_id: SuggestionId;
    phone_hash: Buffer;
    danger: Danger;
    state: AlarmState;
    minutes: number;
    raised_at: Date;
    next_at: Date;
    confirmed_by: Generated<ActorId | null>;
    confirmed_at: Generated<Date | null>;
  };
  alarm_calls: {
    alarm_id: AlarmId;
    actor_id: ActorId;
    place: number;
    village_id: VillageId;
    suggestion_id: SuggestionId;
    asked_at: Generated<Date | null>;
    message_id: Generated<MessageId | null>;
  };
  questions: {
    id: QuestionId;
    village_id: VillageId;
    phone_hash: Buffer;
    kind: QuestionKind;
    message_id: MessageId;
    suggestion_id: SuggestionId | null;
    broadcast_id: BroadcastId | null;
    asked_at: Date;
    expires_at: Date;
    closed_at: Date | null;
    command: Json<Record<string, unknown>> | null;
    options: Generated<string[] | null>;
  };
  owner_notices: {
    id: OwnerNoticeId;
    village_id: VillageId;
    suggestion_id: SuggestionId;
    staff_id: ActorId;
    kind: OwnerNoticeKind;
    urgent: boolean;
    digest: Generated<boolean>;
    due_at: Date;
    created_at: Date;
    settled_at: Date | null;
    message_id: MessageId | null;
  };
  policies: {
    id: PolicyId;
    village_id: VillageId | null;
    township_id: TownshipId | null;
    title: string;
    keywords: string[];
    basis: string;
    scope: string;
    standard: string;
    process: string;
    office: string;
    person: string;
    phone: string;
    active: Generated<boolean>;
    written_by: ActorId;
    written_at: Date;
  };
  poll_votes: {
    broadcast_id: BroadcastId;
    phone_hash: Buffer;
    village_id: VillageId;
    option: number;
    inbound_id: InboundId;
    at: Date;
  };
  phrases: { id: PhraseId; village_id: VillageId; text: string; created_at: Date };
  public_phones: {
    village_id: VillageId;
    hash: Buffer;
    phone: Buffer;
    label: string;
    added_by: ActorId | null;
    added_at: Date;
  };
  templates: {
    id: TemplateId;
    village_id: VillageId | null;
    township_id: TownshipId | null;
    column_name: string;
    name: string;
    body: string;
    version: Generated<number>;
    retired_at: Generated<Date | null>;
    written_by: ActorId | null;
    written_at: Date;
  };
  template_versions: {
    template_id: TemplateId;
    version: number;
    column_name: string;
    name: string;
    body: string;
    written_by: ActorId | null;
    written_at: Date;
  };
  publications: {
    suggestion_id: SuggestionId;
    village_id: VillageId;
    question: string;
    answer: string;
    published_by: ActorId;
    published_at: Date;
    withdrawn_at: Generated<Date | null>;
  };
  disclosure_rules: {
    id: string;
    level: RuleLevel;
    township_id: TownshipId | null;
    village_id: VillageId | null;
    item: string;
    from_on: string;
    change: Json<ItemChange | GroundChange>;
    set_by: ActorId;
    set_at: Date;
  };
  disclosure_chains: {
    id: DisclosureChainId;
    village_id: VillageId;
    kind: ChainKind;
    title: string;
    held_on: string;
    notice_days: number | null;
    started_by: ActorId;
    started_at: Date;
    stopped_at: Generated<Date | null>;
  };
  disclosure_chain_steps: {
    chain_id: DisclosureChainId;
    village_id: VillageId;
    step: string;
    done_on: string;
    eligible: number | null;
    present: number | null;
    agreeing: number | null;
    done_by: ActorId;
    noted_at: Date;
  };
  disclosures: {
    id: DisclosureId;
    village_id: VillageId;
    item: string;
    period: string;
    title: Generated<string | null>;
    event_on: Generated<string | null>;
    chain_id: Generated<DisclosureChainId | null>;
    chain_step: Generated<string | null>;
    due_on: Generated<string | null>;
    board_posted_on: Generated<string | null>;
    board_until: Generated<string | null>;
    reposted_on: Generated<string | null>;
    posted_by: Generated<ActorId | null>;
    noted_at: Generated<Date | null>;
    sheet_id: Generated<string | null>;
    created_by: ActorId;
    created_at: Date;
  };
  disclosure_photos: {
    disclosure_id: DisclosureId;
    village_id: VillageId;
    type: PhotoType;
    bytes: Buffer;
    public: Generated<boolean>;
    added_by: ActorId;
    added_at: Date;
  };
  disclosure_objections: {
    disclosure_id: DisclosureId;
    suggestion_id: SuggestionId;
    village_id: VillageId;
    marked_by: ActorId;
    marked_at: Date;
  };
  "simulator.messages": {
    sid: string;
    account_sid: string;
    direction: "outbound-api" | "inbound";
    sender: string;
    recipient: string;
    phone: ColumnType<string, never, never>;
    messaging_service_sid: string | null;
    body: string;
    segments: number;
    status: SimulatedStatus;
    error_code: number | null;
    created_at: Date;
    updated_at: Date;
    sent_at: Date | null;
    reached_at: Date | null;
    listed_from: Date;
  };
  "simulator.webhooks": {
    id: string;
    sid: string;
    url: string | null;
    status: SimulatedStatus;
    error_code: number | null;
    due_at: Date;
    claimed_until: Date | null;
    tries: Generated<number>;
  };
  "simulator.phones": { number: string; label: string; seen_at: Date; calls: Generated<number> };
}
