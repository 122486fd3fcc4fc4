import type { MessageId } from "../lib/ids.ts";
import { printPhone } from "../lib/phone.ts";
import { renderSms } from "../message/templates.ts";
import type { SystemWork } from "../queue/work.ts";
import { type Contact, findCadre, findSecretary } from "../roster/contact.queries.ts";
import { sayOwner } from "../suggestion/tell-villager.ts";
import type { Hearing } from "./hearing.ts";
import { reply } from "./reply.ts";

/** "俺家联户干部是谁": the name and number that stand on the plate by his door (公示牌), so they are told in full. */
export async function replyContact(work: SystemWork, hearing: Hearing): Promise<MessageId | null> {
  const { sender, village } = hearing;
  const cadre = sender.householdId ? await findCadre(work.tx, sender.householdId) : undefined;
  const secretary = cadre?.phone ? undefined : await findSecretary(work.tx, village.id);
  return await reply(work, hearing, "reply", sayContact(work, cadre, secretary));
}

function sayContact(work: SystemWork, cadre: Contact | undefined, secretary: Contact | undefined): string {
  const number = (sealed: Buffer) => printPhone(work.sealer.openPhone(sealed));
  if (cadre?.phone) return renderSms("contact", { name: cadre.name, phone: number(cadre.phone) });
  if (secretary?.phone) {
    const known = { owner: sayOwner(secretary), phone: number(secretary.phone) };
    return cadre
      ? renderSms("contact-cadre-and-secretary", { ...known, name: cadre.name })
      : renderSms("contact-secretary", known);
  }
  return cadre ? renderSms("contact-without-phone", { name: cadre.name }) : renderSms("contact-office", {});
}
