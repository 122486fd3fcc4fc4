import type { Carrier } from "../../src/carrier/port.ts";

/** A carrier whose answers for some phones get lost, and whose list says what a test wants it to. */
export type Forgetful = { loses: Set<string>; finds: Set<string>; sent: string[]; wrap(carrier: Carrier): Carrier };

export function forgetfulCarrier(): Forgetful {
  const state = { loses: new Set<string>(), finds: new Set<string>(), sent: [] as string[] };
  return {
    ...state,
    wrap: (carrier) => ({
      ...carrier,
      name: carrier.name,
      send: async (requests) => {
        state.sent.push(...requests.map((request) => request.to));
        const lost = requests.some((request) => state.loses.has(request.to));
        return lost ? requests.map(() => ({ kind: "unknown", code: "ECONNRESET" })) : await carrier.send(requests);
      },
      findSent: async (to, from) =>
        state.finds.has(to)
          ? [{ carrierMessageId: `SM${to}-${from.getTime()}`, body: BODY, createdAt: from, status: "sent", code: null }]
          : [],
      newestSent: async () => null,
    }),
  };
}

export const NEWS = "明天上午停水，请提前存水。";
const BODY = `【郭家村村委会】${NEWS}`;
