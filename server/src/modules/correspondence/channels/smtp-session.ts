import { Readable } from "node:stream";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import { oneLine } from "../core/foreign-text.ts";
import type { HandOver, Stage } from "../core/outcome.ts";

export type SmtpSecurity = "tls" | "starttls" | "none";

export type SmtpServer = {
  readonly host: string;
  readonly port: number;
  readonly security: SmtpSecurity;
  readonly user: string | null;
  readonly password: string | null;
};

/** Called at points where a test may kill the process. */
export type SendHooks = { readonly afterData?: () => void; readonly afterDot?: () => void };

const CONNECT_TIMEOUT_MS = 15_000;
const ANSWER_TIMEOUT_MS = 60_000;

type SmtpError = Error & { code?: string | undefined; command?: string | undefined; responseCode?: number | undefined };

/** A connection that stands: greeted, secured and signed in. Carries one message at a time, one recipient each. */
export class SmtpSession {
  readonly #connection: SMTPConnection;
  #isOpen = true;
  #carried = 0;

  private constructor(connection: SMTPConnection) {
    this.#connection = connection;
    connection.on("end", () => {
      this.#isOpen = false;
    });
  }

  /** Connects and signs in; nothing of any message leaves. Never throws: what failed is told with its stage. */
  static async open(server: SmtpServer, answerTimeoutMs = ANSWER_TIMEOUT_MS): Promise<SmtpSession | HandOver> {
    const connection = new SMTPConnection({
      host: server.host,
      port: server.port,
      secure: server.security === "tls",
      requireTLS: server.security === "starttls",
      ignoreTLS: server.security === "none",
      connectionTimeout: CONNECT_TIMEOUT_MS,
      greetingTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: answerTimeoutMs,
    });
    const session = new SmtpSession(connection);
    const failed = await new Promise<SmtpError | undefined>((resolve) => {
      connection.once("error", resolve);
      connection.connect((error?: Error | null) => resolve(error ?? undefined));
    });
    // From here on errors reach the callbacks of the commands; the listener keeps Node from throwing.
    connection.on("error", () => {});
    if (failed) {
      session.close();
      return asHandOver(failed, failed.code === "ETLS" ? "tls" : failed.code === "EPROTOCOL" ? "greeting" : "connect");
    }
    const { user, password } = server;
    if (user) {
      const refused = await new Promise<SmtpError | undefined>((resolve) => {
        connection.once("error", resolve);
        connection.login({ credentials: { user, pass: password ?? "" } }, (error?: Error | null) =>
          resolve(error ?? undefined),
        );
      });
      if (refused) {
        session.close();
        return asHandOver(refused, "login");
      }
    }
    return session;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Messages carried so far. */
  get carried(): number {
    return this.#carried;
  }

  /** Hands over one message. The stage tells how far it got, also when the connection was cut. */
  async send(envelope: { from: string; to: string }, raw: string, hooks: SendHooks = {}): Promise<HandOver> {
    let stage: Stage = "mail_from";
    const bytes = Buffer.from(raw, "latin1");
    const message = new Readable({
      read() {
        if (stage === "body") {
          // The final dot is written when this stream ends: from here on it cannot be known whether it arrived.
          stage = "after_data";
          this.push(null);
          setTimeout(() => hooks.afterDot?.(), 3);
          return;
        }
        stage = "body";
        hooks.afterData?.();
        this.push(bytes);
      },
      highWaterMark: 1,
    });
    const outcome = await new Promise<HandOver>((resolve) => {
      this.#connection.send(
        { from: envelope.from, to: [envelope.to], size: bytes.length },
        message,
        (error: SmtpError | null | undefined, info: { response?: string | undefined } | undefined) => {
          if (!error)
            resolve({ stage: "after_data", code: codeOf(info?.response), reply: shorten(info?.response ?? "") });
          else resolve(asHandOver(error, stage === "mail_from" ? stageOf(error) : stage));
        },
      );
    });
    this.#carried += 1;
    // After anything but a clean acceptance the state of the session is not worth guessing: begin again with a new one.
    if (outcome.code < 200 || outcome.code >= 300) this.close();
    return outcome;
  }

  /** Says QUIT and closes; never throws. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      this.#connection.quit();
    } catch {
      this.#connection.close();
    }
  }
}

function stageOf(error: SmtpError): Stage {
  if (error.command === "RCPT TO") return "recipient";
  if (error.command === "DATA") return "data";
  return "mail_from";
}

const asHandOver = (error: SmtpError, stage: Stage): HandOver => ({
  stage,
  code: error.responseCode ?? 0,
  reply: shorten(error.message),
});

const codeOf = (response: string | undefined): number => Number(/^\d{3}/.exec(response ?? "")?.[0] ?? 250);
/** A server's answer is foreign text. */
const shorten = (text: string): string => oneLine(text).slice(0, 300);
