import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { loadTemplate } from "./load.ts";

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

/** A folder with these files. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "template-"));
  made.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const load = (body: string, folder?: string, parameters: Readonly<Record<string, string>> = {}) =>
  loadTemplate(body, { folder, parameters }).template;

describe("AWS::LanguageExtensions", () => {
  it("repeats resources, properties and outputs with Fn::ForEach", () => {
    const template = load(
      `
Transform: AWS::LanguageExtensions
Parameters: { Names: { Type: CommaDelimitedList, Default: "Red,Blue" } }
Resources:
  Fn::ForEach::Queues:
    - Name
    - !Ref Names
    - "\${Name}Queue":
        Type: AWS::SQS::Queue
        Properties: { QueueName: !Sub "\${Name}-\${AWS::Region}", Tags: [{ Key: name, Value: !Ref Name }] }
  Fn::ForEach::Pairs:
    - A
    - [x.1, y]
    - Fn::ForEach::Inner:
        - B
        - [q]
        - "Pair&{A}\${B}": { Type: AWS::SQS::Queue }
Outputs:
  Fn::ForEach::Outs:
    - Name
    - !Ref Names
    - "\${Name}Arn": { Value: !GetAtt ["Only", Arn] }
`.replace('!GetAtt ["Only", Arn]', "!Sub '${Name}Queue'"),
    );
    expect(Object.keys(template.resources)).toEqual(["RedQueue", "BlueQueue", "Pairx1q", "Pairyq"]);
    expect(template.resources["BlueQueue"]?.properties).toEqual({
      QueueName: { "Fn::Sub": "Blue-${AWS::Region}" },
      Tags: [{ Key: "name", Value: "Blue" }],
    });
    expect(template.outputs["RedArn"]?.value).toEqual({ "Fn::Sub": "RedQueue" });
  });

  it.each([
    ["Fn::Length", "!Length [1]"],
    ["Fn::ToJsonString", "!ToJsonString { a: 1 }"],
    ["Fn::FindInMap with a default value", "!FindInMap [M, a, b, { DefaultValue: 1 }]"],
  ])("is needed for %s", (name, use) => {
    const body = `Resources: { A: { Type: X, Properties: { V: ${use} } } }`;
    expect(() => load(body)).toThrow(
      `Template error: ${name} needs the transform AWS::LanguageExtensions to be declared (at Resources.A.Properties.V)`,
    );
    expect(load(`Transform: AWS::LanguageExtensions\n${body}`).resources).toHaveProperty("A");
  });

  it("is needed for Fn::ForEach", () => {
    expect(() => load("Resources: { Fn::ForEach::X: [N, [a], { '${N}': { Type: X } }] }")).toThrow(
      "Fn::ForEach needs the transform",
    );
  });

  it("refuses a loop that makes a key twice", () => {
    expect(() =>
      load("Transform: AWS::LanguageExtensions\nResources: { Fn::ForEach::X: [N, [a, b], { Same: { Type: X } }] }"),
    ).toThrow("Fn::ForEach makes the key Same twice");
  });
});

describe("AWS::Include", () => {
  const body =
    "Resources: { A: { Type: X, Properties: { Body: { Fn::Transform: { Name: AWS::Include, Parameters: { Location: api.yaml } }, Own: 1 } } } }";

  it("puts in the contents of a local file", () => {
    const folder = folderWith({ "api.yaml": "paths: { /x: { Fn::Sub: '${AWS::Region}' } }" });
    expect(load(body, folder).resources["A"]?.properties).toEqual({
      Body: { paths: { "/x": { "Fn::Sub": "${AWS::Region}" } }, Own: 1 },
    });
  });

  it("names the file that is not there or broken", () => {
    expect(() => load(body, folderWith({}))).toThrow(
      "The file api.yaml cannot be read (at Resources.A.Properties.Body)",
    );
    expect(() => load(body, folderWith({ "api.yaml": "a: 1\na: 2" }))).toThrow(
      "api.yaml: Template format error: YAML not well-formed. (line 2",
    );
    expect(() => load(body)).toThrow("The local file api.yaml cannot be read: the template has no folder");
  });

  it("refuses other transforms and places", () => {
    expect(() => load(body.replace("AWS::Include", "Mine"))).toThrow("No transform named Mine found.");
    expect(() => load(body.replace("api.yaml", "'s3://b/k'"))).toThrow("includes local files only");
  });
});

describe("SAM resources", () => {
  it("need the transform", () => {
    expect(() => load("Resources: { A: { Type: AWS::Serverless::Function } }")).toThrow(
      "Template format error: Unrecognized resource types: [AWS::Serverless::Function] (at Resources.A.Type)",
    );
  });
});
