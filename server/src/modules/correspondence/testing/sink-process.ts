import { appendFileSync } from "node:fs";
import { SMTPServer } from "smtp-server";

/** A real SMTP server in a process of its own. Writes the Message-ID of each message it accepts to a file before it answers: the independent count. */
const [file = "", delayMs = "0"] = process.argv.slice(2);

const server = new SMTPServer({
  disabledCommands: ["AUTH", "STARTTLS"],
  logger: false,
  onData(stream, session, callback) {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      const raw = Buffer.concat(chunks).toString("latin1");
      const id = /^Message-ID: (<[^>]+>)/m.exec(raw)?.[1] ?? "none";
      const to = session.envelope.rcptTo.map((one) => one.address).join(",");
      setTimeout(() => {
        appendFileSync(file, `${id} ${to} ${Buffer.from(raw, "latin1").toString("base64")}\n`);
        callback();
      }, Number(delayMs) * Math.random());
    });
  },
});
server.on("error", () => {});
server.listen(0, "127.0.0.1", () => {
  const address = server.server.address();
  process.send?.({ port: typeof address === "object" ? address?.port : 0 });
});
