import type { FastifyInstance } from "fastify";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Action } from "../lib/roles.ts";
import type { Work } from "../queue/work.ts";
import { inWork } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { visitVillage } from "../village/visit-village.ts";
import { actorOf } from "../web/guard.ts";
import { type Fields, type PageDeps, pageForm, pageRoute, readFields } from "../web/page.ts";
import { sendProblem } from "../web/problems.ts";
import { acceptUploads, type Upload } from "../web/upload.ts";
import { draftDisclosure } from "./draft-disclosure.ts";
import { findEntry } from "./find-entry.ts";
import { markObjection } from "./objection.ts";
import { findPhoto, type Photo } from "./photo.queries.ts";
import { noteDisclosure, repostDisclosure } from "./post-disclosure.ts";
import { showItem } from "./show-item.ts";
import { dropPhoto, openPhoto } from "./show-photo.ts";

const URL = "/v/:code/disclosure/:item/:period";
/** More than may be kept, so that whoever sends a photo as his phone took it is told so beside the field. */
const MOST_READ_BYTES = 20 * 1024 * 1024;

/** One item and period: what was done about it, and the forms that note it. */
export function disclosureItemRoutes(app: FastifyInstance, deps: PageDeps): void {
  pageRoute(app, deps, { url: URL, access: "disclosure.read", show: showItem });

  type At = { village: Village; item: string; period: string };
  type Deed = (work: Work, at: At, fields: Fields, upload: Upload | null) => Promise<Outcome<string>>;
  /** The deed's value is the word that the page says afterwards, or an address to go to. */
  const form = (url: string, access: Action, deed: Deed, scope = app) =>
    pageForm(scope, deps, {
      url: `${URL}/${url}`,
      access,
      page: showItem,
      async act(work, params, fields, _visitor, _asked, upload) {
        const village = await visitVillage(work, params);
        if (!village.ok) return village;
        const { code = "", item = "", period = "" } = params;
        const done = await deed(work, { village: village.value, item, period }, fields, upload);
        if (!done.ok || done.value.startsWith("/")) return done;
        return ok(`/v/${code}/disclosure/${item}/${period}?done=${done.value}`);
      },
    });

  const noteBoard: Deed = async (work, { village, item, period }, { postedOn = "", until = "" }, upload) => {
    const noted = await noteDisclosure(work, {
      villageId: village.id,
      item,
      period,
      boardPostedOn: postedOn.trim(),
      boardUntil: until.trim(),
      // A field that nobody filled comes as a file without a byte.
      photo: upload?.bytes.length ? upload.bytes : undefined,
    });
    return noted.ok ? ok("board_noted") : noted;
  };
  acceptUploads(app, MOST_READ_BYTES, (scope) => form("board", "disclosure.post", noteBoard, scope));
  form("again", "disclosure.post", async (work, { village, item, period }, { repostedOn = "" }) => {
    const noted = await repostDisclosure(work, village.id, item, period, repostedOn.trim());
    return noted.ok ? ok("board_again") : noted;
  });
  form("photo", "disclosure.post", (work, { village, item, period }, fields) =>
    fields.show === "drop"
      ? dropPhoto(work, village, item, period)
      : openPhoto(work, village, item, period, fields.show === "public"),
  );
  form("draft", "broadcast.draft", async (work, { village, item, period }) => {
    const drafted = await draftDisclosure(work, village, item, period);
    return drafted.ok ? ok(`/v/${village.code}/notices/${drafted.value}/write`) : drafted;
  });
  form("objections", "disclosure.post", async (work, { village, item, period }, { number = "" }) => {
    const marked = await markObjection(work, village.id, item, period, number);
    return marked.ok ? ok("objection_marked") : marked;
  });

  app.get(`${URL}/photo`, { config: { access: "disclosure.read", kind: "page" } }, async (request, reply) => {
    const params = readFields(request.params);
    const photo = await inWork(deps, actorOf(request), (work) => readPhoto(work, params));
    if (!photo.ok) return sendProblem(reply, photo.refusal);
    return reply.type(photo.value.type).send(photo.value.bytes);
  });
}

async function readPhoto(work: Work, params: Fields): Promise<Outcome<Photo>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const entry = await findEntry(work, village.value, params.item ?? "", params.period ?? "");
  if (!entry.ok) return entry;
  const photo = entry.value.row && (await findPhoto(work.tx, village.value.id, entry.value.row.id));
  return photo ? ok(photo) : refusal("not_found", "没有照片");
}
