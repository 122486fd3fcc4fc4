import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A door before a server, which a test opens and closes while others go in and out. */
export type Gate = {
  /** The server's address, through the gate. */
  url: string;
  /** Everybody inside is thrown out, and nobody gets in until it is opened. */
  shut(): void;
  open(): void;
  /** Whoever is inside or comes hears nothing any more, as when a machine hangs. */
  hush(): void;
  stop(): void;
};

export async function openGate(serverUrl: string): Promise<Gate> {
  const target = new URL(serverUrl);
  let state: "open" | "shut" | "hushed" = "open";
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
  };
  const throwOut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((inside) => {
    keep(inside);
    if (state === "shut") return void inside.destroy();
    const outside = connect(Number(target.port), target.hostname);
    keep(outside);
    for (const [from, to] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      from.on("data", (data) => state === "open" && to.write(data)).on("close", () => to.destroy());
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = new URL(serverUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    shut() {
      state = "shut";
      throwOut();
    },
    open() {
      state = "open";
    },
    hush() {
      state = "hushed";
    },
    stop() {
      server.close();
      throwOut();
    },
  };
}
