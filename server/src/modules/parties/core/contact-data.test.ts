import { expect, test } from "vitest";
import { checkContactData, isEmail } from "./contact-data.ts";

test("ordinary addresses are accepted, anything that could carry a second recipient is not", () => {
  for (const good of ["a@b.fr", "compta.client+r1@grand-groupe.co.uk", "o'brien@example.com"])
    expect(isEmail(good)).toBe(true);
  const bad = [
    "",
    "a",
    "a@b",
    "a@b.fr, c@d.fr",
    "a@b.fr\r\nBcc: x@y.fr",
    '"a b"@c.fr',
    "A <a@b.fr>",
    "a@[127.0.0.1]",
    "a..b@c.fr",
    ".a@c.fr",
    "a@-b.fr",
  ];
  for (const one of bad) expect(isEmail(one), one).toBe(false);
});

test("phones are kept in international form, read by the customer's country", () => {
  expect(checkContactData({ email: null, phone: "01 23 45 67 89" }, "FR")).toEqual({
    ok: true,
    value: { email: null, phone: "+33123456789" },
  });
  expect(checkContactData({ email: null, phone: "12" }, "FR")).toMatchObject({ ok: false, code: "invalid_phone" });
  expect(checkContactData({ email: " ", phone: " " }, "FR")).toEqual({ ok: true, value: { email: null, phone: null } });
});
