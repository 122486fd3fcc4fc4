import type { Carrier, Listed, SendOutcome, SendRequest } from "../../src/carrier/port.ts";

export type Arrival = SendRequest & { at: number; carrierMessageId: string };
export type Script = (request: SendRequest, nth: number) => SendOutcome | undefined | Promise<SendOutcome | undefined>;

/** A carrier in memory that does what a test says, and remembers every text that reached it. */
export class StubCarrier implements Carrier {
  readonly name = "simulator";
  readonly batch = 1;
  readonly arrivals: Arrival[] = [];
  /** What the list shows, newest first; by default everything that arrived. */
  listed: Listed[] | null = null;
  newest: Date | null | undefined = undefined;
  script: Script = () => undefined;

  send(requests: readonly SendRequest[]): Promise<SendOutcome[]> {
    return Promise.all(
      requests.map(async (request) => {
        const carrierMessageId = `SM${String(this.arrivals.length + 1).padStart(32, "0")}`;
        this.arrivals.push({ ...request, at: performance.now(), carrierMessageId });
        return (await this.script(request, this.arrivals.length)) ?? { kind: "accepted", carrierMessageId };
      }),
    );
  }
  async findSent(to: string, from: Date, until: Date): Promise<Listed[]> {
    const mine = this.arrivals.filter((arrival) => arrival.to === to).map((arrival) => this.list(arrival));
    return (this.listed ?? mine.reverse()).filter((text) => text.createdAt >= from && text.createdAt <= until);
  }
  async newestSent(): Promise<Date | null> {
    return this.newest === undefined ? new Date() : this.newest;
  }
  async findReceived() {
    return [];
  }
  async close(): Promise<void> {}

  list(arrival: Arrival): Listed {
    return {
      carrierMessageId: arrival.carrierMessageId,
      body: arrival.body,
      createdAt: new Date(performance.timeOrigin + arrival.at),
      status: "sent",
      code: null,
    };
  }

  textsTo(phone: string): string[] {
    return this.arrivals.filter((arrival) => arrival.to === phone).map((arrival) => arrival.body);
  }
}
