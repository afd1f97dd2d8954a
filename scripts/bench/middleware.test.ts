/** The part of the budgets that does not depend on the machine. Times: `node scripts/bench/middleware.ts`. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { lambdaContext } from "../../shared/testing/invocation.ts";
import { BUDGETS, bundle, CLIENTS, excesses, type ClientName, wholeSource } from "./middleware.ts";

let folder = "";
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "bundles-"))));
afterAll(() => rm(folder, { recursive: true }));

describe("the bundle of a handler with everything", () => {
  it.each(Object.keys(CLIENTS) as ClientName[])("with the client of %s is within its budget", async (client) => {
    const { kilobytes, files } = await bundle(wholeSource(client), join(folder, `${client}.mjs`));
    expect(kilobytes).toBeLessThanOrEqual(BUDGETS.bundleKilobytes);
    expect(files.filter((file) => file.includes("zod/v4/classic") || file.includes("zod/v4/locales"))).toEqual([]);
    const clients = files.flatMap((file) => /@aws-sdk\/(client-[\w-]+)\//.exec(file)?.[1] ?? []);
    expect([...new Set(clients)]).toEqual([CLIENTS[client][0].replace("@aws-sdk/", "")]);
  });

  it("keeps the names of errors when it is minified, for a state machine matches them", async () => {
    const file = join(folder, "errors.mjs");
    await bundle(
      `import * as z from "zod/mini";
       import { AppError } from "#shared/errors";
       import { handle } from "#shared/middleware";
       class InvoiceUnreadable extends AppError {}
       export const handler = handle({ input: z.object({ page: z.number() }) }, () => { throw new InvoiceUnreadable("No text"); });`,
      file,
    );
    vi.spyOn(process.stdout, "write").mockReturnValue(true);
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const { handler } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
      handler: (event: unknown, context: unknown) => Promise<unknown>;
    };
    await expect(handler({ page: 1 }, lambdaContext())).rejects.toMatchObject({ name: "InvoiceUnreadable" });
    await expect(handler({ page: "1" }, lambdaContext())).rejects.toMatchObject({
      name: "InputInvalid",
      message: "page: expected number",
    });
    vi.restoreAllMocks();
  });
});

describe("a measurement", () => {
  const cost = {
    client: "s3",
    tracing: true,
    clientKilobytes: 437,
    bundleKilobytes: 631,
    startRatio: 1.3,
    startMilliseconds: 119,
    warmMilliseconds: 0.06,
  } as const;

  it("within the budgets is no excess", () => {
    expect(excesses(cost)).toEqual([]);
  });

  it("beyond one, or without a figure, is", () => {
    expect(excesses({ ...cost, startRatio: 1.71 })).toEqual(["s3, traced: startRatio is 1.71, the budget 1.6"]);
    expect(excesses({ ...cost, warmMilliseconds: Number.NaN })).toHaveLength(1);
  });
});
