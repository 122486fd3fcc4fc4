import type { CarrierProcess } from "../support/carrier-process.ts";

/** Reads the carrier's own list as it grows, and counts what each (notice, phone) got. */
export class Witness {
  readonly #got = new Map<string, number>();
  #read = 0;
  #looking: Promise<unknown> = Promise.resolve();
  readonly #carrier: CarrierProcess;
  constructor(carrier: CarrierProcess) {
    this.#carrier = carrier;
  }

  /** One look after another: two at once would read the same lines and count them twice. */
  look(): Promise<this> {
    const look = this.#looking.then(() => this.#readOn());
    this.#looking = look.catch(() => undefined);
    return look;
  }

  async #readOn(): Promise<this> {
    const { texts } = await this.#carrier.log(this.#read);
    this.#read += texts.length;
    for (const { body, to } of texts) {
      const key = `${body} ${to}`;
      this.#got.set(key, (this.#got.get(key) ?? 0) + 1);
    }
    return this;
  }

  get taken(): number {
    return this.#read;
  }
  get distinct(): number {
    return this.#got.size;
  }
  repeated(): string[] {
    return [...this.#got].filter(([, times]) => times > 1).map(([key, times]) => `${times} × ${key}`);
  }
}
