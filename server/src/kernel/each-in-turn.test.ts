import { expect, test } from "vitest";
import { eachInTurn } from "./each-in-turn.ts";

test("what fails does not hold up the rest, and is not lost", async () => {
  const done: number[] = [];
  const work = async (one: number) => {
    if (one % 2 === 0) throw new Error(`no ${one}`);
    done.push(one);
  };
  await expect(eachInTurn([1, 2, 3, 4, 5], work)).rejects.toMatchObject({
    errors: [{ message: "no 2" }, { message: "no 4" }],
  });
  expect(done).toEqual([1, 3, 5]);
});

test("nothing is thrown where nothing failed", async () => {
  await expect(eachInTurn([1, 2], async () => undefined)).resolves.toBeUndefined();
});
