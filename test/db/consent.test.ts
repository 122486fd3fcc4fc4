import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { draftBroadcast } from "../../src/broadcast/draft-broadcast.ts";
import { launchBroadcast } from "../../src/broadcast/sending/launch-broadcast.ts";
import { approveBroadcast } from "../../src/broadcast/signing/approve-broadcast.ts";
import { changeConsent } from "../../src/inbound/change-consent.ts";
import { promptSender } from "../../src/inbound/prompt-sender.ts";
import { DAY } from "../../src/lib/clock.ts";
import type { BroadcastId } from "../../src/lib/ids.ts";
import type { Actor } from "../../src/lib/roles.ts";
import { inSystemWork, inWork } from "../../src/queue/work.ts";
import { confirmNumber } from "../../src/roster/confirm-number.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenVillage, phoneOf } from "../support/given.ts";
import { villager } from "../support/villager.ts";
import { whenHeard } from "../support/when-heard.ts";

let t: TestContext;
let cast: Cast;
let overseer: Actor;
beforeEach(async () => {
  t = await startContext();
  cast = await givenVillage(t.ctx, { households: 3 });
  overseer = await cast.actor("overseer", "looker");
});
afterEach(() => t.stop());

const send = () => t.ctx.dispatcher.dispatch(t.ctx.channelId, new AbortController().signal);
const consent = (n: number, meaning: "opt_out" | "opt_in", column: string | null = null) =>
  whenHeard(t, n, meaning, meaning, (work, hearing) => changeConsent(work, hearing, { meaning, why: "", column }));
const says = (n: number, meaning: "courtesy" | "auto_reply" | "wrong_number" | "noise") =>
  whenHeard(t, n, meaning, meaning, (work, hearing) => promptSender(work, hearing, { meaning, why: "" }));
const reads = (n: number) => t.carrier.textsTo(phoneOf(n)).map((text) => text.replace("【郭家村村委会】", ""));

async function launched(column: string, body: string, kind: "notice" | "emergency" = "notice"): Promise<BroadcastId> {
  const id = expectOk(
    await inWork(t.ctx.work, cast.clerk, (work) => draftBroadcast(work, cast.village, { column, body, kind }, true)),
  );
  // Money has three keys.
  const signers = column === "财务公开" ? [overseer, cast.secretary] : [cast.secretary];
  for (const signer of signers) expectOk(await inWork(t.ctx.work, signer, (work) => approveBroadcast(work, id)));
  expect(await inSystemWork(t.ctx.work, (work) => launchBroadcast(work, id))).toBe("launched");
  return id;
}
async function sent(column: string, body: string, kind: "notice" | "emergency" = "notice"): Promise<void> {
  await launched(column, body, kind);
  await send();
}
const problemOf = async (n: number) =>
  (
    await t.ctx.db.system
      .selectFrom("phones")
      .select("problem")
      .where("hash", "=", t.ctx.sealer.hashPhone(phoneOf(n) as never))
      .executeTakeFirstOrThrow()
  ).problem;

describe("leaving a column", () => {
  test("is confirmed once, keeps the others, emergencies and the answer to one's own case", async () => {
    expect((await consent(1, "opt_out", "智慧语录")).detail).toEqual({ column: "智慧语录" });
    await consent(1, "opt_out", "智慧语录");
    expect(reads(1)).toEqual([
      "好的，不再发“智慧语录”。您自己反映的事照样答复，紧急情况也通知。想恢复请回“恢复智慧语录”。",
    ]);
    await sent("智慧语录", "人心齐，泰山移。");
    await sent("生产生活", "明天浇地排号。");
    await sent("智慧语录", "今夜有大风，关好门窗。", "emergency");
    await villager(t, 1).texts("村西头路灯坏了");
    expect(reads(1).slice(1)).toEqual([
      "明天浇地排号。",
      "今夜有大风，关好门窗。",
      expect.stringContaining("已收到，编号1"),
    ]);
    expect(reads(2)).toContain("人心齐，泰山移。");
  });
  test("also holds for a notice that was launched before the word came", async () => {
    await launched("智慧语录", "人心齐，泰山移。");
    await consent(1, "opt_out", "智慧语录");
    expect(reads(1)).toEqual([expect.stringContaining("不再发“智慧语录”")]);
    expect(reads(2)).toEqual(["人心齐，泰山移。"]);
  });
  test("is taken back by its name; after leaving everything only everything comes back", async () => {
    await consent(1, "opt_out", "智慧语录");
    await consent(1, "opt_in", "智慧语录");
    await consent(1, "opt_out");
    await consent(1, "opt_in", "智慧语录");
    await consent(1, "opt_in");
    expect(reads(1).slice(1)).toEqual([
      "好的，已恢复给您发“智慧语录”。",
      expect.stringContaining("好的，不再给您发通知。"),
      "您现在什么通知都不收。想重新收，请回“恢复”。",
      "好的，已恢复给您发通知。",
    ]);
  });
  test.each(["村务公开", "财务公开", "党务公开"])("%s cannot be left alone, only with everything", async (column) => {
    await consent(1, "opt_out", column);
    expect(reads(1)).toEqual([`“${column}”是必须公开的，不能单独退订。一条通知也不想收，请回“退订”。`]);
    await sent(column, "上月电费480元。");
    expect(reads(1)).toHaveLength(2);
    await consent(1, "opt_out");
    await sent(column, "本月电费520元。");
    expect(reads(1).at(-1)).toContain("好的，不再给您发通知。");
  });
  test("of a name that is no column changes nothing", async () => {
    await consent(1, "opt_out", "王村");
    expect(reads(1)).toEqual([]);
    await sent("村务公开", "明天开会。");
    expect(reads(1)).toEqual(["明天开会。"]);
  });
});

describe("texts that open nothing", () => {
  test("thanks and machines get no word back", async () => {
    await says(1, "courtesy");
    await says(1, "auto_reply");
    expect(reads(1)).toEqual([]);
  });
  test("what nobody can read gets one gentle text a day", async () => {
    for (let i = 0; i < 5; i++) await says(1, "noise");
    expect(reads(1)).toEqual(["没看懂这条短信。有事直接写，比如“3组路灯坏了”；回“帮助”看能问什么。"]);
    t.clock.advance(DAY + 1);
    await says(1, "noise");
    expect(reads(1)).toHaveLength(2);
  });
  test("a wrong number gets nothing more, also of what was under way, until a person has looked", async () => {
    await launched("村务公开", "明天开会。");
    await says(1, "wrong_number");
    await says(1, "wrong_number");
    const sorry = "对不起，打扰您了。号码没核对清楚以前，不再给您发通知。";
    expect([reads(1), await problemOf(1)]).toEqual([[sorry], "wrong_person"]);
    expect(await problemOf(2)).toBeNull();
    expect(reads(2)).toEqual(["明天开会。"]);
    await sent("村务公开", "后天开会。");
    await sent("村务公开", "今夜有大风。", "emergency");
    expect(reads(1)).toEqual([sorry]);

    const { id } = await t.ctx.db.system
      .selectFrom("households")
      .select("id")
      .where("number", "=", "1")
      .executeTakeFirstOrThrow();
    const look = () => inWork(t.ctx.work, cast.clerk, (work) => confirmNumber(work, cast.village.id, id));
    expectOk(await look());
    expect(await look()).toMatchObject({ ok: false, refusal: { code: "not_found" } });
    await sent("村务公开", "大后天开会。");
    expect(reads(1)).toEqual([sorry, "大后天开会。"]);
  });
});
