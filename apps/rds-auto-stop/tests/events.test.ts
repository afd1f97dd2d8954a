import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deploy, type LocalApp } from "#local/testing";

let app: LocalApp;
beforeAll(async () => {
  app = await deploy("rds-auto-stop");
});
afterAll(() => app[Symbol.asyncDispose]());

describe("the sample events", () => {
  it("of an ordinary start leave nothing to do", async () => {
    expect(await app.invoke("StartStopping", app.sample("start-stopping.json"))).toEqual({ statusCode: 200 });
  });

  it("of a database that is not there say that it is deleted", async () => {
    expect(await app.invoke("RetrieveState", app.sample("retrieve-state.json"))).toEqual({
      status: "deleted",
      phase: "lost",
    });
  });

  it("of a stop without permission are denied: the database has no tag, because there is none", async () => {
    await expect(app.invoke("StopDatabase", app.sample("stop-database.json"))).rejects.toThrow("not authorized");
  });

  it.each([
    ["StartStopping", "start-stopping.bad.json", "detail.EventID: missing"],
    ["RetrieveState", "retrieve-state.bad.json", "kind: expected"],
    ["StopDatabase", "stop-database.bad.json", "execution: has the wrong form"],
  ])("of bad input to %s are refused by field", async (name, file, message) => {
    await expect(app.invoke(name, app.sample(file))).rejects.toThrow(message);
  });
});
