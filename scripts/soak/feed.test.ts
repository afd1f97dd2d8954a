/** What is handed in while services fail comes again, and what goes wrong is told and does not end the soak. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { deploy, type LocalApp } from "../../local/testing.ts";
import type { Step, Task } from "../../local/testing/work.ts";
import { Feed } from "./feed.ts";

let app: LocalApp;
beforeAll(async () => {
  app = await deploy("difference-checker");
});
afterAll(() => app[Symbol.asyncDispose]());

const goes: Step = async () => {};
const fails: Step = async () => {
  throw new Error("no service");
};
/** What is not done in the end of a piece that is handed in, an hour before the end. */
async function leftOf(task: Task): Promise<string[]> {
  const feed = new Feed(app, "a task", task, () => "x1");
  await feed.hour();
  await feed.finish();
  return feed.undone();
}

it.each([
  ["could never be handed in, whatever looks done", { steps: [fails], done: goes }],
  ["was not done", { steps: [goes], done: fails }],
  ["cannot be mended as the README says", { steps: [goes], again: fails, done: goes }],
] satisfies [string, Task][])("a piece that %s is named with the reason", async (_what, task) =>
  expect(await leftOf(task)).toEqual(["difference-checker: a task, x1: no service"]),
);

it("a step that is refused is done again, and only then the next one", async () => {
  const taken: string[] = [];
  const first: Step = async () => {
    taken.push("first");
    if (taken.length === 1) throw new Error("no service");
  };
  const second: Step = async () => void taken.push("second");
  expect(await leftOf({ steps: [first, second], done: goes })).toEqual([]);
  expect(taken).toEqual(["first", "first", "second"]);
});
