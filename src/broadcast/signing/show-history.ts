import { sayMoment } from "../../lib/china-time.ts";
import { diffTexts } from "../../lib/diff.ts";
import type { Outcome } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import type { Page, Visit } from "../../web/page.ts";
import { listEvents } from "../events.queries.ts";
import { writeBody } from "../poll/poll.ts";
import { visitNotice } from "../visit-notice.ts";
import { describeHistory } from "./history.ts";
import type { VersionFact } from "./say-version.ts";
import { listVersions, type Version } from "./versions.queries.ts";

/** Every text of a notice that was handed in, each beside the one before it; who did what, and who signed when. */
export async function showHistory({ work, params }: Visit): Promise<Outcome<Page>> {
  const found = await visitNotice(work, params);
  if (!found.ok) return found;
  const { village, broadcast } = found.value;
  const versions = compareVersions(await listVersions(work.tx, broadcast.id));
  return ok({
    view: "notice-history",
    title: versions.length > 1 ? `改过 ${versions.length - 1} 次` : "没有改过",
    tab: "notices",
    village,
    data: {
      notice: { id: broadcast.id, column: broadcast.column },
      versions: versions
        .map((one) => ({ ...one, sendAtWords: one.sendAt ? sayMoment(one.sendAt, work.now) : "批准后马上发" }))
        .reverse(),
      events: describeHistory(await listEvents(work.tx, broadcast.id)),
    },
  });
}

/** Each version with what changed since the one before; the first is new as a whole and is shown plainly. */
export const compareVersions = (versions: readonly Version[]) =>
  versions.map((version, i) => {
    const text = writeBody(version);
    const before = versions[i - 1];
    const pieces = before ? diffTexts(writeBody(before), text) : [{ kind: "same" as const, text }];
    return {
      ...version,
      nth: i + 1,
      text,
      pieces,
      moved: before !== undefined && +(before.sendAt ?? 0) !== +(version.sendAt ?? 0),
      facts: compareFacts(before?.about ?? null, version.about ?? []),
    };
  });

/** `was`: what it said before where it says something else now; null where it is the same, or nobody kept it. */
export type ComparedFact = VersionFact & { was: string | null };

function compareFacts(before: readonly VersionFact[] | null, now: readonly VersionFact[]): ComparedFact[] {
  const gone = (before ?? []).filter(({ name }) => now.every((one) => one.name !== name));
  return [
    ...now.map((one) => {
      const earlier = before && (before.find(({ name }) => name === one.name)?.words ?? "没有");
      return { ...one, was: earlier === one.words ? null : earlier };
    }),
    ...gone.map(({ name, words }) => ({ name, words: "没有", was: words })),
  ];
}
