import { describe, expect, test } from "vitest";
import { outcomeOf } from "../core/outcome.ts";
import { type Behaviour, type Script, type Stage, scriptedServer } from "../testing/scripted-server.ts";
import { SmtpSession } from "./smtp-session.ts";

const TIMEOUT_MS = 300;
const RAW = "Message-ID: <a@b.example>\r\nSubject: x\r\n\r\nHello\r\n";

/** One message to a server with a script: how it ended, and what the server saw. */
async function deliver(script: Script) {
  const server = await scriptedServer(script);
  const settings = { host: "127.0.0.1", port: server.port, security: "none" as const, user: null, password: null };
  const session = await SmtpSession.open(settings, TIMEOUT_MS);
  const answer =
    session instanceof SmtpSession ? await session.send({ from: "a@b.example", to: "c@d.example" }, RAW) : session;
  if (session instanceof SmtpSession) session.close();
  const seen = { accepted: server.accepted(), dots: server.dots() };
  await server.close();
  return { outcome: outcomeOf(answer), answer, ...seen };
}

const TEMPORARY: Behaviour = { reply: "450 try later" };
const BUSY: Behaviour = { reply: "421 closing" };
const PERMANENT: Behaviour = { reply: "550 no" };
const FULL: Behaviour = { reply: "552 too much" };
const DROP: Behaviour = { drop: true };
const HANG: Behaviour = { hang: true };

/** Command, behaviour, what it must mean. The channel is blamed for what no address or message can have caused. */
const MATRIX: readonly [Stage, string, Behaviour, Record<string, string>][] = [
  ["greeting", "421", BUSY, { kind: "retry", blame: "channel" }],
  ["greeting", "554", { reply: "554 go away" }, { kind: "retry", blame: "channel" }],
  ["greeting", "drop", DROP, { kind: "retry", blame: "channel" }],
  ["ehlo", "421", BUSY, { kind: "retry", blame: "channel" }],
  ["ehlo", "drop", DROP, { kind: "retry", blame: "channel" }],
  ["ehlo", "hang", HANG, { kind: "retry", blame: "channel" }],
  ["mail", "421", BUSY, { kind: "retry", blame: "channel" }],
  ["mail", "450", TEMPORARY, { kind: "retry", blame: "message" }],
  ["mail", "550", PERMANENT, { kind: "refused", blame: "message" }],
  ["mail", "drop", DROP, { kind: "retry", blame: "message" }],
  ["mail", "hang", HANG, { kind: "retry", blame: "message" }],
  ["rcpt", "421", BUSY, { kind: "retry", blame: "channel" }],
  ["rcpt", "450 greylisted", TEMPORARY, { kind: "retry", blame: "message" }],
  ["rcpt", "550", PERMANENT, { kind: "refused", blame: "address" }],
  ["rcpt", "552", FULL, { kind: "refused", blame: "address" }],
  ["rcpt", "drop", DROP, { kind: "retry", blame: "message" }],
  ["rcpt", "hang", HANG, { kind: "retry", blame: "message" }],
  ["data", "450", TEMPORARY, { kind: "retry", blame: "message" }],
  ["data", "554", { reply: "554 no valid recipients" }, { kind: "refused", blame: "message" }],
  ["data", "drop", DROP, { kind: "retry", blame: "message" }],
  ["data", "hang", HANG, { kind: "retry", blame: "message" }],
  ["dot", "421", BUSY, { kind: "retry", blame: "message" }],
  ["dot", "450", TEMPORARY, { kind: "retry", blame: "message" }],
  ["dot", "552", FULL, { kind: "refused", blame: "message" }],
  ["dot", "drop", DROP, { kind: "in_doubt" }],
  ["dot", "hang", HANG, { kind: "in_doubt" }],
];

describe("what each answer at each command means (RELIABILITY F5)", () => {
  test.each(MATRIX)("%s: %s", async (stage, _, behaviour, expected) => {
    const { outcome, accepted, dots } = await deliver({ [stage]: behaviour });
    expect(outcome).toMatchObject(expected);
    expect(accepted).toBe(0);
    // Only what the server had in full may be in doubt.
    if (outcome.kind === "in_doubt") expect(dots).toBe(1);
    else if (outcome.kind === "retry" && stage !== "dot") expect(dots).toBe(0);
  });

  test("a message taken is accepted, also when the answer comes byte by byte", async () => {
    expect(await deliver({})).toMatchObject({ outcome: { kind: "accepted" }, accepted: 1 });
    expect(await deliver({ dot: { slowly: "250 2.0.0 queued" } })).toMatchObject({ outcome: { kind: "accepted" } });
  });

  test("a refused connection and a server without the TLS that is asked for: nothing leaves", async () => {
    const closed = await SmtpSession.open(
      { host: "127.0.0.1", port: 1, security: "none", user: null, password: null },
      TIMEOUT_MS,
    );
    expect("stage" in closed && outcomeOf(closed)).toMatchObject({ kind: "retry", blame: "channel" });
    const server = await scriptedServer({});
    const plain = await SmtpSession.open(
      { host: "127.0.0.1", port: server.port, security: "starttls", user: null, password: null },
      TIMEOUT_MS,
    );
    expect("stage" in plain && outcomeOf(plain)).toMatchObject({ kind: "retry", blame: "channel" });
    expect(server.accepted()).toBe(0);
    await server.close();
  });
});
