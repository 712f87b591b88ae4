import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { day } from "#kernel/calendar-date.ts";
import { currency, EUR, money } from "#kernel/money.ts";
import { duePhrase, formatDay, formatDayShort, formatMoney, openPhrase } from "./format.ts";
import { type Language, MERGE_FIELDS } from "./merge-fields.ts";
import { parseTemplateText } from "./parse-document.ts";
import { type FieldValue, type MessageFacts, renderMessage } from "./render.ts";
import { SHIPPED_TEMPLATES } from "./shipped-templates.ts";

const MERGE_FIELD_KEYS: ReadonlySet<string> = new Set(MERGE_FIELDS.map((one) => one.key));

const subject = { type: "doc", content: [{ type: "paragraph", content: [{ type: "text", text: "Objet" }] }] };
const body = (...content: unknown[]) => ({ type: "doc", content });
const p = (...content: unknown[]) => ({ type: "paragraph", content });
const text = (value: unknown, marks?: unknown) => ({ type: "text", text: value, ...(marks ? { marks } : {}) });
const field = (key: unknown) => ({ type: "mergeField", attrs: { key } });
const parse = (document: unknown) => parseTemplateText(subject, document, MERGE_FIELD_KEYS);
const codes = (document: unknown) => {
  const parsed = parse(document);
  return parsed.ok ? [] : parsed.faults.map((fault) => fault.code);
};

const aValue = (key: string): FieldValue => {
  const type = MERGE_FIELDS.find((one) => one.key === key)?.type;
  if (type === "money") return { type: "money", money: money(4_465_730n, EUR) };
  if (type === "day") return { type: "day", day: day("2026-11-24") };
  return type === "count" ? { type: "count", count: 2 } : { type: "text", text: `<${key}>` };
};
const someFacts = (over: Partial<MessageFacts> = {}): MessageFacts => ({
  currency: EUR,
  values: new Map(MERGE_FIELDS.map((one) => [one.key, aValue(one.key)])),
  lines: [
    {
      number: "FA-1",
      issuedOn: day("2026-09-01"),
      dueOn: day("2026-10-01"),
      originalMinor: 1_000_000n,
      openMinor: 894_000n,
    },
    {
      number: "AV-2",
      issuedOn: day("2026-10-01"),
      dueOn: day("2026-10-02"),
      originalMinor: -5_000n,
      openMinor: -5_000n,
    },
  ],
  signature: ["Camille Rousseau", "Verdelin"],
  ...over,
});
const render = (document: unknown, facts = someFacts(), language: Language = "fr") => {
  const parsed = parse(document);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  const rendered = renderMessage(parsed.value, facts, language);
  if (!rendered.ok) throw new Error(JSON.stringify(rendered.fault));
  return rendered.value;
};

describe("documents", () => {
  test("an unknown merge field cannot be saved, and its place is named", () => {
    const parsed = parse(body(p(text("Bonjour "), field("customer.secret"))));
    expect(parsed).toEqual({
      ok: false,
      faults: [{ path: "body.content.0.content.1", code: "unknown_field", detail: "customer.secret" }],
    });
  });

  test.each([
    "constructor",
    "__proto__",
    "toString",
    "customer.name.constructor",
    "",
    7,
    null,
    { key: "x" },
    "{{7*7}}",
    "$" + "{1}",
    "<%= 1 %>",
  ])("field key %j is refused", (key) => expect(codes(body(p(field(key))))).toEqual(["unknown_field"]));

  test.each([
    "javascript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    " https://a.example",
    'https://a.example/" onmouseover=x',
    "file:///etc/passwd",
    "//a.example",
  ])("link %j is refused", (href) =>
    expect(codes(body(p(text("x", [{ type: "link", attrs: { href } }]))))).toEqual(["bad_link"]),
  );

  test.each(["image", "iframe", "script", "table", "codeBlock", "horizontalRule", "style", "__proto__"])(
    "node %j is refused",
    (type) => expect(codes(body({ type, attrs: { src: "http://x" } }))).toEqual(["unknown_node"]),
  );

  test("depth, number of nodes and length are bounded, and refused in no time", () => {
    let deep: unknown = p(text("x"));
    for (let level = 0; level < 5_000; level += 1)
      deep = { type: "bulletList", content: [{ type: "listItem", content: [deep] }] };
    expect(codes(body(deep))).toEqual(["too_deep"]);
    expect(codes(body(...Array.from({ length: 100_000 }, () => p())))).toEqual(["too_large"]);
    expect(codes(body(p(text("x".repeat(60_000)))))).toEqual(["too_large"]);
  });

  test("a subject is one line", () => {
    const two = { type: "doc", content: [p(text("a")), p(text("b"))] };
    expect(parseTemplateText(two, body(p(text("x"))), MERGE_FIELD_KEYS)).toMatchObject({
      faults: [{ code: "subject_not_one_line" }],
    });
    const broken = { type: "doc", content: [p(text("a\r\nBcc: x@y.example"))] };
    expect(parseTemplateText(broken, body(p(text("x"))), MERGE_FIELD_KEYS)).toMatchObject({
      faults: [{ code: "bad_text" }, { code: "subject_empty" }],
    });
  });

  test("nothing that JSON can hold makes the reader throw", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), fc.jsonValue(), (one, other) => {
        parseTemplateText(one, other, MERGE_FIELD_KEYS);
        parse(body(one, p(other)));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("rendering", () => {
  test("values are escaped: a customer's name is never markup", () => {
    const values = new Map(someFacts().values).set("customer.name", {
      type: "text",
      text: "<script>alert('x')</script> & \"Co\"\r\nBcc: a\u202eb",
    });
    const { html, text: plain } = render(body(p(field("customer.name"))), someFacts({ values }));
    expect(html).toContain("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;Co&quot; Bcc: a b");
    expect(plain).toBe("<script>alert('x')</script> & \"Co\" Bcc: a b\n");
  });

  test("the table sums its lines, credits with their sign, no-break spaces between thousands", () => {
    const { html, text: plain } = render(body({ type: "openItemsTable", attrs: { columns: ["number", "open"] } }));
    expect(html).toContain("8\u00a0890,00\u00a0€");
    expect(html).toContain("\u221250,00\u00a0€");
    expect(plain).toBe(
      "Facture    Reste dû\nFA-1     8\u00a0940,00\u00a0€\nAV-2       \u221250,00\u00a0€\nTotal    8\u00a0890,00\u00a0€\n",
    );
  });

  test("no external content, whatever the template: only links a person follows", () => {
    for (const shipped of SHIPPED_TEMPLATES)
      for (const language of ["fr", "en"] as const) {
        const own = shipped.text[language];
        const parsed = parseTemplateText(own.subject, own.body, MERGE_FIELD_KEYS);
        expect(parsed.ok, shipped.key).toBe(true);
        if (!parsed.ok) continue;
        const rendered = renderMessage(parsed.value, someFacts(), language);
        expect(rendered.ok && rendered.value.html).not.toMatch(/src=|url\(|<img|<link|<script|@import|background=/i);
        expect(rendered.ok && rendered.value.subject.length).toBeGreaterThan(10);
      }
  });

  test("shipped texts keep the tone: no exclamation mark, no debtor, nothing about late days", () => {
    const all = JSON.stringify(SHIPPED_TEMPLATES);
    expect(all).not.toMatch(/[\p{L}\d}] [:;?!»%€]/u);
    expect(all).not.toMatch(/!|débiteur|debtor|mauvais payeur|jours de retard|days late|toujours pas payé/i);
  });

  test("a paragraph with an optional field without value is left out; any other missing value is a fault", () => {
    const values = new Map(someFacts().values);
    values.delete("company.iban");
    const document = body(p(text("IBAN "), field("company.iban")), p(text("Merci")));
    expect(render(document, someFacts({ values })).text).toBe("Merci\n");
    values.delete("customer.name");
    const parsed = parse(body(p(field("customer.name"))));
    expect(parsed.ok && renderMessage(parsed.value, someFacts({ values }), "fr")).toEqual({
      ok: false,
      fault: { code: "field_missing", detail: "customer.name" },
    });
  });

  test("the same facts give the same bytes", () => {
    expect(render(body(p(field("greeting"))))).toEqual(render(body(p(field("greeting")))));
  });

  test("a message of many thousands of lines is refused, not cut", () => {
    const line = someFacts().lines[0];
    const lines = line ? Array.from({ length: 5_000 }, () => line) : [];
    const parsed = parse(body({ type: "openItemsTable" }));
    expect(parsed.ok && renderMessage(parsed.value, someFacts({ lines }), "fr")).toMatchObject({
      ok: false,
      fault: { code: "too_large" },
    });
  });
});

test("French and English formats", () => {
  expect(formatMoney(money(123_456_789n, EUR), "fr")).toBe("1\u00a0234\u00a0567,89\u00a0€");
  expect(formatMoney(money(-123_456n, EUR), "en")).toBe("\u2212€1,234.56");
  expect(formatMoney(money(1_234n, currency("JPY")), "fr")).toBe("1\u00a0234\u00a0JPY");
  expect(formatMoney(money(1_234n, currency("KWD")), "en")).toBe("KWD\u00a01.234");
  expect(formatDay(day("2026-12-01"), "fr")).toBe("1er\u00a0décembre\u00a02026");
  expect(formatDay(day("2026-12-01"), "en")).toBe("1\u00a0December\u00a02026");
  expect(formatDayShort(day("2026-11-04"), "fr")).toBe("04/11/2026");
  expect(formatDayShort(day("2026-11-04"), "en")).toBe("4\u00a0Nov\u00a02026");
  expect([openPhrase(0, "fr"), openPhrase(1, "fr"), openPhrase(5, "fr")]).toEqual([
    "zéro facture reste à régler",
    "une facture reste à régler",
    "cinq factures restent à régler",
  ]);
  expect([duePhrase(1, "en"), duePhrase(40, "en")]).toEqual(["one invoice falls due", "40 invoices fall due"]);
});
