import { expect, test } from "vitest";
import { isUuid, newId, tenantId } from "./ids.ts";

test("ids are version 7, increase, and never repeat", () => {
  const ids = Array.from({ length: 20_000 }, newId);
  for (const id of ids) expect(isUuid(id) && id[14] === "7" && "89ab".includes(id[19] ?? "")).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
  expect([...ids].sort()).toEqual(ids);
});

test("a tenant id is a lower-case UUID and nothing else, since it stands literally in SQL", () => {
  const id = newId();
  expect(tenantId(id)).toBe(id);
  for (const text of ["", id.toUpperCase(), `${id}'`, `${id}\n`, "'; drop table x; --", id.slice(1)])
    expect(() => tenantId(text)).toThrow(RangeError);
});
