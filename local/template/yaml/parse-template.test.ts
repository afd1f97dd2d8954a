import { describe, expect, it } from "vitest";
import { parseTemplate } from "./parse-template.ts";

describe("short forms", () => {
  it.each([
    ["!Ref Queue", { Ref: "Queue" }],
    ["!GetAtt Queue.Arn", { "Fn::GetAtt": ["Queue", "Arn"] }],
    ["!GetAtt Database.Endpoint.Address", { "Fn::GetAtt": ["Database", "Endpoint.Address"] }],
    ["!GetAtt [Queue, Arn]", { "Fn::GetAtt": ["Queue", "Arn"] }],
    ["!Sub 'a-${B}'", { "Fn::Sub": "a-${B}" }],
    ["!Sub ['${a}', { a: !Ref B }]", { "Fn::Sub": ["${a}", { a: { Ref: "B" } }] }],
    ["!Join ['-', [a, !Ref B]]", { "Fn::Join": ["-", ["a", { Ref: "B" }]] }],
    ["!Select [0, !Split [',', x]]", { "Fn::Select": [0, { "Fn::Split": [",", "x"] }] }],
    ["!If [C, 1, !Ref AWS::NoValue]", { "Fn::If": ["C", 1, { Ref: "AWS::NoValue" }] }],
    ["!Not [!Equals [a, b]]", { "Fn::Not": [{ "Fn::Equals": ["a", "b"] }] }],
    [
      "!And [!Condition A, !Or [!Condition B, !Condition C]]",
      { "Fn::And": [{ Condition: "A" }, { "Fn::Or": [{ Condition: "B" }, { Condition: "C" }] }] },
    ],
    ["!FindInMap [M, k, v, { DefaultValue: 5 }]", { "Fn::FindInMap": ["M", "k", "v", { DefaultValue: 5 }] }],
    ["!ImportValue x", { "Fn::ImportValue": "x" }],
    ["!Base64 x", { "Fn::Base64": "x" }],
    ["!Cidr [10.0.0.0/16, 2, 8]", { "Fn::Cidr": ["10.0.0.0/16", 2, 8] }],
    ["!GetAZs ''", { "Fn::GetAZs": "" }],
    ["!Transform { Name: AWS::Include }", { "Fn::Transform": { Name: "AWS::Include" } }],
    ["!Length [a]", { "Fn::Length": ["a"] }],
    ["!ToJsonString { a: 1 }", { "Fn::ToJsonString": { a: 1 } }],
  ])("%s is read as its long form", (short, long) => {
    expect(parseTemplate(`V: ${short}`)).toEqual({ V: long });
  });

  it("keeps long forms as they are", () => {
    expect(parseTemplate("V: { Fn::GetAtt: Queue.Arn }")).toEqual({ V: { "Fn::GetAtt": "Queue.Arn" } });
  });

  it("refuses a tag that does not exist, naming its line", () => {
    expect(() => parseTemplate("A: 1\nB: !Reff Queue")).toThrow(/line 2, column \d+\): unknown tag !Reff/);
  });
});

describe("scalars", () => {
  it.each([
    ["yes", true],
    ["Off", false],
    ["true", true],
    ["N", "N"],
    ["y", "y"],
    ["2010-09-09", "2010-09-09"],
    ["5", 5],
    ["-0.5", -0.5],
    ["1.10", "1.10"],
    ["012345678901", "012345678901"],
    ["12:30", "12:30"],
    ["12345678901234567890", "12345678901234567890"],
    ["'5'", "5"],
    ["~", null],
    ["", null],
  ])("%s is %j", (text, value) => {
    expect(parseTemplate(`V: ${text}`)).toEqual({ V: value });
  });

  it("does not turn an attribute type into a boolean as YAML 1.1 would", () => {
    expect(parseTemplate("N: 1\nAttributeType: N")).toEqual({ N: 1, AttributeType: "N" });
  });
});

describe("anchors", () => {
  it("are expanded, also with tags inside", () => {
    expect(parseTemplate("A: &a { Q: !Ref Queue }\nB: *a")).toEqual({
      A: { Q: { Ref: "Queue" } },
      B: { Q: { Ref: "Queue" } },
    });
  });

  it("are merged below the mapping's own keys", () => {
    const template = parseTemplate("A: &a { x: 1, y: 2 }\nC: &c { y: 3, z: 4 }\nB:\n  <<: [*a, *c]\n  x: 9");
    expect(template["B"]).toEqual({ x: 9, y: 2, z: 4 });
  });

  it("cannot be used to blow up the template", () => {
    const lines = ["A0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let n = 1; n < 9; n++)
      lines.push(
        `A${n}: &a${n} [${Array<string>(10)
          .fill(`*a${n - 1}`)
          .join(", ")}]`,
      );
    expect(() => parseTemplate(lines.join("\n"))).toThrow("expand too far");
  });
});

describe("broken templates", () => {
  it("with a key given twice are refused with its line", () => {
    expect(() => parseTemplate("Resources:\n  Queue:\n    Type: A\n  Queue:\n    Type: B\n")).toThrow(
      'Template format error: YAML not well-formed. (line 4, column 3): the key "Queue" is given twice',
    );
  });

  it("with a key given twice are refused in JSON too", () => {
    expect(() => parseTemplate('{\n\t"Resources": {},\n\t"Resources": {}\n}')).toThrow(
      'Template format error: JSON not well-formed. (line 3, column 2): the key "Resources" is given twice',
    );
  });

  it("with broken syntax are refused with the place", () => {
    expect(() => parseTemplate("A: [1, 2\nB: 3")).toThrow(
      /^Template format error: YAML not well-formed\. \(line \d+, column \d+\)/,
    );
  });

  it.each(["", "just text", "- a\n- b"])("%j is no template", (text) => {
    expect(() => parseTemplate(text)).toThrow("Template format error: unsupported structure.");
  });
});

it("reads JSON with escapes and tabs", () => {
  expect(parseTemplate('{\n\t"A": "x\\u0041\\n",\n\t"B": [1, true, null, 1.5]\n}')).toEqual({
    A: "xA\n",
    B: [1, true, null, 1.5],
  });
});
