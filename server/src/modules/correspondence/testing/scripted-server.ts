import { createServer, type Server, type Socket } from "node:net";

/** What a scripted SMTP server does when a command arrives; absent: it answers as it should. */
export type Behaviour =
  | { readonly reply: string }
  | { readonly drop: true }
  | { readonly hang: true }
  | { readonly slowly: string };
export type Stage = "greeting" | "ehlo" | "mail" | "rcpt" | "data" | "dot";
export type Script = Partial<Record<Stage, Behaviour>>;

const GOOD: Readonly<Record<Stage, string>> = {
  greeting: "220 test ready",
  ehlo: "250 test",
  mail: "250 ok",
  rcpt: "250 ok",
  data: "354 go ahead",
  dot: "250 accepted",
};

/** A real server on loopback, one script for all its connections; `accepted` counts messages it answered 250 to. */
export async function scriptedServer(
  script: Script,
): Promise<{ port: number; accepted: () => number; dots: () => number; close: () => Promise<void> }> {
  let accepted = 0;
  let dots = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    let inData = false;
    let waiting = "";
    const act = (stage: Stage) => {
      const behaviour = script[stage];
      if (stage === "dot") dots += 1;
      if (behaviour && "drop" in behaviour) socket.destroy();
      else if (behaviour && "hang" in behaviour) return;
      else if (behaviour && "slowly" in behaviour) drip(socket, `${behaviour.slowly}\r\n`);
      else {
        const reply = behaviour?.reply ?? GOOD[stage];
        if (stage === "dot" && reply.startsWith("2")) accepted += 1;
        inData = stage === "data" && reply.startsWith("354");
        socket.write(`${reply}\r\n`);
        if (reply.startsWith("421")) socket.end();
      }
    };
    act("greeting");
    socket.on("data", (chunk) => {
      waiting += chunk.toString("latin1");
      for (;;) {
        const end = inData ? waiting.indexOf("\r\n.\r\n") : waiting.indexOf("\r\n");
        if (end < 0) return;
        const line = waiting.slice(0, end);
        waiting = waiting.slice(end + (inData ? 5 : 2));
        if (inData) {
          inData = false;
          act("dot");
        } else if (/^(EHLO|HELO)/i.test(line)) act("ehlo");
        else if (/^MAIL/i.test(line)) act("mail");
        else if (/^RCPT/i.test(line)) act("rcpt");
        else if (/^DATA/i.test(line)) act("data");
        else if (/^QUIT/i.test(line)) socket.end("221 bye\r\n");
        else socket.write("250 ok\r\n");
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    accepted: () => accepted,
    dots: () => dots,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

function drip(socket: Socket, text: string): void {
  const [first, ...rest] = [...text];
  if (first === undefined || socket.destroyed) return;
  socket.write(first);
  setTimeout(() => drip(socket, rest.join("")), 15);
}
