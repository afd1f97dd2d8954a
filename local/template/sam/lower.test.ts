import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { isFields, type Fields } from "../value.ts";
import { parseTemplate } from "../yaml/parse-template.ts";
import { lowerSam } from "./lower.ts";

interface Lowered {
  readonly resources: Fields;
  readonly warnings: readonly string[];
  properties(id: string): Fields;
}

function lower(
  body: string,
  options: { readonly folder?: string; readonly parameters?: Record<string, string> } = {},
): Lowered {
  const warnings: string[] = [];
  const lowered = lowerSam(parseTemplate(body), {
    folder: options.folder,
    parameters: options.parameters ?? {},
    warn: (message) => warnings.push(message),
  });
  const resources = isFields(lowered["Resources"]) ? lowered["Resources"] : {};
  const properties = (id: string) => {
    const resource = resources[id];
    const found = isFields(resource) ? resource["Properties"] : undefined;
    return isFields(found) ? found : {};
  };
  return { resources, warnings, properties };
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "sam-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const fn = (properties: string, rest = "") =>
  `Resources: { Fn: { Type: AWS::Serverless::Function, Properties: { Runtime: nodejs24.x, Handler: a.handler, ${properties} } ${rest} } }`;

describe("code", () => {
  it("in a local folder is told by its absolute path, with how it is to be built", () => {
    const folder = folderWith({});
    const { properties } = lower(
      fn("CodeUri: .", ", Metadata: { BuildMethod: esbuild, BuildProperties: { EntryPoints: [src/a.ts] } }"),
      { folder },
    );
    expect(properties("Fn")["Code"]).toEqual({
      Local: { folder, buildMethod: "esbuild", buildProperties: { EntryPoints: ["src/a.ts"] } },
    });
  });

  it("of a layer in a local folder is told the same way, and kept unless the template says otherwise", () => {
    const folder = folderWith({ "package.json": "{}" });
    const layer = (retention: string) =>
      lower(`Resources: { Lib: { Type: AWS::Serverless::LayerVersion, Properties: { ContentUri: . ${retention} } } }`, {
        folder,
      });
    const [id = ""] = Object.keys(layer("").resources);
    expect(id).toMatch(/^Lib[0-9a-f]{10}$/);
    expect(layer("").resources[id]).toMatchObject({
      DeletionPolicy: "Retain",
      Properties: { LayerName: "Lib", Content: { Local: { folder } } },
    });
    expect(Object.values(layer(", RetentionPolicy: Delete").resources)[0]).toMatchObject({ DeletionPolicy: "Delete" });
  });

  it("makes a new version when it changes, and only then", () => {
    const versionOf = (folder: string) =>
      Object.keys(lower(fn("CodeUri: ., AutoPublishAlias: live"), { folder }).resources).find((id) =>
        id.startsWith("FnVersion"),
      );
    const folder = folderWith({ "a.ts": "1" });
    const first = versionOf(folder);
    expect(versionOf(folder)).toBe(first);
    writeFileSync(join(folder, "a.ts"), "2");
    expect(versionOf(folder)).not.toBe(first);
  });

  it.each([
    [
      "InlineCode: x, Timeout: 3, Nonsense: 1",
      "property Nonsense not defined for resource of type AWS::Serverless::Function",
    ],
    ["Timeout: 3", "Either 'InlineCode' or 'CodeUri' must be set."],
    ["CodeUri: .", "'.' is a local path, and the template comes without a folder"],
    ["CodeUri: 'http://x/y.zip'", "'CodeUri' must be an S3 location or a local folder"],
    ["PackageType: Image", "The local cloud runs no container images. (at Resources.Fn.Properties.PackageType)"],
  ])("{ %s } is refused: %s", (properties, message) => {
    expect(() => lower(fn(properties))).toThrow(message);
  });
});

describe("definitions of state machines", () => {
  const flow = (properties: string) =>
    `Resources: { Flow: { Type: AWS::Serverless::StateMachine, Properties: { Role: r, ${properties} } } }`;

  it("are read from files, JSON or YAML", () => {
    const folder = folderWith({ "flow.asl.json": '{ "StartAt": "A" }', "flow.asl.yaml": "StartAt: A" });
    for (const file of ["flow.asl.json", "flow.asl.yaml"]) {
      const { properties } = lower(flow(`DefinitionUri: ${file}, DefinitionSubstitutions: { Fn: x }`), { folder });
      expect(JSON.parse(String(properties("Flow")["DefinitionString"]))).toEqual({ StartAt: "A" });
      expect(properties("Flow")["DefinitionSubstitutions"]).toEqual({ Fn: "x" });
    }
  });

  it("may hold functions when they are inline: those become substitutions", () => {
    const { properties } = lower(flow("Definition: { StartAt: A, States: { A: { Resource: !GetAtt Fn.Arn } } }"));
    expect(JSON.parse(String(properties("Flow")["DefinitionString"]))).toEqual({
      StartAt: "A",
      States: { A: { Resource: "${definition_substitution_1}" } },
    });
    expect(properties("Flow")["DefinitionSubstitutions"]).toEqual({
      definition_substitution_1: { "Fn::GetAtt": ["Fn", "Arn"] },
    });
  });

  it.each([
    ["Name: x", "Specify either 'Definition' or 'DefinitionUri' property and not both."],
    [
      "DefinitionUri: missing.json",
      "The file missing.json cannot be read (at Resources.Flow.Properties.DefinitionUri)",
    ],
    ["Definition: {}, Policies: []", "Specify either 'Role' or 'Policies'"],
  ])("{ %s } is refused: %s", (properties, message) => {
    expect(() => lower(flow(properties), { folder: folderWith({}) })).toThrow(message);
  });
});

describe("Globals", () => {
  it("are merged: objects by member, lists joined, values overridden", () => {
    const { properties } = lower(`
Globals:
  Function: { Runtime: nodejs22.x, Handler: a.b, Timeout: 3, Layers: [l1], Environment: { Variables: { A: 1, B: 2 } } }
${fn("InlineCode: x, Layers: [l2], Environment: { Variables: { B: 3, C: !Ref AWS::Region } }")}`);
    expect(properties("Fn")).toMatchObject({
      Runtime: "nodejs24.x",
      Timeout: 3,
      Layers: ["l1", "l2"],
      Environment: { Variables: { A: 1, B: 3, C: { Ref: "AWS::Region" } } },
    });
  });

  it("do not merge into a function such as Ref", () => {
    const { properties } = lower(
      `Globals: { Function: { Environment: { Variables: { A: 1 } } } }\n${fn("InlineCode: x, Environment: !Ref Given")}`,
    );
    expect(properties("Fn")["Environment"]).toEqual({ Ref: "Given" });
  });

  it.each([
    [
      "Globals: { Function: { Events: {} } }",
      "'Events' is not a supported property of 'Function'. Must be one of the following values - [Handler, Runtime",
    ],
    ["Globals: { Function: { Metadata: {} } }", "'Metadata' is not a supported property of 'Function'."],
    [
      "Globals: { Bucket: {} }",
      "'Bucket' is not supported. Must be one of the following values - [Function, Api, HttpApi",
    ],
    ["Globals: { Function: text }", "Value of Function must be a dictionary"],
  ])("%s is refused: %s", (globals, message) => {
    expect(() => lower(`${globals}\n${fn("InlineCode: x")}`)).toThrow(message);
  });
});

describe("policies", () => {
  const policies = (list: string) => lower(fn(`InlineCode: x, Policies: ${list}`)).properties("FnRole");

  it("chosen by a condition are chosen in the role", () => {
    expect(policies("[!If [C, AmazonS3ReadOnlyAccess, !Ref AWS::NoValue]]")["ManagedPolicyArns"]).toContainEqual({
      "Fn::If": ["C", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", { Ref: "AWS::NoValue" }],
    });
    expect(policies("[!If [C, { SQSPollerPolicy: { QueueName: q } }, { Statement: [] }]]")["Policies"]).toMatchObject([
      {
        PolicyName: "FnRolePolicy0",
        PolicyDocument: { "Fn::If": ["C", { Statement: [{ Effect: "Allow" }] }, { Statement: [] }] },
      },
    ]);
  });

  it.each([
    [
      "[{ SQSPollerPolicy: {} }]",
      "Must specify valid parameter values for policy template 'SQSPollerPolicy': queueName is missing (at Resources.Fn.Properties.Policies.0.SQSPollerPolicy)",
    ],
    [
      "[{ SQSPollerPolicy: { QueueName: q, Queue: x } }]",
      "policy template 'SQSPollerPolicy': Queue is not one of them",
    ],
    [
      "[{ NoSuchPolicy: {} }]",
      "The policy template NoSuchPolicy is not known to the local cloud (at Resources.Fn.Properties.Policies.0)",
    ],
    ["[5]", "A policy must be a name, an ARN, a policy template or statements"],
  ])("%s is refused: %s", (list, message) => {
    expect(() => policies(list)).toThrow(message);
  });
});

describe("events", () => {
  const withEvent = (event: string, more = "") =>
    `Resources:\n  Fn: { Type: AWS::Serverless::Function, Properties: { Runtime: nodejs24.x, Handler: a.b, InlineCode: x, Events: { E: ${event} } } }\n${more}`;

  it.each([
    [
      "{ Type: S3, Properties: { Bucket: elsewhere, Events: x } }",
      "S3 events must reference an S3 bucket in the same template.",
    ],
    ["{ Type: SQS }", "missing property 'Queue'. (at Resources.Fn.Properties.Events.E.Properties)"],
    ["{ Type: DynamoDB, Properties: { Stream: s } }", "missing property 'StartingPosition'."],
    [
      "{ Type: Cognito }",
      "The local cloud does not know the event type Cognito for AWS::Serverless::Function. (at Resources.Fn.Properties.Events.E.Type)",
    ],
    [
      "{ Type: Schedule, Properties: { Schedule: rate(1 day), State: ENABLED, Enabled: true } }",
      "State and Enabled Properties cannot both be specified.",
    ],
    [
      "{ Type: HttpApi, Properties: { Path: /x, ApiId: !Ref Nobody } }",
      "ApiId must be a valid reference to an 'AWS::Serverless::HttpApi' resource in same template.",
    ],
    ["{ Type: HttpApi, Properties: { Path: x } }", "Path must start with a '/'."],
    [
      "{ Type: HttpApi, Properties: { Path: /x, Auth: { Authorizer: Nobody } } }",
      "Unable to set Authorizer on API method because 'Nobody' is not defined in the API's Authorizers.",
    ],
    ["{ Type: Api, Properties: { Path: /x } }", "missing property 'Method'."],
  ])("%s is refused: %s", (event, message) => {
    expect(() => lower(withEvent(event))).toThrow(message);
  });

  it("may not use one method of a path twice", () => {
    const event = "{ Type: HttpApi, Properties: { Path: /x, Method: get } }";
    expect(() => lower(withEvent(`${event}, F: ${event}`))).toThrow(
      'API method "get" defined multiple times for path "/x".',
    );
  });

  it("take method and path from parameters", () => {
    const { properties } = lower(
      `Parameters: { Path: { Type: String, Default: /d } }\n${withEvent("{ Type: HttpApi, Properties: { Path: !Ref Path, Method: get } }")}`,
      { parameters: { Path: "/given" } },
    );
    expect(properties("ServerlessHttpApi")["Body"]).toMatchObject({ paths: { "/given": { get: {} } } });
  });
});

describe("what cannot be lowered", () => {
  it.each([
    [
      "Resources: { A: { Type: AWS::Serverless::Application, Properties: {} } }",
      "The local cloud cannot make AWS::Serverless::Application. (at Resources.A.Type)",
    ],
    [
      "Resources: { A: { Type: AWS::Serverless::Connector, Properties: {} } }",
      "The local cloud cannot make AWS::Serverless::Connector.",
    ],
    [fn("InlineCode: x", ", Connectors: { C: {} }"), "The local cloud makes no Connectors"],
    [
      `${fn("InlineCode: x").slice(0, -1)}, FnRole: { Type: AWS::IAM::Role } }`,
      "Another resource of the template has the id FnRole, which SAM makes itself",
    ],
  ])("%s: %s", (body, message) => {
    expect(() => lower(body)).toThrow(message);
  });

  it("but may be passed over is warned about", () => {
    expect(
      lower(
        fn(
          "InlineCode: x, RuntimeManagementConfig: {}, AutoPublishAlias: live, DeploymentPreference: { Type: Linear10PercentEvery1Minute }",
        ),
      ).warnings,
    ).toEqual([
      "Resources.Fn.Properties.RuntimeManagementConfig: the local cloud does not know this property of AWS::Serverless::Function and passes it over",
      "Resources.Fn.Properties.DeploymentPreference: the local cloud moves all traffic at once and runs no hooks or alarms",
    ]);
  });
});
