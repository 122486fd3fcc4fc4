import type { ColumnId } from "../lib/ids.ts";
import { type FieldError, invalid, type Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { cleanText } from "../lib/text.ts";
import { channelOfVillage } from "../message/channel.queries.ts";
import { countSegments } from "../message/segments.ts";
import type { Work } from "../queue/work.ts";
import { listColumns, type Village } from "../village/village.queries.ts";
import { writeSignature } from "../village/village.ts";
import { countAudience } from "./audience/audience.queries.ts";
import { checkAudience } from "./audience/check-audience.ts";
import {
  type Audience,
  type BroadcastKind,
  EVERYONE,
  MAX_SEGMENTS,
  MAX_STAGE_MINUTES,
  type Origin,
  type Stages,
} from "./broadcast.ts";
import { costOf } from "./cost.ts";
import { findBlanks } from "./personal/blanks.ts";
import { closingProblem } from "./poll/closing.ts";
import { pollProblem, type Quorum, readOptions, writeBody } from "./poll/poll.ts";

export type DraftWish = {
  /** A column's name or id. */
  column: string;
  body: string;
  /** A notice, unless it says otherwise. An emergency leaves first, and outside the village's sending hours too. */
  kind?: BroadcastKind | undefined;
  atLeastOnce?: boolean | undefined;
  audience?: Audience | undefined;
  sendAt?: Date | null | undefined;
  /** With kind `poll`, and only with it. */
  options?: readonly string[] | null | undefined;
  closesAt?: Date | null | undefined;
  stages?: Stages | null | undefined;
  /** Finance and subsidies need the overseer's signature too; a column of the class finance always does. */
  needsOverseer?: boolean | undefined;
  /** An emergency that leaves with one key says why; the second signs after. */
  urgentReason?: string | null | undefined;
  /** With kind `poll`: half, unless it says otherwise. */
  quorum?: Quorum | undefined;
  origin?: Origin | undefined;
  /** The same text went to the same people within a day, and is meant to go again. */
  repeatAnyway?: boolean | undefined;
};

/** What will be sent, to how many, at what price: what the compose page shows while somebody writes. */
export type Estimate = {
  text: string;
  segments: number;
  units: number;
  recipients: number;
  price: number;
  cost: number;
};

export async function checkDraft(work: Work, village: Village, wish: DraftWish): Promise<Outcome<CheckedDraft>> {
  const body = cleanText(wish.body).trim();
  if (body === "") return invalid({ field: "body", message: "请写通知的内容" });
  const columns = await listColumns(work.tx, village.id);
  const column = columns.find((one) => one.name === wish.column.trim() || one.id === wish.column);
  if (!column) {
    return invalid({ field: "column", message: `请选一个栏目：${columns.map((one) => one.name).join("、")}` });
  }
  const kind = wish.kind ?? "notice";
  const options = kind === "poll" ? readOptions(wish.options ?? []) : null;
  const closesAt = wish.closesAt ?? null;
  if (!options && (wish.options || closesAt))
    return invalid({ field: "options", message: "只有表态才有选项和截止时间" });
  if (options && findBlanks(options.join("\n")).length > 0) {
    return invalid({ field: "options", message: "选项里不能有要填的 {{ }}，每户看到的选项要一样" });
  }
  const text = writeSignature(village.signature) + writeBody({ body, options });
  const { segments, units } = countSegments(text);
  if (segments > MAX_SEGMENTS) {
    return invalid({ field: "body", message: `太长了：要 ${segments} 条，最多 ${MAX_SEGMENTS} 条，请删减或分几次发` });
  }
  const sendAt = wish.sendAt ?? null;
  if (sendAt !== null && sendAt.getTime() < work.now.getTime()) {
    return invalid({ field: "sendAt", message: "发送时间已经过了，请改一个以后的时间" });
  }
  const asked = options && pollProblem(options, closesAt, sendAt ?? work.now);
  if (asked) return invalid(asked);
  const urgentReason = wish.urgentReason == null ? null : cleanText(wish.urgentReason).trim();
  const needsOverseer = column.class === "finance" || (wish.needsOverseer ?? false);
  const rushed = urgentReason === null ? null : rushProblem(urgentReason, { kind, sendAt, needsOverseer });
  if (rushed) return invalid(rushed);
  if (wish.quorum && kind !== "poll") return invalid({ field: "quorum", message: "只有表态才有参与人数的要求" });
  const atLeastOnce = wish.atLeastOnce ?? false;
  if (atLeastOnce && kind !== "emergency") {
    return invalid({ field: "atLeastOnce", message: "只有紧急通知才能自动重发结果不明的短信" });
  }
  const stages = wish.stages ?? null;
  const wrong = stages && stageProblem(stages);
  if (wrong) return invalid(wrong);
  const checked = await checkAudience(work, village.id, wish.audience ?? column.audience ?? EVERYONE);
  if (!checked.ok) return checked;
  const audience = checked.value;
  const { recipients } = await countAudience(work.tx, {
    villageId: village.id,
    audience,
    columnId: column.id,
    emergency: kind === "emergency",
  });
  if (recipients === 0) return invalid({ field: "audience", message: "没有人能收到：名册里还没有可用的手机号" });
  const channel = await channelOfVillage(work.tx, village.id);
  const seconds = (segments * recipients) / channel.rate;
  const closing = closingProblem({
    ...{ closesAt, seconds, from: sendAt ?? work.now },
    ...{ hours: village.sendingHours, now: work.now },
  });
  if (closing) return invalid(closing);
  return ok({
    body,
    kind,
    atLeastOnce,
    columnId: column.id,
    audience,
    personal: findBlanks(body).length > 0,
    sendAt,
    stages,
    options,
    closesAt,
    needsOverseer,
    urgentReason,
    quorum: kind === "poll" ? (wish.quorum ?? "half") : null,
    origin: wish.origin ?? {},
    channelId: channel.id,
    estimate: {
      text,
      segments,
      units,
      recipients,
      price: channel.price,
      cost: costOf(segments * recipients, channel.price),
    },
  });
}

const LONGEST_REASON = 200;

/** An emergency with a reason leaves before its second signature, so it must be one, and leave at once. */
function rushProblem(
  reason: string,
  { kind, sendAt, needsOverseer }: { kind: BroadcastKind; sendAt: Date | null; needsOverseer: boolean },
): FieldError | null {
  const wrong = (message: string): FieldError => ({ field: "reason", message });
  if (kind !== "emergency") return wrong("只有紧急通知才能先发出、后补签");
  if (reason === "") return wrong("先发出、后补签，要写明为什么等不及");
  if (Array.from(reason).length > LONGEST_REASON) return wrong(`理由最多 ${LONGEST_REASON} 个字`);
  if (sendAt !== null) return wrong("定了时间就来得及审批，先发出、后补签的只能马上发");
  return needsOverseer ? wrong("财务和补贴的通知，要书记和村监会都签了才能发") : null;
}

export function stageProblem({ first, waitMinutes }: Stages): FieldError | null {
  const whole = (n: number, most: number) => Number.isInteger(n) && n >= 1 && n <= most;
  if (!whole(first, 1_000_000)) return { field: "stageFirst", message: "先发几户要写整数，比如 20" };
  if (whole(waitMinutes, MAX_STAGE_MINUTES)) return null;
  return { field: "stageMinutes", message: "等几分钟要写 1 到 1440 的整数，比如 30" };
}

export type CheckedDraft = {
  body: string;
  kind: BroadcastKind;
  atLeastOnce: boolean;
  columnId: ColumnId;
  audience: Audience;
  /** It has blanks: each household gets a text of its own. */
  personal: boolean;
  sendAt: Date | null;
  stages: Stages | null;
  options: string[] | null;
  closesAt: Date | null;
  needsOverseer: boolean;
  urgentReason: string | null;
  quorum: Quorum | null;
  origin: Origin;
  channelId: Awaited<ReturnType<typeof channelOfVillage>>["id"];
  estimate: Estimate;
};
