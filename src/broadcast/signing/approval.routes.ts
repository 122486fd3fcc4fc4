import type { FastifyInstance } from "fastify";
import type { BroadcastId } from "../../lib/ids.ts";
import { type Outcome, refusal } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import type { Action } from "../../lib/roles.ts";
import type { Work } from "../../queue/work.ts";
import { type Fields, type PageDeps, pageForm, pageRoute } from "../../web/page.ts";
import { findBroadcast } from "../broadcast.queries.ts";
import { showNotice } from "../show-notice.ts";
import { visitNotice } from "../visit-notice.ts";
import { approveBroadcast } from "./approve-broadcast.ts";
import { commentOnBroadcast } from "./comments.ts";
import { returnBroadcast, withdrawBroadcast } from "./return-broadcast.ts";
import { countersignBroadcast } from "./rush-broadcast.ts";
import { showHistory } from "./show-history.ts";

/** The keys of a notice: sign it, send it back, take it back, sign it after, talk about it, and read what became of it. */
export function approvalRoutes(app: FastifyInstance, deps: PageDeps): void {
  /** `act` says in a word what was done, for the page it leads to. */
  const form = (
    url: string,
    access: Action,
    act: (work: Work, id: BroadcastId, fields: Fields) => Promise<Outcome<string>>,
  ) =>
    pageForm(app, deps, {
      url: `/v/:code/notices/:id/${url}`,
      access,
      page: showNotice,
      async act(work, params, fields) {
        const found = await visitNotice(work, params);
        if (!found.ok) return found;
        const { id } = found.value.broadcast;
        const done = await act(work, id, fields);
        return done.ok ? ok(`/v/${params.code}/notices/${id}?done=${done.value}`) : done;
      },
    });

  form("approval", "broadcast.sign", async (work, id, fields) => {
    const signed = await approveBroadcast(work, id, readVersion(fields.version));
    return signed.ok ? ok(await sayApproved(work, id)) : signed;
  });
  form("return", "broadcast.sign", async (work, id, fields) => {
    const returned = await returnBroadcast(work, id, fields.reason ?? "");
    return returned.ok ? ok("returned") : returned;
  });
  form("withdrawal", "broadcast.draft", async (work, id) => {
    const withdrawn = await withdrawBroadcast(work, id);
    return withdrawn.ok ? ok("taken_back") : withdrawn;
  });
  form("countersignature", "broadcast.countersign", async (work, id, fields) => {
    if (fields.then !== "agree" && fields.then !== "object") return refusal("validation_failed", "请选认可还是不认可");
    const agree = fields.then === "agree";
    const signed = await countersignBroadcast(work, id, { agree, reason: fields.why ?? "" });
    return signed.ok ? ok(agree ? "countersigned" : "objected") : signed;
  });
  form("comments", "broadcast.comment", async (work, id, fields) => {
    const said = await commentOnBroadcast(work, id, fields.comment ?? "");
    return said.ok ? ok("commented") : said;
  });
  pageRoute(app, deps, { url: "/v/:code/notices/:id/history", access: "broadcast.read", show: showHistory });
}

/** The version that the page showed; a form that names none is from before there were any. */
const readVersion = (text: string | undefined): number | null => (/^\d{1,9}$/.test(text ?? "") ? Number(text) : null);

async function sayApproved({ tx, now }: Work, id: BroadcastId): Promise<string> {
  const broadcast = await findBroadcast(tx, id);
  if (broadcast?.state === "awaiting_approval") return "signed";
  return broadcast?.sendAt && broadcast.sendAt > now ? "scheduled" : "approved";
}
