import { submitBroadcast } from "../broadcast/submit-broadcast.ts";
import { makeNotice } from "../finance/lock-sheet.ts";
import { postSheet } from "../finance/post-sheet.ts";
import { readTable } from "../finance/read-table.ts";
import { monthBefore, type SheetId } from "../finance/sheet.ts";
import { addEntries, sayBalances, startSheet, visitSheet } from "../finance/write-sheet.ts";
import { localDate } from "../lib/china-time.ts";
import type { BroadcastId } from "../lib/ids.ts";
import { inWork, type WorkDeps } from "../queue/work.ts";
import { showContact } from "../staff/show-contact.ts";
import type { Village } from "../village/village.queries.ts";
import type { DemoActors } from "./demo.queries.ts";
import { act } from "./perform.ts";
import type { Stage } from "./stage.ts";

/** A month of the demo's money; it lies so many months before the one in which it is told. */
export type DemoSheet = { monthsBack: 1 | 2; opening: string; closing: string; table: string };

const HEAD = "日期,摘要,收入,支出,类别,经手人,凭证号\n";

/** They go on from each other: villagers do check. */
export const SHEETS: readonly DemoSheet[] = [
  {
    monthsBack: 2,
    opening: "79866",
    closing: "86420",
    table: `${HEAD}2日,机井水费,2940,,经营收入,赵晓梅,0801
6日,垃圾桶补助,8000,,上级专项补助,赵晓梅,0802
10日,保洁员工资,,2400,公益福利支出,刘建国,0803
15日,路灯电费,,472,办公和管理费,赵晓梅,0804
21日,村口涵洞清淤,,1514,购建支出,刘建国,0805`,
  },
  {
    monthsBack: 1,
    opening: "86420",
    closing: "97210",
    table: `${HEAD}3日,土地流转费,12000,,发包和上交收入,刘建国,0901
8日,机井水费,3150,,经营收入,赵晓梅,0902
10日,保洁员工资,,2400,公益福利支出,刘建国,0903
12日,修机井,,1260,购建支出,刘建国,0904
15日,路灯电费,,486,办公和管理费,赵晓梅,0905
26日,办公用纸和印泥,,214,办公和管理费,赵晓梅,0906`,
  },
];

export type WrittenSheet = { sheet: SheetId; notice: BroadcastId };

/** The clerk enters the month and hands in its notice. */
export const writeSheet = (stage: Stage, { monthsBack, table, ...balances }: DemoSheet, at: Date) =>
  act(stage, "cunwu", async (work) => {
    let month = localDate(at).slice(0, 7);
    for (let i = 0; i < monthsBack; i++) month = monthBefore(month);
    const started = await startSheet(work, stage.village, month);
    if (!started.ok) return started;
    const sheet = await visitSheet(work, stage.village, started.value);
    if (!sheet.ok) return sheet;
    const rows = readTable(table, month);
    if (!rows.ok) return rows;
    const added = await addEntries(work, sheet.value, rows.value);
    if (!added.ok) return added;
    const said = await sayBalances(work, sheet.value, balances);
    if (!said.ok) return said;
    const made = await makeNotice(work, stage.village, sheet.value);
    if (!made.ok) return made;
    const submitted = await submitBroadcast(work, made.value);
    return submitted.ok
      ? { ok: true, value: { sheet: sheet.value.id, notice: made.value } as WrittenSheet }
      : submitted;
  });

/** It hangs on the board the day its text left. */
export const hangSheet = (stage: Stage, id: SheetId, at: Date): Promise<null> =>
  act(stage, "cunwu", async (work) => {
    const sheet = await visitSheet(work, stage.village, id);
    return sheet.ok ? await postSheet(work, stage.village, sheet.value, localDate(at)) : sheet;
  });

/** The 公示牌: nobody's own number stands on it. A start that follows a crash may. */
export async function showContacts(deps: WorkDeps, actors: DemoActors, village: Village): Promise<void> {
  const office = "0533-6550018";
  const people = [
    ["shuji", "书记", "全村的事", office],
    ["cunwu", "村务员", "盖章、补贴、医保登记", office],
    ["jianhui", "村监会主任", "查账、听意见", "0533-6550019"],
    ["ganbu1", "联户干部", "1号网格", ""],
    ["ganbu2", "联户干部", "2号网格", ""],
    ["ganbu3", "联户干部", "3号网格", ""],
  ] as const;
  for (const [login, post, duty, phone] of people) {
    const shown = await inWork(deps, actors.shuji, (work) =>
      showContact(work, village.id, actors[login].id, { post, duty, phone, shown: true }),
    );
    if (!shown.ok) throw new Error(`a contact of the demo was refused: ${shown.refusal.message}`);
  }
}
