import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TemplateError } from "../template-error.ts";
import type { Fields, Value } from "../value.ts";
import { parseTemplate } from "../yaml/parse-template.ts";
import { conditionLookup } from "./conditions.ts";
import { evaluate } from "./evaluate.ts";
import type { Scope } from "./scope.ts";
import { formatSub, parseSub } from "./sub-text.ts";

const PARAMETERS: Readonly<Record<string, Value>> = {
  Stage: "prod",
  Zones: ["a", "b", "c"],
  "AWS::Region": "eu-north-1",
  "AWS::StackName": "shop",
};
const ATTRIBUTES: Readonly<Record<string, Value>> = {
  "Queue.Arn": "arn:queue",
  "Database.Endpoint.Address": "db.local",
  "Queue.Names": ["x", "y"],
};

function scopeWith(conditions: Fields = {}, mappings: Fields = {}): Scope {
  const scope: Scope = {
    parameter: (name) => PARAMETERS[name],
    resourceId: (logicalId) => (logicalId === "Queue" ? "queue-1" : undefined),
    attribute: (logicalId, attribute) => ATTRIBUTES[`${logicalId}.${attribute}`],
    importValue: (name) => `imported-${name}`,
    condition: conditionLookup(conditions, () => scope, evaluate),
    mappings,
    region: "eu-north-1",
  };
  return scope;
}

const PATH = "Resources.R.Properties.P";
const run = (text: string, conditions: Fields = {}, mappings: Fields = {}): Value =>
  evaluate(parseTemplate(`V: ${text}`)["V"] ?? null, scopeWith(conditions, mappings), PATH);

describe("functions", () => {
  it.each<[string, Value]>([
    ["!Ref Stage", "prod"],
    ["!Ref Zones", ["a", "b", "c"]],
    ["!Ref Queue", "queue-1"],
    ["!GetAtt Queue.Arn", "arn:queue"],
    ["{ Fn::GetAtt: [Database, Endpoint.Address] }", "db.local"],
    ["{ Fn::GetAtt: [Database, Endpoint, Address] }", "db.local"],
    ["!Sub 'a-${Stage}-${Queue}-${Queue.Arn}-${AWS::Region}'", "a-prod-queue-1-arn:queue-eu-north-1"],
    ["!Sub ['${x}/${Stage}', { x: !Join ['-', !Ref Zones] }]", "a-b-c/prod"],
    ["!Sub '${!Stage} is ${Stage}'", "${Stage} is prod"],
    ["!Sub '$Stage $${Stage} {Stage} ${'", "$Stage $prod {Stage} ${"],
    ["!Join [':', [a, 1, true, !Ref Stage]]", "a:1:true:prod"],
    ["!Join ['', []]", ""],
    ["!Split [',', 'a,b,,c']", ["a", "b", "", "c"]],
    ["!Select [1, !Ref Zones]", "b"],
    ["!Select ['2', [a, b, !Ref Stage]]", "prod"],
    ["!Base64 häl", "aMOkbA=="],
    ["!GetAZs ''", ["eu-north-1a", "eu-north-1b", "eu-north-1c"]],
    ["!GetAZs us-east-1", ["us-east-1a", "us-east-1b", "us-east-1c"]],
    ["!Cidr [10.0.5.7/16, 3, 8]", ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]],
    ["!Cidr [192.168.0.0/24, 2, 4]", ["192.168.0.0/28", "192.168.0.16/28"]],
    ["!ImportValue x", "imported-x"],
    ["!ImportValue { Fn::Sub: '${Stage}-x' }", "imported-prod-x"],
    ["!Length [1, 2, !Ref Stage]", 3],
    ["!Length { Ref: Zones }", 3],
    ["!ToJsonString { a: !Ref Stage, b: [1] }", '{"a":"prod","b":[1]}'],
    ["{ plain: [1, { deep: !Ref Stage }] }", { plain: [1, { deep: "prod" }] }],
    ["{ Condition: { StringEquals: { a: !Ref Stage } } }", { Condition: { StringEquals: { a: "prod" } } }],
    ["{ Condition: IsProd }", { Condition: "IsProd" }],
  ])("%s is %j", (text, value) => {
    expect(run(text)).toEqual(value);
  });

  it.each([
    [
      "!Ref Nobody",
      "Template format error: Unresolved resource dependencies [Nobody] in the Resources block of the template",
    ],
    ["!Ref [a]", "Template error: every Ref object must have a single String value."],
    ["!GetAtt Queue", "Template error: every Fn::GetAtt object requires two non-empty parameters"],
    ["!GetAtt Nobody.Arn", "Unresolved resource dependencies [Nobody]"],
    ["!Sub '${a-b}'", "Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters"],
    ["!Sub '${}'", "Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters"],
    ["!Sub '${Zones}'", "Template error: variable Zones in Fn::Sub expression does not resolve to a string"],
    ["!Sub [a]", "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments."],
    ["!Join [a]", "Template error: every Fn::Join object requires two parameters, (1) a string delimiter"],
    ["!Join [',', [[a]]]", "Template error: every Fn::Join object requires two parameters, (1) a string delimiter"],
    ["!Split ['', x]", "Template error: every Fn::Split object requires two parameters"],
    ["!Select [3, !Ref Zones]", "Template error: Fn::Select cannot select nonexistent value at index 3"],
    ["!Select [-1, !Ref Zones]", "Template error: Fn::Select requires a list argument with a valid index value"],
    ["!Base64 [a]", "Template error: every Fn::Base64 object must have a String-typed value."],
    ["!Cidr [10.0.0.0/24, 2, 8]", "cannot take 2 blocks of 256 addresses from 10.0.0.0/24"],
    ["!Cidr ['::/8', 2, 8]", "only IPv4 is supported"],
    ["!Length x", "Template error: Fn::Length object requires a list"],
    ["!If [A, 1]", "Template error: Fn::If requires a list argument with three parameters"],
    [
      "!If [Missing, 1, 2]",
      "Template format error: Unresolved condition dependency Missing in the Resources block of the template",
    ],
    ["{ Fn::Unheard: 1 }", "Template error: Fn::Unheard is not supported here"],
    ["!Equals [a, b]", "Template error: Fn::Equals is not supported here"],
  ])("%s is refused: %s", (text, message) => {
    expect(() => run(text)).toThrow(message);
  });

  it("name the place of a fault", () => {
    expect(() => run("{ a: [x, { b: !Ref Nobody }] }")).toThrow(
      expect.objectContaining({ path: "Resources.R.Properties.P.a.1.b", name: "ValidationError" }),
    );
  });
});

describe("Fn::FindInMap", () => {
  const mappings: Fields = { Sizes: { prod: { Memory: 1024, Zones: ["a", "b"] } } };

  it.each<[string, Value]>([
    ["!FindInMap [Sizes, !Ref Stage, Memory]", 1024],
    ["!FindInMap [Sizes, prod, Zones]", ["a", "b"]],
    ["!FindInMap [Sizes, dev, Memory, { DefaultValue: !Ref Stage }]", "prod"],
    ["!FindInMap [None, dev, Memory, { DefaultValue: 1 }]", 1],
  ])("%s is %j", (text, value) => {
    expect(run(text, {}, mappings)).toEqual(value);
  });

  it.each([
    ["!FindInMap [Sizes, dev, Memory]", "Template error: Unable to get mapping for Sizes::dev::Memory"],
    [
      "!FindInMap [None, dev, Memory]",
      "Template error: Mapping named 'None' is not present in the 'Mappings' section of template",
    ],
    ["!FindInMap [Sizes, dev]", "Template error: every Fn::FindInMap object requires three parameters"],
  ])("%s is refused: %s", (text, message) => {
    expect(() => run(text, {}, mappings)).toThrow(message);
  });
});

describe("conditions", () => {
  const conditions = parseTemplate(`
IsProd: !Equals [!Ref Stage, prod]
IsDev: !Not [!Condition IsProd]
Both: !And [!Condition IsProd, !Equals [1, "1"]]
Either: !Or [!Condition IsDev, !Condition IsProd]
SameList: !Equals [!Ref Zones, [a, b, c]]
Circle: !Not [!Condition Circle]
One: !And [!Condition IsProd]
NotBoolean: !Ref Stage`);

  it.each([
    ["IsProd", "holds"],
    ["IsDev", "fails"],
    ["Both", "holds"],
    ["Either", "holds"],
    ["SameList", "holds"],
  ])("%s %s", (name, value) => {
    expect(run(`!If [${name}, holds, fails]`, conditions)).toBe(value);
  });

  it.each([
    ["Circle", "Template error: Circular dependency between conditions: [Circle]"],
    ["One", "Template error: every Fn::And object requires a list of at least 2 and at most 10 boolean parameters."],
    ["NotBoolean", "Conditions can only be boolean operations on parameters and other conditions"],
  ])("%s is refused: %s", (name, message) => {
    expect(() => run(`!If [${name}, 1, 2]`, conditions)).toThrow(message);
  });

  it("do not look into the branch that is not taken", () => {
    expect(run("!If [IsProd, 1, !Ref Nobody]", conditions)).toBe(1);
  });

  it("leave out members and items that are AWS::NoValue", () => {
    expect(
      run(
        "{ a: !If [IsDev, 1, !Ref AWS::NoValue], b: [1, !Ref AWS::NoValue, !If [IsProd, !Ref AWS::NoValue, 2]] }",
        conditions,
      ),
    ).toEqual({ b: [1] });
  });

  it("may be nested", () => {
    expect(run("!If [IsDev, 1, !If [IsProd, 2, 3]]", conditions)).toBe(2);
  });
});

describe("the text of Fn::Sub", () => {
  const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,8}$/);
  const literal = fc.string().filter((text) => !text.includes("${"));

  it("puts in exactly the values of its variables", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(literal, name, fc.string())), literal, (pieces, end) => {
        const values = Object.fromEntries(pieces.map(([, variable, value]) => [variable, value]));
        // A dollar sign before a variable is a dollar sign.
        const text = pieces.map(([before, variable]) => `${before}\${${variable}}`).join("") + end;
        const expected = pieces.map(([before, variable]) => `${before}${values[variable]}`).join("") + end;
        expect(evaluate({ "Fn::Sub": [text, values] }, scopeWith(), PATH)).toBe(expected);
      }),
    );
  });

  it("keeps literals whatever they hold", () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes("}")),
        (text) => {
          expect(evaluate({ "Fn::Sub": `\${!${text}}` }, scopeWith(), PATH)).toBe(`\${${text}}`);
        },
      ),
    );
  });

  it("is the same after reading and writing", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            name.map((variable) => ({ variable })),
            literal.map((text) => ({ text })),
          ),
        ),
        (parts) => {
          const text = formatSub(parts);
          expect(formatSub(parseSub(text, ""))).toBe(text);
        },
      ),
    );
  });

  it("is refused or evaluated, never anything else", () => {
    const outcome = (text: string): string => {
      try {
        return typeof evaluate({ "Fn::Sub": text }, scopeWith(), PATH);
      } catch (error) {
        return error instanceof TemplateError ? "refused" : String(error);
      }
    };
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(["string", "refused"]).toContain(outcome(text));
      }),
    );
  });
});

describe("Fn::Join and Fn::Split", () => {
  it("undo each other", () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]*$/), { minLength: 1 }),
        fc.constantFrom(",", "::", " - "),
        (items, delimiter) => {
          const joined: Value = { "Fn::Join": [delimiter, items] };
          expect(evaluate({ "Fn::Split": [delimiter, joined] }, scopeWith(), PATH)).toEqual(items);
        },
      ),
    );
  });
});
