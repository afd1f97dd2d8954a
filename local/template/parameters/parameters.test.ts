import { describe, expect, it } from "vitest";
import { isFields, type Fields } from "../value.ts";
import { parseTemplate } from "../yaml/parse-template.ts";
import { resolveParameters } from "./parameters.ts";

const definitions = (text: string): Record<string, Fields> =>
  Object.fromEntries(
    Object.entries(parseTemplate(text)).flatMap(([name, value]) => (isFields(value) ? [[name, value]] : [])),
  );
const stored = (name: string) => Promise.resolve(name === "/list" ? "a, b" : name === "/text" ? "hello" : undefined);
const resolve = (text: string, given: Readonly<Record<string, string>> = {}) =>
  resolveParameters(definitions(text), given, stored);

describe("values", () => {
  it.each([
    ["P: { Type: String, Default: x }", {}, "x"],
    ["P: { Type: String, Default: x }", { P: "y" }, "y"],
    ["P: { Type: String, Default: '' }", {}, ""],
    ["P: { Type: Number, Default: 5 }", {}, "5"],
    ["P: { Type: CommaDelimitedList, Default: 'a, b,c' }", {}, ["a", "b", "c"]],
    ["P: { Type: CommaDelimitedList, Default: '' }", {}, []],
    ["P: { Type: List<Number>, Default: '1,2' }", {}, ["1", "2"]],
    ["P: { Type: 'List<AWS::EC2::Subnet::Id>', Default: 'subnet-1,subnet-2' }", {}, ["subnet-1", "subnet-2"]],
    ["P: { Type: AWS::SSM::Parameter::Name, Default: /text }", {}, "/text"],
    ["P: { Type: AWS::SSM::Parameter::Value<String>, Default: /text }", {}, "hello"],
    ["P: { Type: AWS::SSM::Parameter::Value<List<String>>, Default: /list }", {}, ["a", "b"]],
    ["P: { Type: String, AllowedPattern: '[a-z]+', Default: abc, MinLength: 3, MaxLength: 3 }", {}, "abc"],
    ["P: { Type: Number, MinValue: 1, MaxValue: 2, Default: 1.5 }", {}, "1.5"],
    ["P: { Type: CommaDelimitedList, AllowedValues: [a, b], Default: 'a,b' }", {}, ["a", "b"]],
  ])("%s with %j is %j", async (text, given, value) => {
    expect((await resolve(text, given as Record<string, string>))["P"]?.value).toEqual(value);
  });

  it("of SSM types are shown by name and with what is behind it", async () => {
    expect((await resolve("P: { Type: AWS::SSM::Parameter::Value<String>, Default: /text }"))["P"]).toMatchObject({
      text: "/text",
      resolved: "hello",
    });
  });

  it("with NoEcho are marked", async () => {
    expect((await resolve("P: { Type: String, Default: x, NoEcho: true }"))["P"]?.noEcho).toBe(true);
  });
});

describe("refusals", () => {
  it.each([
    ["P: { Type: String }\nQ: { Type: String }", {}, "Parameters: [P, Q] must have values"],
    ["P: { Type: String, Default: x }", { R: "1" }, "Parameters: [R] do not exist in the template"],
    ["P: { Type: String, AllowedValues: [a, b], Default: c }", {}, "Parameter 'P' must be one of AllowedValues"],
    [
      "P: { Type: CommaDelimitedList, AllowedValues: [a, b], Default: 'a,c' }",
      {},
      "Parameter 'P' must be one of AllowedValues",
    ],
    ["P: { Type: String, AllowedPattern: '[a-z]+', Default: abc1 }", {}, "Parameter 'P' must match pattern [a-z]+"],
    [
      "P: { Type: String, AllowedPattern: '[a-z]+', ConstraintDescription: only letters, Default: '1' }",
      {},
      "Parameter P failed to satisfy constraint: only letters",
    ],
    ["P: { Type: String, MinLength: 3, Default: ab }", {}, "Parameter 'P' must contain at least 3 characters"],
    ["P: { Type: String, MaxLength: 3, Default: abcd }", {}, "Parameter 'P' must contain at most 3 characters"],
    ["P: { Type: Number, Default: x }", {}, "Parameter 'P' must be a number"],
    ["P: { Type: Number, Default: '' }", {}, "Parameter 'P' must be a number"],
    ["P: { Type: Number, MinValue: 5, Default: 4 }", {}, "Parameter 'P' must be a number not less than 5"],
    ["P: { Type: Number, MaxValue: 5, Default: 6 }", {}, "Parameter 'P' must be a number not greater than 5"],
    ["P: { Type: Text, Default: x }", {}, "Template format error: Unrecognized parameter type: Text"],
    ["P: { Default: x }", {}, "Every Parameters object must contain a Type member."],
    ["P: { Type: String, Defualt: x, Default: x }", {}, "Invalid template parameter property 'Defualt'"],
    ["P: { Type: String, Default: !Ref Q }", {}, "Every Default member must be a string."],
    [
      "P: { Type: AWS::SSM::Parameter::Value<String>, Default: /none }",
      {},
      "Unable to fetch parameters [/none] from parameter store for this account.",
    ],
  ])("%s with %j: %s", async (text, given, message) => {
    await expect(resolve(text, given as Record<string, string>)).rejects.toThrow(message);
  });

  it("name the parameter", async () => {
    await expect(resolve("P: { Type: Number, Default: x }")).rejects.toMatchObject({ path: "Parameters.P" });
  });
});
