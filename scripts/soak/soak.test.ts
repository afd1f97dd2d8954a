/** The short version of `npm run soak`: an hour, three apps, calls that fail by chance. */
import { expect, it } from "vitest";
import { growthOf, soak } from "./run.ts";
import { workOf } from "./work-of.ts";

it("apps on one cloud lose nothing in an hour in which calls fail by chance", { timeout: 120_000 }, async () => {
  const apps = ["difference-checker", "order-fulfillment", "rds-auto-stop"];
  const soaked = await soak({ hours: 1, seed: 3, apps });
  const works = await Promise.all(apps.map(workOf));
  const tasks = works.reduce((sum, { tasks }) => sum + Object.keys(tasks).length, 0);
  expect(soaked).toMatchObject({ wrong: [], undone: [], handedIn: tasks });
  expect(soaked.disturbed).toBeGreaterThan(0);
  expect(soaked.executions["SUCCEEDED"]).toBeGreaterThanOrEqual(2);
});

it("a heap that grows with what is kept has not grown, one that grows by itself has", () => {
  const hours = (besides: (hour: number) => number) =>
    Array.from({ length: 10 }, (_, hour) => ({
      hour,
      calls: 1,
      keptMegabytes: hour,
      heapMegabytes: 100 + 2 * hour + besides(hour),
    }));
  expect(growthOf(hours(() => 0))).toBe(0);
  expect(growthOf(hours((hour) => 3 * hour))).toBeGreaterThan(0.05);
});
