import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SuggestionId } from "../../src/lib/ids.ts";
import { countDoubts } from "../../src/message/doubts.queries.ts";
import type { DoubtDecision } from "../../src/message/doubts.ts";
import { inquire } from "../../src/message/reconcile.ts";
import { inWork } from "../../src/queue/work.ts";
import { answerSuggestion } from "../../src/suggestion/answer-suggestion.ts";
import { assignSuggestion } from "../../src/suggestion/assign-suggestion.ts";
import { noteInquiry, resendDoubts, surrenderDoubts } from "../../src/suggestion/decide-doubts.ts";
import { escalateSuggestion } from "../../src/suggestion/escalate-suggestion.ts";
import { listTimeline } from "../../src/suggestion/timeline.queries.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenSupervisor, givenVillage, phoneOf } from "../support/given.ts";
import { villager } from "../support/villager.ts";

let t: TestContext;
let cast: Cast;
beforeEach(async () => {
  t = await startContext();
  cast = await givenVillage(t.ctx, { households: 3, township: "baizhen" });
});
afterEach(() => t.stop());

const RECEIPT = "【郭家村村委会】已收到，编号1。刘建国书记负责，10月15日前答复您。";
const ALL: DoubtDecision = { seen: null, acceptRepeats: true };
const send = () => t.ctx.dispatcher.dispatch(t.ctx.channelId, new AbortController().signal);
const doubts = async (id: SuggestionId) => (await countDoubts(t.ctx.db.system, { suggestionId: id })).n;
const resend = (id: SuggestionId, actor = cast.secretary, decision = ALL) =>
  inWork(t.ctx.work, actor, (work) => resendDoubts(work, id, decision));
const surrender = (id: SuggestionId, actor = cast.secretary) =>
  inWork(t.ctx.work, actor, (work) => surrenderDoubts(work, id, ALL));
const events = async (id: SuggestionId) =>
  (await listTimeline(t.ctx.db.system, id)).map(({ actor, kind, text, messageState }) => ({
    actor,
    kind,
    text,
    messageState,
  }));

/** A case whose receipt left, and nobody knows whether it did. */
async function doubtful() {
  const who = villager(t, 1);
  t.carrier.script = () => ({ kind: "unknown", code: "ECONNRESET" });
  await who.texts("俺村西头那口井水有味");
  t.carrier.script = () => undefined;
  const id = await who.lastCase();
  expect(await doubts(id)).toBe(1);
  return id;
}

describe("a case's text of which nobody knows whether it left", () => {
  test("is sent again at a person's word, once, and that is written on the case", async () => {
    const id = await doubtful();
    const refused = await resend(id, cast.secretary, { seen: null, acceptRepeats: false });
    expect(refused).toMatchObject({ refusal: { code: "validation_failed", errors: [{ field: "acceptRepeats" }] } });
    const both = await Promise.all([resend(id, cast.clerk), resend(id), surrender(id)]);
    expect(both.filter((one) => one.ok)).toHaveLength(1);
    await send();
    // If it was the surrender that came first, nothing left.
    const kinds = (await events(id)).map(({ kind }) => kind);
    expect(t.carrier.textsTo(phoneOf(1))).toHaveLength(kinds.includes("resent") ? 2 : 1);
    expect(await resend(id)).toMatchObject({ refusal: { code: "move_not_allowed" } });
  });

  test("leaves ahead of everything, and the receipt's own event shows how it went", async () => {
    const id = await doubtful();
    expectOk(await resend(id, cast.clerk));
    await send();
    expect(t.carrier.textsTo(phoneOf(1))).toEqual([RECEIPT, RECEIPT]);
    expect(await events(id)).toMatchObject([
      { kind: "opened" },
      { kind: "receipt", messageState: "accepted" },
      { actor: "clerk", kind: "resent", text: "1 条，村民可能收到两遍" },
    ]);
    const audited = await inWork(t.ctx.work, cast.secretary, (work) =>
      work.tx.selectFrom("audit_log").select(["action", "actor_id"]).where("action", "like", "%.resent").execute(),
    );
    expect(audited).toEqual([{ action: "suggestion.resent", actor_id: cast.clerk.id }]);
  });

  test("is left alone at a person's word", async () => {
    const id = await doubtful();
    expectOk(await surrender(id));
    await send();
    expect([t.carrier.textsTo(phoneOf(1)).length, await doubts(id)]).toEqual([1, 0]);
    expect(await events(id)).toMatchObject([
      {},
      { kind: "receipt", messageState: "failed" },
      { kind: "surrendered", text: "1 条不再查，也不再发" },
    ]);
  });

  test("is asked about at a person's word: about this case's texts and no others", async () => {
    const id = await doubtful();
    const other = villager(t, 2);
    t.carrier.script = () => ({ kind: "unknown", code: "ECONNRESET" });
    await other.texts("二组的变压器嗡嗡响");
    t.carrier.script = () => undefined;
    const found = await inquire(t.ctx.reconcile, { suggestionId: id });
    expect(found).toMatchObject({ asked: 1, settled: 1 });
    expectOk(await inWork(t.ctx.work, cast.clerk, (work) => noteInquiry(work, id, found)));
    expect((await events(id)).at(-1)).toMatchObject({ kind: "inquired", text: "问了 1 条，1 条查到了" });
    expect([await doubts(id), await doubts(await other.lastCase())]).toEqual([0, 1]);
  });

  test("is the business of the cadre who answers, and of the township once it has climbed there", async () => {
    const id = await doubtful();
    const [cadre, stranger] = [await cast.actor("cadre", "wang"), await cast.actor("cadre", "zhao")];
    const supervisor = await givenSupervisor(t.ctx, cast);
    const as = <T>(body: Parameters<typeof inWork<T>>[2]) => inWork(t.ctx.work, cast.secretary, body);
    expectOk(await as((work) => assignSuggestion(work, id, cadre.id)));
    expect(await resend(id, stranger)).toMatchObject({ refusal: { code: "not_found" } });
    expect(await resend(id, supervisor)).toMatchObject({ refusal: { code: "forbidden" } });
    expectOk(await resend(id, cadre));
    t.carrier.script = () => ({ kind: "unknown", code: "ECONNRESET" });
    await send();
    expectOk(await as((work) => escalateSuggestion(work, id, "")));
    expectOk(
      await inWork(t.ctx.work, supervisor, (work) =>
        answerSuggestion(work, id, { resultKind: "solved", text: "镇水利站周五来洗了井，水清了。" }),
      ),
    );
    await send();
    expect(await doubts(id)).toBe(2);
    t.carrier.script = () => undefined;
    expectOk(await resend(id, supervisor));
    await send();
    expect(await doubts(id)).toBe(0);
  });
});
