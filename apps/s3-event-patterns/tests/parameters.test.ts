import { GetFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import { deploy } from "#local/testing";
import { bucketsOf } from "./buckets.ts";

describe("the app", () => {
  it("is deployed twice on one account, with a boundary and a path for its roles and a dashboard", async () => {
    const parameters = {
      PermissionsBoundaryArn: "arn:aws:iam::aws:policy/AdministratorAccess",
      RolePath: "/apps/",
      Dashboard: "true",
      AlarmEmail: "ops@example.com",
    };
    await using one = await deploy("s3-event-patterns", { parameters });
    const other = await deploy("s3-event-patterns", { parameters, cloud: one.cloud, stackName: "another" });
    expect([one.warnings, other.warnings]).toEqual([[], []]);
    for (const app of [one, other]) {
      await bucketsOf(app).remove("DirectBucket", "pictures/a.jpg");
      await app.settle();
      expect(await bucketsOf(app).row("DirectBucket", "pictures/a.jpg")).toMatchObject({ state: "removed" });
    }
    const FunctionName = one.resource("TagDirect");
    const { Configuration } = await one.client(LambdaClient).send(new GetFunctionCommand({ FunctionName }));
    expect(Configuration?.Role).toContain(":role/apps/");
  });

  it.each([
    ["LeastConfidence", "101", "LeastConfidence"],
    ["MostLabels", "0", "MostLabels"],
    ["PersonPhone", "12345678", "PersonPhone"],
    // S3 itself refuses prefixes of which one begins like the other, for one kind of event.
    ["AvatarsPrefix", "photos/avatars/", "overlap"],
  ])("is not deployed when %s is %s", async (name, value, reason) => {
    await expect(deploy("s3-event-patterns", { parameters: { [name]: value } })).rejects.toThrow(reason);
  });
});
