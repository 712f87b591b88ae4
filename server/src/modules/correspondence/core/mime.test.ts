import fc from "fast-check";
import { simpleParser } from "mailparser";
import { describe, expect, test } from "vitest";
import { newId } from "#kernel/ids.ts";
import { type EmailAddress, parseEmailAddress } from "./address.ts";
import { dateOf, type Envelope, messageIdHeader, mimeMessage } from "./mime.ts";
import { outcomeOf, retryDelaySeconds } from "./outcome.ts";

const address = (text: string): EmailAddress => {
  const parsed = parseEmailAddress(text);
  if (!parsed) throw new Error(text);
  return parsed;
};
const envelope = (over: Partial<Envelope> = {}): Envelope => ({
  messageId: "01939b1e-7c00-7abc-8def-0123456789ab",
  from: { address: address("c.rousseau@verdelin.example"), name: "Camille Rousseau, Verdelin" },
  to: { address: address("compta@lacaze.example"), name: 'Éloïse "X"\r\nBcc: evil@x.example' },
  replyTo: null,
  language: "fr",
  ...over,
});
const rendered = {
  subject: "Réglement : 1\u00a0234,56\u00a0€ — ".repeat(4),
  html: "<p>é\n.\n..</p>",
  text: "Bonjour é €\n.\nFin =\t\n",
};

describe("the message on the wire", () => {
  test("is read back by another parser as it was written", async () => {
    const raw = mimeMessage(envelope(), rendered);
    expect(raw).toMatch(/^[\x20-\x7e\r\n]*$/);
    for (const line of raw.split("\r\n")) expect(line.length).toBeLessThanOrEqual(78);
    const parsed = await simpleParser(raw);
    expect(parsed.subject).toBe(rendered.subject);
    expect(parsed.text).toBe(rendered.text);
    expect(parsed.html).toBe(rendered.html);
    expect(parsed.messageId).toBe("<01939b1e-7c00-7abc-8def-0123456789ab@verdelin.example>");
    expect(parsed.from?.value).toEqual([
      { address: "c.rousseau@verdelin.example", name: "Camille Rousseau, Verdelin" },
    ]);
    expect(parsed.to).toMatchObject({
      value: [{ address: "compta@lacaze.example", name: 'Éloïse "X" Bcc: evil@x.example' }],
    });
    expect(parsed.bcc).toBeUndefined();
    expect(parsed.date?.getTime()).toBe(Math.floor(0x01939b1e7c00 / 1000) * 1000);
  });

  test("is the same bytes each time, and names its own id", () => {
    expect(mimeMessage(envelope(), rendered)).toBe(mimeMessage(envelope(), rendered));
    expect(messageIdHeader("x", address("a@b.example"))).toBe("<x@b.example>");
  });

  test("its date is the instant in its id", () => {
    fc.assert(
      fc.property(fc.date({ min: new Date("1971-01-01"), max: new Date("2150-01-01"), noInvalidDate: true }), (at) => {
        const hex = at.getTime().toString(16).padStart(12, "0");
        const written = dateOf(`${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`);
        expect(written).toBe(
          at
            .toUTCString()
            .replace(/ 0(\d) /, " $1 ")
            .replace("GMT", "+0000"),
        );
      }),
    );
    expect(dateOf(newId())).toMatch(/^\w{3}, \d{1,2} \w{3} \d{4} /);
  });

  test("any text survives the journey", async () => {
    const safe = fc
      .string({ unit: "grapheme", maxLength: 300 })
      .map((some) => some.replace(/[\p{C}\u2028\u2029]/gu, "x"));
    await fc.assert(
      fc.asyncProperty(safe, async (some) => {
        const parsed = await simpleParser(
          mimeMessage(envelope(), { subject: "s", html: "<p></p>", text: `${some}\n` }),
        );
        expect(parsed.text).toBe(`${some}\n`);
      }),
      { numRuns: 50 },
    );
  });
});

describe("addresses", () => {
  test.each(["a@b.example", "first.last+tag@sub.domain.example", " compta@Lacaze.Example "])(
    "%j is one address",
    (text) => {
      expect(parseEmailAddress(text)).toBeDefined();
    },
  );

  test.each([
    "",
    "a",
    "@b.example",
    "a@",
    "a@b",
    "a@b@c.example",
    "a,b@c.example",
    "a@c.example,b@c.example",
    "group: a@b.example;",
    "A <a@b.example>",
    '"a b"@c.example',
    "a@b.example\r\nBcc: x@y.example",
    "a\n@b.example",
    "a@[127.0.0.1]",
    "a@127.0.0.1",
    "a@-b.example",
    "a..b@c.example",
    ".a@c.example",
    "a@b..example",
    "é@b.example",
    "a@b.example\u0000",
    "a(b)@c.example",
    `${"a".repeat(65)}@b.example`,
    `a@${"b".repeat(250)}.example`,
    "a@b.example\t",
  ])("%j is refused", (text) => expect(parseEmailAddress(text)).toBeUndefined());
});

describe("what an answer means", () => {
  test.each([
    ["after_data", 250, { kind: "accepted" }],
    ["after_data", 0, { kind: "in_doubt" }],
    ["after_data", 451, { kind: "retry", blame: "message" }],
    ["after_data", 554, { kind: "refused", blame: "message" }],
    ["recipient", 550, { kind: "refused", blame: "address" }],
    ["recipient", 450, { kind: "retry", blame: "message" }],
    ["recipient", 421, { kind: "retry", blame: "channel" }],
    ["mail_from", 550, { kind: "refused", blame: "message" }],
    ["mail_from", 530, { kind: "retry", blame: "channel" }],
    ["data", 0, { kind: "retry", blame: "message" }],
    ["body", 0, { kind: "retry", blame: "message" }],
    ["connect", 0, { kind: "retry", blame: "channel" }],
    ["greeting", 554, { kind: "retry", blame: "channel" }],
    ["login", 535, { kind: "retry", blame: "channel" }],
  ] as const)("%s %i", (stage, code, expected) =>
    expect(outcomeOf({ stage, code, reply: "" })).toMatchObject(expected),
  );

  test("attempts spread out from a minute to four hours, never at once", () => {
    expect(retryDelaySeconds(1, 0.5)).toBe(60);
    expect(retryDelaySeconds(3, 0.5)).toBe(240);
    expect(retryDelaySeconds(30, 1)).toBe(18_000);
    expect(retryDelaySeconds(1, 0)).toBe(45);
  });
});
