import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { execute, only } from "../execute-for-test.ts";
import type { Json } from "../json.ts";
import { Scope } from "../scope.ts";
import { compilePath } from "./path.ts";
import { compileReferencePath } from "./reference-path.ts";
import { PathSyntaxError } from "./tokens.ts";

const find = (path: string, data: Json, variables = {}): Json | undefined =>
  compilePath(path).find({ data, context: { Execution: { Name: "one" } }, variables: new Scope(undefined, variables) });

const store = {
  books: [
    { title: "A", price: 8, tags: ["x", "y"] },
    { title: "B", price: 12, isbn: "1" },
    { title: "C", price: 20, isbn: "2", "a b": { c: 1 } },
  ],
  owner: { name: "Ida", "first.name": "I" },
};

describe("a path", () => {
  it.each<[string, unknown]>([
    ["$", store],
    ["$.owner.name", "Ida"],
    ["$['owner']['first.name']", "I"],
    ['$["owner"].name', "Ida"],
    ["$.books[0].title", "A"],
    ["$.books[-1].title", "C"],
    ["$.books[2]['a b'].c", 1],
    ["$.books[*].title", ["A", "B", "C"]],
    ["$.books[0,2].title", ["A", "C"]],
    ["$.books[1:].title", ["B", "C"]],
    ["$.books[:2].title", ["A", "B"]],
    ["$.books[-2:].title", ["B", "C"]],
    ["$.books[0:3:2].title", ["A", "C"]],
    ["$..title", ["A", "B", "C"]],
    ["$.books..tags[0]", ["x"]],
    ["$.books[?(@.price < 10)].title", ["A"]],
    ["$.books[?(@.isbn)].title", ["B", "C"]],
    ["$.books[?(!@.isbn)].title", ["A"]],
    ["$.books[?(@.price > 10 && @.isbn == '2')].title", ["C"]],
    ["$.books[?(@.price < 10 || (@.title == 'C'))].title", ["A", "C"]],
    ["$.books[?(@.title =~ /[ab]/i)].title", ["A", "B"]],
    ["$.books[?(@.title in ['A', 'C'])].title", ["A", "C"]],
    ["$.books[?(@.title == 'none')]", []],
    ["$.books.length()", 3],
    ["$.owner[*]", ["Ida", "I"]],
    ["$.missing", undefined],
    ["$.owner.name.first", undefined],
    ["$.books[9]", undefined],
    ["$.constructor", undefined],
    ["$.missing[*]", []],
    ["$$.Execution.Name", "one"],
    ["$$.Execution.Nothing", undefined],
  ])("%s finds %j", (path, expected) => {
    expect(find(path, store)).toEqual(expected);
  });

  it("reads variables", () => {
    expect(find("$order.lines[0]", {}, { order: { lines: [7] } })).toBe(7);
    expect(find("$nothing", { nothing: 1 })).toBeUndefined();
  });

  it.each(["", "a", "$.", "$[", "$['a", "$.a b", "$[?(@.a ==)]", "$.a.min()", "$[a]", "$[1:2:-1]"])(
    "%j is refused",
    (path) => {
      expect(() => compilePath(path)).toThrow(PathSyntaxError);
    },
  );

  it("finds any member by its name in quotes", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.jsonValue(), (name, value) => {
        const data = Object.fromEntries([[name, JSON.parse(JSON.stringify(value))]]);
        const quoted = name.replaceAll("\\", "\\\\").replaceAll("'", "\\'");
        expect(find(`$['${quoted}']`, data)).toEqual(data[name]);
      }),
    );
  });

  it("finds nothing and breaks nothing in any data", () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom("$.a.b", "$[0]", "$..a", "$.*", "$[1:]", "$[?(@.a > 1)]", "$.length()"),
        (value, path) => {
          expect(() => find(path, JSON.parse(JSON.stringify(value)))).not.toThrow();
        },
      ),
    );
  });
});

describe("a reference path", () => {
  it.each<[string, Json, Json]>([
    ["$", { a: 1 }, "new"],
    ["$.b", { a: 1 }, { a: 1, b: "new" }],
    ["$.a", { a: 1 }, { a: "new" }],
    ["$.b.c.d", {}, { b: { c: { d: "new" } } }],
    ["$['x y'].z", { "x y": { k: 1 } }, { "x y": { k: 1, z: "new" } }],
    ["$.list[1]", { list: [1, 2, 3] }, { list: [1, "new", 3] }],
    ["$.list[0].a", { list: [{ b: 1 }] }, { list: [{ b: 1, a: "new" }] }],
  ])("%s puts a value into %j", (path, target, expected) => {
    const before = structuredClone(target);
    expect(compileReferencePath(path)(target, "new")).toEqual(expected);
    expect(target).toEqual(before);
  });

  it.each<[string, Json]>([
    ["$.a.b", { a: 5 }],
    ["$.a", "text"],
    ["$.a", [1]],
    ["$.list[3]", { list: [1] }],
    ["$.list[0]", { list: { 0: 1 } }],
  ])("%s cannot be put into %j", (path, target) => {
    expect(() => compileReferencePath(path)(target, 1)).toThrow(
      expect.objectContaining({ error: "States.ResultPathMatchFailure" }),
    );
  });

  it.each(["$.a[*]", "$..a", "$.a[-1]", "$.a[0,1]", "$[?(@.a)]", "$$.a", "$variable"])("%s is refused", (path) => {
    expect(() => compileReferencePath(path)).toThrow(PathSyntaxError);
  });

  it("gives back what was put in, and leaves the rest", () => {
    const name = fc.stringMatching(/^[a-z]{1,3}$/);
    fc.assert(
      fc.property(
        fc.array(name, { minLength: 1, maxLength: 4 }),
        fc.jsonValue(),
        fc.dictionary(name, fc.jsonValue()),
        (names, value, beside) => {
          const target: Json = JSON.parse(JSON.stringify({ ...beside, [names[0] ?? ""]: {} }));
          const path = `$.${names.join(".")}`;
          const result = compileReferencePath(path)(target, JSON.parse(JSON.stringify(value)));
          expect(find(path, result)).toEqual(JSON.parse(JSON.stringify(value)));
          const others = Object.keys(beside).filter((other) => other !== names[0]);
          expect(others.map((other) => find(`$.${other}`, result))).toEqual(
            others.map((other) => find(`$.${other}`, target)),
          );
        },
      ),
    );
  });

  it("treats __proto__ as any other name", () => {
    const result = compileReferencePath("$.__proto__.polluted")({}, true);
    expect(JSON.stringify(result)).toBe('{"__proto__":{"polluted":true}}');
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

describe("the data flow of a JSONPath state", () => {
  it("goes through InputPath, Parameters, ResultSelector, ResultPath and OutputPath", async () => {
    const state = {
      Type: "Task",
      Resource: "work",
      InputPath: "$.in",
      Parameters: { "given.$": "$.a", fixed: 1 },
      ResultSelector: { "kept.$": "$.given" },
      ResultPath: "$.result",
      OutputPath: "$.result",
    };
    const { output } = await execute(only(state), { in: { a: 42 }, other: 1 });
    expect(output).toEqual({ kept: 42 });
  });

  it("combines the result with the raw input, not with what InputPath chose", async () => {
    expect(
      (await execute(only({ Type: "Pass", InputPath: "$.in", ResultPath: "$.r" }), { in: 1, keep: 2 })).output,
    ).toEqual({ in: 1, keep: 2, r: 1 });
  });

  it("takes null as nothing: no input, no result, no output", async () => {
    expect((await execute(only({ Type: "Pass", InputPath: null }), { a: 1 })).output).toEqual({});
    expect((await execute(only({ Type: "Pass", Result: 5, ResultPath: null }), { a: 1 })).output).toEqual({ a: 1 });
    expect((await execute(only({ Type: "Pass", OutputPath: null }), { a: 1 })).output).toEqual({});
  });

  it("leaves strings alone whose member has no .$", async () => {
    expect(
      (
        await execute(only({ Type: "Pass", Parameters: { a: "$.x", "b.$": "$.x", list: [{ "c.$": "$.x" }, "$.x"] } }), {
          x: 1,
        })
      ).output,
    ).toEqual({
      a: "$.x",
      b: 1,
      list: [{ c: 1 }, "$.x"],
    });
  });

  it("names field, path and input when a path of Parameters leads nowhere", async () => {
    const { failure } = await execute(only({ Type: "Pass", Parameters: { "a.$": "$.no" } }), { x: 1 });
    expect(failure).toMatchObject({
      error: "States.Runtime",
      reason:
        "An error occurred while executing the state 'Only' (entered at the event id #2). The JSONPath '$.no' specified for the field 'a.$' could not be found in the input '{\"x\":1}'",
    });
  });

  it("fails when InputPath or OutputPath leads nowhere", async () => {
    for (const field of ["InputPath", "OutputPath"]) {
      const { failure } = await execute(only({ Type: "Pass", [field]: "$.no.such" }), {});
      expect(failure?.reason).toContain("Invalid path '$.no.such' : No results for path: $['no']['such']");
    }
  });
});
