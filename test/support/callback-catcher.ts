import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { isSigned, readForm, type WebhookFields } from "../../src/carrier/twilio-webhooks.ts";
import { ACCOUNT } from "./account.ts";

export type Caught = { fields: WebhookFields; path: string; signed: boolean };

export type CallbackCatcher = {
  /** Everything that came, in the order it came. */
  caught: Caught[];
  /** An address for `StatusCallback` of this text. */
  address(name: string): string;
  statuses(name: string): string[];
  /** The next so many requests are answered 503. */
  fail(times: number): void;
  stop(): Promise<void>;
};

/** Somebody else's web server, to which the simulator makes its callbacks. */
export async function catchCallbacks(): Promise<CallbackCatcher> {
  const caught: Caught[] = [];
  let failures = 0;
  const server = createServer(async (request, response) => {
    const raw = await read(request);
    const path = request.url ?? "";
    const signature = request.headers["x-twilio-signature"];
    const fields = readForm(raw);
    const signed = isSigned([ACCOUNT.token], String(signature), `${base()}${path}`, fields);
    if (failures > 0) {
      failures--;
      response.writeHead(503).end();
      return;
    }
    caught.push({ fields, path, signed });
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    caught,
    address: (name) => `${base()}/callback?name=${name}#rc=5&rp=all`,
    statuses: (name) =>
      caught.filter((one) => one.path.endsWith(`name=${name}`)).map((one) => String(one.fields.MessageStatus)),
    fail(times) {
      failures = times;
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}
