import { type BroadcastId, newId } from "../../src/lib/ids.ts";
import type { Visitor } from "./browser-session.ts";

/** The address of a notice that nobody has written yet, as the page with the beginnings gives it out. */
export const freshNotice = (village: string, at = new Date()): string =>
  `/v/${village}/notices/${newId<BroadcastId>(at.getTime())}`;

/** A notice kept at the first of the three steps: its address. */
export async function keepNotice(
  visitor: Visitor,
  village: string,
  fields: Record<string, string>,
  at?: Date,
): Promise<string> {
  const notice = freshNotice(village, at);
  const kept = await visitor.post(`${notice}/write`, { kind: "notice", ...fields });
  if (kept.headers.get("location") !== `${notice}/who`) throw new Error(`not kept: ${kept.status}`);
  return notice;
}

/** The name that the buttons of a form with several have. */
const BUTTONS = "then";
export const pressed = (button: string): Record<string, string> => ({ [BUTTONS]: button });
