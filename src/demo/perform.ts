import { storeMessages } from "../carrier/simulator/messages.queries.ts";
import { storeInbound } from "../inbound/inbound.queries.ts";
import { identify } from "../inbound/intake-inbound.ts";
import { understandInbound } from "../inbound/understand-inbound.ts";
import type { SuggestionId } from "../lib/ids.ts";
import type { Outcome } from "../lib/refusal.ts";
import { countSegments } from "../message/segments.ts";
import { inSystemWork, inWork, type Work } from "../queue/work.ts";
import { sendOwnerNotices } from "../suggestion/tell-owner.ts";
import type { Login } from "./accounts.ts";
import { deliverTexts, newSidAt } from "./deliver-texts.ts";
import { caseOfText } from "./demo.queries.ts";
import type { Stage } from "./stage.ts";

/** A person does something. What a use case refuses is a mistake of the script. */
export async function act<T>(stage: Stage, login: Login, deed: (work: Work) => Promise<Outcome<T>>): Promise<T> {
  const done = await inWork(stage.work, stage.actors[login], deed);
  if (!done.ok) throw new Error(`${login} was refused: ${done.refusal.message}`);
  await tellStaff(stage);
  return done.value;
}

/** Staff whom this gives something to do are texted it, as the sweep would. */
const tellStaff = (stage: Stage): Promise<void> =>
  inSystemWork(stage.work, async (work) => {
    if ((await sendOwnerNotices(work)) > 0) await deliverTexts(work, stage);
  });

/** A person does something of which a villager is told, and the text arrives. */
export async function actAndTell<T>(
  stage: Stage,
  login: Login,
  deed: (work: Work) => Promise<Outcome<T>>,
): Promise<void> {
  await act(stage, login, deed);
  await inSystemWork(stage.work, (work) => deliverTexts(work, stage));
}

/** Somebody texts the village, and is understood at once. The case that his text belongs to, if there is one. */
export function hear(stage: Stage, from: string, body: string): Promise<SuggestionId | null> {
  return inSystemWork(stage.work, async (work) => {
    const sid = newSidAt(work.now);
    const { segments } = countSegments(body);
    await storeMessages(work.tx, [
      {
        sid,
        accountSid: stage.accountSid,
        direction: "inbound",
        sender: from,
        recipient: stage.channel.sender,
        serviceSid: null,
        body,
        segments,
        status: "received",
        errorCode: null,
        createdAt: work.now,
        updatedAt: work.now,
        sentAt: work.now,
        reachedAt: work.now,
        listedFrom: work.now,
        steps: [],
        url: null,
      },
    ]);
    const phone = identify(from);
    const [id] = await storeInbound(work.tx, [
      {
        channelId: stage.channel.id,
        carrier: stage.channel.carrier,
        carrierMessageId: sid,
        fromHash: stage.sealer.hashPhone(phone),
        fromPhone: stage.sealer.phone(phone),
        raw: stage.sealer.bytes(Buffer.from(writeForm(stage, { sid, from, body, segments }))),
        body,
        receivedAt: work.now,
        backfilled: false,
      },
    ]);
    if (!id) throw new Error("a text of the demo was there already");
    await understandInbound(work, id);
    await sendOwnerNotices(work);
    await deliverTexts(work, stage);
    return await caseOfText(work.tx, id);
  });
}

/** The form that would have brought it. */
const writeForm = (stage: Stage, text: { sid: string; from: string; body: string; segments: number }): string =>
  new URLSearchParams({
    MessageSid: text.sid,
    SmsSid: text.sid,
    SmsMessageSid: text.sid,
    AccountSid: stage.accountSid,
    From: text.from,
    To: stage.channel.sender,
    Body: text.body,
    NumMedia: "0",
    NumSegments: String(text.segments),
    SmsStatus: "received",
    ApiVersion: "2010-04-01",
  }).toString();
