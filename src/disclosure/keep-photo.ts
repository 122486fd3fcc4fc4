import type { DisclosureId, VillageId } from "../lib/ids.ts";
import { invalid, type Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { cleanPhoto, MOST_PHOTO_BYTES } from "./clean-photo.ts";
import { putPhoto } from "./photo.queries.ts";

/** Keeps a photo of the board, without what the camera wrote into it. Only staff see it until somebody makes it public. */
export async function keepPhoto(
  work: Work,
  villageId: VillageId,
  id: DisclosureId,
  bytes: Buffer,
): Promise<Outcome<null>> {
  if (bytes.length > MOST_PHOTO_BYTES) {
    return invalid({ field: "photo", message: "照片太大了，最大 5 MB；请在手机上选小一点的尺寸再传" });
  }
  const photo = cleanPhoto(bytes);
  if (!photo) return invalid({ field: "photo", message: "只收 JPG 和 PNG 照片，这个文件不是，或者不完整" });
  await putPhoto(work.tx, { id, villageId, by: work.actor.id, ...photo }, work.now);
  return ok(null);
}
