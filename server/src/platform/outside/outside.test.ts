import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { addressFor, folderWithin, isPublicAddress, outsideRules, sendOutside } from "./index.ts";

const NOTHING = { allowed: [], folders: [] };
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

describe("addresses that somebody typed", () => {
  test.each([
    "127.0.0.1",
    "127.1.2.3",
    "0.0.0.0",
    "10.0.0.5",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "fe80::1",
    "fd00::1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "224.0.0.1",
    "255.255.255.255",
  ])("%s is not public", async (address) => {
    expect(isPublicAddress(address)).toBe(false);
    await expect(addressFor(address, NOTHING)).rejects.toMatchObject({ code: "address_not_allowed" });
  });

  test.each(["8.8.8.8", "2606:4700:4700::1111", "172.32.0.1", "100.128.0.1"])("%s is public", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  test("an address in other clothes is read by the URL parser and then refused", async () => {
    for (const url of [
      "http://2130706433/",
      "http://0177.0.0.1/",
      "http://0x7f.1/",
      "http://127.1/",
      "http://[::ffff:7f00:1]/",
    ])
      await expect(
        sendOutside({ method: "POST", url: new URL(url), headers: {}, body: "", timeoutMs: 1_000 }, NOTHING),
        url,
      ).rejects.toMatchObject({ code: "address_not_allowed" });
  });

  test("a name that means this machine is refused, unless the operator allows the name or its network", async () => {
    await expect(addressFor("localhost", NOTHING)).rejects.toMatchObject({ code: "address_not_allowed" });
    const rules = outsideRules({ ENCOURS_OUTSIDE_ALLOW: " LOCALHOST , 10.1.0.0/16" });
    expect((await addressFor("localhost", rules)).address).toMatch(/^(127\.0\.0\.1|::1)$/);
    expect(await addressFor("10.1.2.3", rules)).toEqual({ address: "10.1.2.3", family: 4 });
    await expect(addressFor("10.2.0.1", rules)).rejects.toMatchObject({ code: "address_not_allowed" });
    await expect(addressFor("no-such-host.invalid", rules)).rejects.toMatchObject({ code: "unknown_host" });
  });
});

describe("a request to the outside", () => {
  async function server(handle: http.RequestListener): Promise<URL> {
    const made = http.createServer(handle);
    await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
    closing.push(() => new Promise((resolve) => made.close(resolve).closeAllConnections()));
    return new URL(`http://127.0.0.1:${(made.address() as AddressInfo).port}/hook`);
  }
  const rules = { allowed: ["127.0.0.1"], folders: [] };
  const post = (url: URL, timeoutMs = 2_000) =>
    sendOutside({ method: "POST", url, headers: { "content-type": "text/plain" }, body: "é", timeoutMs }, rules);

  test("gives status and the start of the answer, and never follows a redirect", async () => {
    let asked = 0;
    const url = await server((request, reply) => {
      asked += 1;
      if (request.url === "/hook") reply.writeHead(302, { location: "/elsewhere" }).end("moved");
      else reply.end("followed");
    });
    expect(await post(url)).toEqual({ status: 302, body: "moved" });
    expect(asked).toBe(1);
  });

  test("gives up on silence, and on an answer that never ends reads no more than it needs", async () => {
    const silent = await server(() => {});
    await expect(post(silent, 200)).rejects.toThrow("timeout");
    const endless = await server((_, reply) => {
      reply.writeHead(200);
      const timer = setInterval(() => reply.write("x".repeat(8_192)), 1);
      reply.on("close", () => clearInterval(timer));
    });
    const answer = await post(endless);
    expect([answer.status, answer.body.length]).toEqual([200, 4_096]);
  });
});

test("a folder is taken as it really is, and links do not lead out of the roots", async () => {
  const base = await mkdtemp(path.join(tmpdir(), "encours-folders-"));
  closing.push(() => rm(base, { recursive: true }));
  await mkdir(path.join(base, "in", "a"), { recursive: true });
  await mkdir(path.join(base, "out"));
  await symlink(path.join(base, "out"), path.join(base, "in", "link"));
  const roots = [path.join(base, "in")];
  expect(await folderWithin(path.join(base, "in", "a"), roots)).toMatch(/in.a$/);
  expect(await folderWithin(path.join(base, "in", "link"), roots)).toBeUndefined();
  expect(await folderWithin(path.join(base, "in", "..", "out"), roots)).toBeUndefined();
  expect(await folderWithin(path.join(base, "in", "none"), roots)).toBeUndefined();
  expect(await folderWithin(path.join(base, "in-a-different-place"), roots)).toBeUndefined();
});
