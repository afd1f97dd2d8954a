import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StatesFailure } from "../failure.ts";
import type { Json, JsonObject } from "../json.ts";
import { PathSyntaxError } from "../jsonpath/tokens.ts";
import { Scope } from "../scope.ts";
import { compileIntrinsic } from "./call.ts";

const random = { uuid: () => "u-1", random: () => 0.5 };
const call = (text: string, data: Json = {}, context: JsonObject = {}): Json =>
  compileIntrinsic(text)(
    { data, context, variables: new Scope(undefined, { v: 9 }) },
    random,
    (reason) => new StatesFailure("States.IntrinsicFailure", reason),
  );

const data = {
  name: "Ida",
  n: 3,
  list: [1, 2, 2, 3],
  nested: [[1], { a: 1 }],
  o: { a: 1, b: 2 },
  p: { b: 3 },
  text: '{"k":[1,2]}',
};

describe("an intrinsic function", () => {
  it.each<[string, Json]>([
    ["States.Format('Hello {}, {} of {}', $.name, $.n, 7)", "Hello Ida, 3 of 7"],
    ["States.Format('\\{\\} {}', $.name)", "{} Ida"],
    ["States.Format('it\\'s {}', true)", "it's true"],
    ["States.Format('{}', null)", "null"],
    ["States.Format('{}', $.o)", '{"a":1,"b":2}'],
    ["States.Format($.name)", "Ida"],
    ["States.StringToJson($.text)", { k: [1, 2] }],
    ["States.JsonToString($.o)", '{"a":1,"b":2}'],
    ["States.Array()", []],
    ["States.Array('a', 1, null, $.list)", ["a", 1, null, [1, 2, 2, 3]]],
    ["States.ArrayPartition($.list, 3)", [[1, 2, 2], [3]]],
    ["States.ArrayContains($.list, 2)", true],
    ["States.ArrayContains($.nested, $.nested[1])", true],
    ["States.ArrayContains($.list, '2')", false],
    ["States.ArrayRange(1, 9, 2)", [1, 3, 5, 7, 9]],
    ["States.ArrayRange(5, 1, -2)", [5, 3, 1]],
    ["States.ArrayRange(1, 0, 1)", []],
    ["States.ArrayGetItem($.list, 3)", 3],
    ["States.ArrayLength($.list)", 4],
    ["States.ArrayUnique($.list)", [1, 2, 3]],
    ["States.Base64Encode('Data to encode')", "RGF0YSB0byBlbmNvZGU="],
    ["States.Base64Decode('RGF0YSB0byBlbmNvZGU=')", "Data to encode"],
    ["States.Hash('input data', 'SHA-1')", "aaff4a450a104cd177d28d18d74485e8cae074b7"],
    ["States.JsonMerge($.o, $.p, false)", { a: 1, b: 3 }],
    ["States.MathRandom(1, 11)", 6],
    ["States.MathAdd(111, -1)", 110],
    ["States.MathAdd($.n, 1.5)", 5],
    ["States.StringSplit('1,2,,3;4', ',;')", ["1", "2", "3", "4"]],
    ["States.UUID()", "u-1"],
    ["States.MathAdd($v, 1)", 10],
    ["States.Format('{}', $$.Execution.Name)", "one"],
    ["States.ArrayLength( States.StringSplit( States.Format('{}.{}', 'a', 'b') , '.' ) )", 2],
  ])("%s is %j", (text, expected) => {
    expect(call(text, data, { Execution: { Name: "one" } })).toEqual(expected);
  });

  it.each([
    "States.Format('{} {}', 1)",
    "States.Format('{}', 1, 2)",
    "States.StringToJson('{')",
    "States.ArrayPartition($.list, 0)",
    "States.ArrayRange(1, 10, 0)",
    "States.ArrayRange(1, 5000, 1)",
    "States.ArrayGetItem($.list, 4)",
    "States.ArrayLength($.name)",
    "States.Base64Decode('***')",
    "States.Hash('x', 'SHA-3')",
    "States.JsonMerge($.o, $.p, true)",
    "States.JsonMerge($.o, $.list, false)",
    "States.MathRandom(5, 5)",
    "States.MathAdd('1', 1)",
    "States.Format('{}', $.missing)",
  ])("%s fails with States.IntrinsicFailure", (text) => {
    expect(() => call(text, data)).toThrow(expect.objectContaining({ error: "States.IntrinsicFailure" }));
  });

  it.each([
    "States.Nope()",
    "States.Format('a'",
    "States.Format(a)",
    "States.Format('a') x",
    "States.UUID(1)",
    "States.Hash('a')",
    "States.toString()",
    `${"States.Array(".repeat(11)}${")".repeat(11)}`,
  ])("%s is refused when it is compiled", (text) => {
    expect(() => compileIntrinsic(text)).toThrow(PathSyntaxError);
  });

  it("leaves backslashes of the data alone", () => {
    expect(call("States.JsonToString($.t)", { t: "\\{x\\}" })).toBe('"\\\\{x\\\\}"');
    expect(call("States.StringSplit($.t, ',')", { t: "\\{a,b" })).toEqual(["\\{a", "b"]);
  });
});

describe("for any value", () => {
  const json = fc.jsonValue().map((value): Json => JSON.parse(JSON.stringify(value)));

  it("JsonToString and StringToJson undo each other", () => {
    fc.assert(
      fc.property(json, (v) => {
        expect(call("States.StringToJson(States.JsonToString($.v))", { v })).toEqual(v);
      }),
    );
  });

  it("Base64Encode and Base64Decode undo each other", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 1000 }), (v) => {
        expect(call("States.Base64Decode(States.Base64Encode($.v))", { v })).toBe(v);
      }),
    );
  });

  it("Hash is the digest of the UTF-8 text", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom(["MD5", "md5"], ["SHA-256", "sha256"], ["SHA-384", "sha384"], ["SHA-512", "sha512"]),
        (v, [name = "", known = ""]) => {
          expect(call(`States.Hash($.v, '${name}')`, { v })).toBe(createHash(known).update(v).digest("hex"));
        },
      ),
    );
  });

  it("ArrayPartition keeps all items in order, in chunks of the size", () => {
    fc.assert(
      fc.property(fc.array(json), fc.integer({ min: 1, max: 10 }), (v, n) => {
        const chunks = call("States.ArrayPartition($.v, $.n)", { v, n }) as Json[][];
        expect(chunks.flat(1)).toEqual(v);
        expect(chunks.slice(0, -1).every((chunk) => chunk.length === n)).toBe(true);
      }),
    );
  });

  it("MathRandom lies within its bounds and follows its seed", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1000, max: 1000 }),
        fc.integer({ min: 1, max: 1000 }),
        fc.integer(),
        (start, width, seed) => {
          const draw = (): Json => call("States.MathRandom($.a, $.b, $.s)", { a: start, b: start + width, s: seed });
          const value = draw();
          expect(value).toBeGreaterThanOrEqual(start);
          expect(value).toBeLessThan(start + width);
          expect(draw()).toBe(value);
        },
      ),
    );
  });
});
