/** Secrets Manager through its SDK client. */
import * as SDK from "@aws-sdk/client-secrets-manager";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testCloud, type TestCloud } from "../../testing.ts";
import { randomPassword } from "./random-password.ts";

const DAY = 86_400_000;
const refusal = (name: string, message?: string) =>
  expect.objectContaining({ name, ...(message !== undefined && { message }) });
const client = (cloud: TestCloud) => cloud.client(SDK.SecretsManagerClient);
const create = (cloud: TestCloud, rest: Partial<SDK.CreateSecretCommandInput> = {}) =>
  client(cloud).send(new SDK.CreateSecretCommand({ Name: "app/db", SecretString: "one", ...rest }));
const get = (cloud: TestCloud, rest: Partial<SDK.GetSecretValueCommandInput> = {}) =>
  client(cloud).send(new SDK.GetSecretValueCommand({ SecretId: "app/db", ...rest }));
const put = (cloud: TestCloud, rest: Partial<SDK.PutSecretValueCommandInput> = {}) =>
  client(cloud).send(new SDK.PutSecretValueCommand({ SecretId: "app/db", ...rest }));

describe("a secret", () => {
  it("is made and read by name, ARN and ARN without its end", async () => {
    await using cloud = await testCloud();
    const { ARN = "", VersionId } = await create(cloud);
    expect(ARN).toMatch(/^arn:aws:secretsmanager:us-east-1:123456789012:secret:app\/db-[A-Za-z0-9]{6}$/);
    for (const SecretId of ["app/db", ARN, ARN.slice(0, -7)]) {
      expect(await get(cloud, { SecretId })).toMatchObject({
        ARN,
        Name: "app/db",
        SecretString: "one",
        VersionId,
        VersionStages: ["AWSCURRENT"],
        CreatedDate: new Date(cloud.clock.now()),
      });
    }
    await expect(create(cloud)).rejects.toEqual(
      refusal("ResourceExistsException", "The operation failed because the secret app/db already exists."),
    );
    await expect(get(cloud, { SecretId: "none" })).rejects.toEqual(
      refusal("ResourceNotFoundException", "Secrets Manager can't find the specified secret."),
    );
  });
  it("may be bytes, and not both", async () => {
    await using cloud = await testCloud();
    const SecretBinary = Buffer.from([0, 255, 7]);
    await create(cloud, { SecretString: undefined, SecretBinary });
    expect(Buffer.from((await get(cloud)).SecretBinary ?? [])).toEqual(SecretBinary);
    await expect(put(cloud, { SecretString: "x", SecretBinary })).rejects.toEqual(refusal("InvalidParameterException"));
    await expect(put(cloud)).rejects.toEqual(
      refusal("InvalidRequestException", "You must provide either SecretString or SecretBinary."),
    );
    await expect(put(cloud, { SecretString: "x".repeat(65_537) })).rejects.toEqual(refusal("ValidationException"));
  });
  it("without a value has none to give", async () => {
    await using cloud = await testCloud();
    await create(cloud, { SecretString: undefined });
    await expect(get(cloud)).rejects.toEqual(
      refusal(
        "ResourceNotFoundException",
        "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
      ),
    );
  });
  it("keeps its previous value", async () => {
    await using cloud = await testCloud();
    await create(cloud);
    await put(cloud, { SecretString: "two" });
    await client(cloud).send(
      new SDK.UpdateSecretCommand({ SecretId: "app/db", SecretString: "three", Description: "db" }),
    );
    expect((await get(cloud)).SecretString).toBe("three");
    expect((await get(cloud, { VersionStage: "AWSPREVIOUS" })).SecretString).toBe("two");
    const { Versions } = await client(cloud).send(
      new SDK.ListSecretVersionIdsCommand({ SecretId: "app/db", IncludeDeprecated: true }),
    );
    expect(Versions?.map(({ VersionStages }) => VersionStages)).toEqual([[], ["AWSPREVIOUS"], ["AWSCURRENT"]]);
  });
  it("takes one value for a token once", async () => {
    await using cloud = await testCloud();
    await create(cloud);
    const ClientRequestToken = "t".repeat(32);
    const first = await put(cloud, { SecretString: "two", ClientRequestToken });
    expect(await put(cloud, { SecretString: "two", ClientRequestToken })).toMatchObject({ VersionId: first.VersionId });
    await expect(put(cloud, { SecretString: "other", ClientRequestToken })).rejects.toEqual(
      refusal("ResourceExistsException"),
    );
  });
  it("moves its labels only from where they are", async () => {
    await using cloud = await testCloud();
    const { VersionId: first = "" } = await create(cloud);
    const { VersionId: second = "" } = await put(cloud, { SecretString: "two", VersionStages: ["AWSPENDING"] });
    expect((await get(cloud)).SecretString).toBe("one");
    const move = (rest: Partial<SDK.UpdateSecretVersionStageCommandInput>) =>
      client(cloud).send(
        new SDK.UpdateSecretVersionStageCommand({ SecretId: "app/db", VersionStage: "AWSCURRENT", ...rest }),
      );
    await expect(move({ MoveToVersionId: second })).rejects.toThrow(
      "The parameter RemoveFromVersionId can't be empty.",
    );
    await move({ MoveToVersionId: second, RemoveFromVersionId: first });
    expect((await get(cloud)).SecretString).toBe("two");
    expect((await get(cloud, { VersionStage: "AWSPREVIOUS" })).SecretString).toBe("one");
  });
});

describe("deleting a secret", () => {
  const remove = (cloud: TestCloud, rest: Partial<SDK.DeleteSecretCommandInput> = {}) =>
    client(cloud).send(new SDK.DeleteSecretCommand({ SecretId: "app/db", ...rest }));
  it("waits for its recovery window, in which it can be brought back", async () => {
    await using cloud = await testCloud();
    await create(cloud);
    expect((await remove(cloud, { RecoveryWindowInDays: 7 })).DeletionDate).toEqual(
      new Date(cloud.clock.now() + 7 * DAY),
    );
    await expect(get(cloud)).rejects.toEqual(
      refusal(
        "InvalidRequestException",
        "You can't perform this operation on the secret because it was marked for deletion.",
      ),
    );
    await expect(create(cloud)).rejects.toEqual(
      refusal(
        "InvalidRequestException",
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
      ),
    );
    await client(cloud).send(new SDK.RestoreSecretCommand({ SecretId: "app/db" }));
    expect((await get(cloud)).SecretString).toBe("one");
    await remove(cloud, { RecoveryWindowInDays: 7 });
    await cloud.clock.advance(7 * DAY);
    await expect(get(cloud)).rejects.toEqual(refusal("ResourceNotFoundException"));
    await create(cloud);
  });
  it("may be at once", async () => {
    await using cloud = await testCloud();
    await create(cloud);
    await expect(remove(cloud, { RecoveryWindowInDays: 6 })).rejects.toEqual(refusal("InvalidParameterException"));
    await expect(remove(cloud, { RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: true })).rejects.toEqual(
      refusal("InvalidParameterException"),
    );
    await remove(cloud, { ForceDeleteWithoutRecovery: true });
    await expect(get(cloud)).rejects.toEqual(refusal("ResourceNotFoundException"));
  });
});

it("secrets are listed page by page and by filter", async () => {
  await using cloud = await testCloud();
  for (const Name of ["a/1", "a/2", "b/1"]) await create(cloud, { Name, Tags: [{ Key: "k", Value: Name }] });
  const names: (string | undefined)[] = [];
  for await (const { SecretList } of SDK.paginateListSecrets(
    { client: client(cloud), pageSize: 1 },
    { Filters: [{ Key: "name", Values: ["a/"] }] },
  ))
    names.push(...(SecretList ?? []).map(({ Name }) => Name));
  expect(names.sort()).toEqual(["a/1", "a/2"]);
});

describe("a random password", () => {
  it("has the length, every kind that is asked for and nothing excluded", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 64 }),
        fc.double({ noNaN: true, min: 0, max: 0.999 }),
        (PasswordLength, start) => {
          let state = start;
          const random = () => (state = (state * 9301 + 0.49297) % 1);
          const password = randomPassword(random, { PasswordLength, ExcludeCharacters: "abc/@" });
          expect(password).toHaveLength(PasswordLength);
          expect(password).toMatch(/[a-z]/);
          expect(password).toMatch(/[A-Z]/);
          expect(password).toMatch(/\d/);
          expect(password).toMatch(/[^A-Za-z0-9]/);
          expect(password).not.toMatch(/[abc/@]/);
        },
      ),
    );
  });
  it("is refused when nothing is left", async () => {
    await using cloud = await testCloud();
    const make = (rest: SDK.GetRandomPasswordCommandInput) =>
      client(cloud).send(new SDK.GetRandomPasswordCommand(rest));
    expect((await make({})).RandomPassword).toHaveLength(32);
    await expect(make({ PasswordLength: 3 })).rejects.toEqual(refusal("InvalidParameterException"));
    await expect(
      make({ ExcludeLowercase: true, ExcludeUppercase: true, ExcludeNumbers: true, ExcludePunctuation: true }),
    ).rejects.toEqual(refusal("InvalidParameterException"));
  });
});

describe("a secret of a template", () => {
  const context = {
    stackName: "s",
    stackId: "s",
    logicalId: "S",
    tags: { app: "x" },
    physicalName: () => "s-S-1",
    folder: undefined,
  };
  it("has a generated value that stays over updates, and its name is free when the stack is gone", async () => {
    await using cloud = await testCloud();
    const provider = await cloud.providerOf("AWS::SecretsManager::Secret");
    const rules = {
      SecretStringTemplate: '{"user":"admin"}',
      GenerateStringKey: "password",
      PasswordLength: "20",
      ExcludePunctuation: "true",
    };
    const before = { GenerateSecretString: rules };
    const made = await provider?.create(before, context);
    const read = async () =>
      JSON.parse((await get(cloud, { SecretId: "s-S-1" })).SecretString ?? "null") as {
        user: string;
        password: string;
      };
    const first = await read();
    expect(first).toEqual({ user: "admin", password: expect.stringMatching(/^[A-Za-z0-9]{20}$/) });
    await provider?.update?.(made?.physicalId ?? "", { ...before, Description: "new" }, before, context);
    expect(await read()).toEqual(first);
    await provider?.delete(made?.physicalId ?? "", before, context);
    await provider?.create(before, context);
    expect((await read()).password).not.toBe(first.password);
  });
});

it("permissions name the secret with its random end, and its tags", async () => {
  await using cloud = await testCloud();
  const { ARN } = await create(cloud, { Tags: [{ Key: "team", Value: "blue" }] });
  const service = await cloud.dispatcher.load("secretsmanager");
  expect(service.permissions?.("GetSecretValue", { SecretId: "app/db" })).toEqual([
    { action: "secretsmanager:GetSecretValue", resource: ARN, context: { "aws:ResourceTag/team": "blue" } },
  ]);
});

it("rotation without a function is refused, and a function that fails leaves the current value", async () => {
  await using cloud = await testCloud();
  await create(cloud);
  const rotate = (rest: Partial<SDK.RotateSecretCommandInput> = {}) =>
    client(cloud).send(new SDK.RotateSecretCommand({ SecretId: "app/db", ...rest }));
  await expect(rotate()).rejects.toEqual(
    refusal("InvalidRequestException", "No Lambda rotation function ARN is associated with this secret."),
  );
  await rotate({
    RotationLambdaARN: "arn:aws:lambda:us-east-1:123456789012:function:none",
    RotationRules: { AutomaticallyAfterDays: 30 },
  });
  await cloud.clock.settle();
  expect((await get(cloud)).SecretString).toBe("one");
  expect(cloud.logged.join()).toContain("rotation of secret app/db failed in createSecret");
  const described = await client(cloud).send(new SDK.DescribeSecretCommand({ SecretId: "app/db" }));
  expect(described).toMatchObject({ RotationEnabled: true, NextRotationDate: new Date(cloud.clock.now() + 30 * DAY) });
  expect(described.LastRotatedDate).toBeUndefined();
});
