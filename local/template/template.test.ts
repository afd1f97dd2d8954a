import { describe, expect, it } from "vitest";
import { readTemplate } from "./template.ts";
import { parseTemplate } from "./yaml/parse-template.ts";

const read = (text: string) => readTemplate(parseTemplate(text));
const QUEUE = "Queue: { Type: AWS::SQS::Queue }";

describe("a template", () => {
  it("is read with its defaults", () => {
    const template = read(`
AWSTemplateFormatVersion: 2010-09-09
Description: what it is
Resources:
  ${QUEUE}
  Other: { Type: AWS::SQS::Queue, DependsOn: Queue, Condition: Always, DeletionPolicy: Retain, Metadata: { a: 1 } }
Conditions: { Always: !Equals [a, a] }
Outputs: { Out: { Value: !Ref Queue, Description: d, Export: { Name: x } } }`);
    expect(template.description).toBe("what it is");
    expect(template.resources["Queue"]).toEqual({
      type: "AWS::SQS::Queue",
      properties: {},
      dependsOn: [],
      condition: undefined,
      deletionPolicy: "Delete",
      updateReplacePolicy: "Delete",
      metadata: {},
    });
    expect(template.resources["Other"]).toMatchObject({
      dependsOn: ["Queue"],
      condition: "Always",
      deletionPolicy: "Retain",
      metadata: { a: 1 },
    });
    expect(template.outputs["Out"]).toEqual({
      value: { Ref: "Queue" },
      description: "d",
      condition: undefined,
      exportName: "x",
    });
  });

  it.each([
    ["Resources: {}", "Template format error: At least one Resources member must be defined."],
    ["Description: x", "Template format error: At least one Resources member must be defined."],
    [
      `Resources: { ${QUEUE} }\nResurces: {}`,
      "Template format error: Invalid template property or properties [Resurces]",
    ],
    [
      `AWSTemplateFormatVersion: 2011-01-01\nResources: { ${QUEUE} }`,
      "Template format error: Unsupported template format version.",
    ],
    [
      "Resources: { Queue: { Properties: {} } }",
      "Template format error: [/Resources/Queue] Every Resources object must contain a Type member.",
    ],
    [
      "Resources: { Queue: { Type: X, Propertys: {} } }",
      "Invalid template resource property 'Propertys' (at Resources.Queue)",
    ],
    [
      "Resources: { Queue: text }",
      "Template format error: Every Resources member must be an object. (at Resources.Queue)",
    ],
    ["Resources: { My-Queue: { Type: X } }", "Template format error: Resources name My-Queue is non alphanumeric."],
    [
      "Resources: { Queue: { Type: X, DeletionPolicy: Keep } }",
      "DeletionPolicy must be one of Delete, Retain, Snapshot (at Resources.Queue.DeletionPolicy)",
    ],
    [
      "Resources: { Queue: { Type: X, Condition: Nowhere } }",
      "Unresolved condition dependency Nowhere in the Resources block of the template (at Resources.Queue.Condition)",
    ],
    [
      "Resources: { Queue: { Type: X, DependsOn: Nowhere } }",
      "Unresolved resource dependencies [Nowhere] in the Resources block of the template (at Resources.Queue.DependsOn)",
    ],
    [
      "Resources: { Queue: { Type: X, Properties: { A: [{ B: !Sub '${Nowhere.Arn}' }] } } }",
      "Unresolved resource dependencies [Nowhere] in the Resources block of the template (at Resources.Queue.Properties.A.0.B)",
    ],
    [
      "Resources: { Queue: { Type: X, Properties: { A: !If [C, !Ref Nowhere, 1] } } }\nConditions: { C: !Equals [a, b] }",
      "Unresolved resource dependencies [Nowhere]",
    ],
    [
      `Resources: { ${QUEUE} }\nOutputs: { O: { Value: !GetAtt Nowhere.Arn } }`,
      "Unresolved resource dependencies [Nowhere] in the Outputs block of the template (at Outputs.O.Value)",
    ],
    [
      `Resources: { ${QUEUE} }\nOutputs: { O: { Description: x } }`,
      "Every Outputs member must contain a Value object (at Outputs.O)",
    ],
    [
      `Resources: { ${QUEUE} }\nConditions: { C: !Equals [!Ref Queue, x] }`,
      "Unresolved dependencies [Queue]. Cannot reference resources in the Conditions block of the template",
    ],
    [
      `Resources: { ${QUEUE} }\nParameters: { Queue: { Type: String } }`,
      "Duplicate name Queue in Parameters and Resources",
    ],
    [`Resources: { ${QUEUE} }\nTransform: My::Macro`, "No transform named My::Macro found."],
    [`Resources: { ${QUEUE} }\nRules: {}`, "The sections Rules and Hooks are not supported by the local cloud"],
  ])("%s is refused: %s", (text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});
