import fc from "fast-check";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { describeRule, END, readDefinition, START } from "./definition.ts";
import { draw, type DrawnState, type Drawing } from "./layout.ts";

const drawingOf = (definition: unknown): Drawing => draw(readDefinition(JSON.stringify(definition)));
const stateOf = (drawing: Drawing, id: string): DrawnState => {
  const found = drawing.states.find((state) => state.id === id);
  if (!found) throw new Error(`${id} is not drawn`);
  return found;
};
const overlaps = (a: DrawnState, b: DrawnState): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const holds = (outer: DrawnState, inner: DrawnState): boolean =>
  outer.x <= inner.x &&
  outer.y <= inner.y &&
  outer.x + outer.width >= inner.x + inner.width &&
  outer.y + outer.height >= inner.y + inner.height;
const numbersOf = (path: string): number[] => (path.match(/-?\d+(\.\d+)?/g) ?? []).map(Number);

/** What is wrong with a drawing: states over each other that do not hold each other, beyond the picture, lines that join nothing. */
function faultsOf({ states, steps, width, height }: Drawing): string[] {
  const pairs = states.flatMap((a, i) => states.slice(i + 1).map((b) => [a, b] as const));
  const stateOf = new Map(states.map((state) => [state.id, state]));
  return [
    ...states
      .filter((state) => state.x < 0 || state.x + state.width > width + 0.1 || state.y + state.height > height + 0.1)
      .map(({ id }) => `${id} is beyond the picture`),
    ...pairs
      .filter(([a, b]) => overlaps(a, b) && !(holds(a, b) && a.depth < b.depth))
      .map(([a, b]) => `${a.id} lies over ${b.id}`),
    ...steps.flatMap(({ from, to, path }) => {
      const numbers = numbersOf(path);
      return [
        ...(/^M[-\d. ]+([LC][-\d. ]+)+$/.test(path) ? [] : [`${path} is no path`]),
        ...(touches(stateOf.get(from), numbers.slice(0, 2)) ? [] : [`${path} does not begin at ${from}`]),
        ...(touches(stateOf.get(to), numbers.slice(-2)) ? [] : [`${path} does not end at ${to}`]),
      ];
    }),
  ];
}

const touches = (state: DrawnState | undefined, [x = 0, y = 0]: readonly number[]): boolean =>
  state !== undefined &&
  x >= state.x - 0.2 &&
  x <= state.x + state.width + 0.2 &&
  (Math.abs(y - state.y) < 0.2 || Math.abs(y - state.y - state.height) < 0.2);

const pass = (next?: string) => ({ Type: "Pass", ...(next === undefined ? { End: true } : { Next: next }) });

describe("a chain of states", () => {
  it("goes straight down from the start to the end", () => {
    const drawing = drawingOf({ StartAt: "A", States: { A: pass("B"), B: pass() } });
    expect(drawing.states.map(({ id }) => id)).toEqual([START, "A", "B", END]);
    const middles = drawing.states.map(({ x, width }) => x + width / 2);
    expect(new Set(middles.map(Math.round)).size).toBe(1);
    const tops = drawing.states.map(({ y }) => y);
    expect([...tops].sort((a, b) => a - b)).toEqual(tops);
    for (const { path } of drawing.steps) expect(path).toMatch(/^M\S+ \S+L\S+ \S+$/);
    expect(faultsOf(drawing)).toEqual([]);
  });
});

describe("branches", () => {
  const choice = {
    StartAt: "Which?",
    States: {
      "Which?": {
        Type: "Choice",
        Choices: [
          { Variable: "$.kind", StringEquals: "a", Next: "A" },
          { Variable: "$.kind", StringEquals: "b", Next: "B" },
          { Variable: "$.kind", StringEquals: "c", Next: "B" },
        ],
        Default: "C",
      },
      A: pass(),
      B: pass(),
      C: pass("A"),
    },
  };

  it("of a Choice are labelled, two rules that lead to the same state as one line", () => {
    const drawing = drawingOf(choice);
    expect(faultsOf(drawing)).toEqual([]);
    const labels = drawing.steps
      .filter(({ from }) => from === "Which?")
      .map(({ to, kind, label }) => [to, kind, label]);
    expect(labels).toEqual([
      ["A", "choice", "kind = a"],
      ["B", "choice", "kind = b · kind = c"],
      ["C", "default", "otherwise"],
    ]);
  });

  it("that lead back are drawn upwards", () => {
    const drawing = drawingOf({
      StartAt: "Ask",
      States: {
        Ask: pass("Ready?"),
        "Ready?": { Type: "Choice", Choices: [{ Condition: "{% $ready %}", Next: "Done" }], Default: "Rest" },
        Rest: { Type: "Wait", Seconds: 5, Next: "Ask" },
        Done: { Type: "Succeed" },
      },
    });
    expect(faultsOf(drawing)).toEqual([]);
    const [ask, rest] = [stateOf(drawing, "Ask"), stateOf(drawing, "Rest")];
    expect(ask.y).toBeLessThan(rest.y);
    const back = drawing.steps.find(({ from }) => from === "Rest");
    expect(numbersOf(back?.path ?? "").at(-1)).toBeCloseTo(ask.y + ask.height, 0);
  });

  it("of Catch name their errors", () => {
    const drawing = drawingOf({
      StartAt: "Try",
      States: {
        Try: {
          Type: "Task",
          Resource: "arn:aws:states:::lambda:invoke",
          Catch: [
            { ErrorEquals: ["Refused", "States.Timeout"], Next: "Tell" },
            { ErrorEquals: ["States.ALL"], Next: "Give up" },
          ],
          End: true,
        },
        Tell: pass(),
        "Give up": { Type: "Fail" },
      },
    });
    expect(faultsOf(drawing)).toEqual([]);
    const caught = drawing.steps.filter(({ kind }) => kind === "catch").map(({ to, label }) => [to, label]);
    expect(caught).toEqual([
      ["Tell", "Refused, States.Timeout"],
      ["Give up", "any error"],
    ]);
  });
});

describe("containers", () => {
  it("hold their branches, however deep", () => {
    const drawing = drawingOf({
      StartAt: "Both",
      States: {
        Both: {
          Type: "Parallel",
          Branches: [
            { StartAt: "L", States: { L: pass("L2"), L2: pass() } },
            {
              StartAt: "Each",
              States: { Each: { Type: "Map", ItemProcessor: { StartAt: "R", States: { R: pass() } }, End: true } },
            },
          ],
          End: true,
        },
      },
    });
    expect(faultsOf(drawing)).toEqual([]);
    for (const id of ["L", "L2", "Each", "R"]) expect(holds(stateOf(drawing, "Both"), stateOf(drawing, id))).toBe(true);
    expect(holds(stateOf(drawing, "Each"), stateOf(drawing, "R"))).toBe(true);
    expect(["Both", "Each", "R"].map((id) => stateOf(drawing, id).depth)).toEqual([0, 1, 2]);
  });
});

describe("any machine", () => {
  const names = ["Ask a person", "B", "Check everything twice", "D", "E", "F", "G", "H"];
  const machine = fc
    .record({
      size: fc.integer({ min: 1, max: names.length }),
      steps: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.constantFrom("choice", "catch", "next")), { maxLength: 24 }),
      inner: fc.array(fc.nat(), { maxLength: 2 }),
    })
    .map(({ size, steps, inner }) => {
      const used = names.slice(0, size);
      const at = (i: number): string => used[i % size] ?? "";
      const States = Object.fromEntries(
        used.map((name, i) => {
          const own = steps.filter(([from]) => from % size === i);
          const to = (kind: string) => own.filter((step) => step[2] === kind).map(([, target]) => at(target));
          const next = to("next")[0];
          return [
            name,
            {
              Type: inner.some((each) => each % size === i) ? "Map" : "Task",
              ItemProcessor: { StartAt: "x", States: { [`in ${name}`]: pass(`in2 ${name}`), [`in2 ${name}`]: pass() } },
              Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
              Choices: to("choice").map((Next) => ({ Variable: "$.a", NumericGreaterThan: 1, Next })),
              Catch: to("catch").map((Next) => ({ ErrorEquals: ["States.ALL"], Next })),
              ...(next === undefined ? { End: true } : { Next: next }),
            },
          ];
        }),
      );
      return { StartAt: at(0), States };
    });

  it("is drawn without states over each other, lines from border to border", () => {
    fc.assert(
      fc.property(machine, (definition) => {
        expect(faultsOf(drawingOf(definition))).toEqual([]);
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it("of this repository is drawn whole", () => {
    const files = globSync(join(import.meta.dirname, "../../../apps/*/*.asl.json"));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const definition = readFileSync(file, "utf8");
      const drawing = draw(readDefinition(definition));
      expect(faultsOf(drawing)).toEqual([]);
      const { States } = JSON.parse(definition) as { States: object };
      for (const id of Object.keys(States)) expect(drawing.states.map((state) => state.id)).toContain(id);
    }
  });

  it("with 200 states in a row and 40 side by side is drawn in no time", () => {
    const ids = Array.from({ length: 200 }, (_, i) => `State ${i}`);
    const States = Object.fromEntries(
      ids.map((id, i) => [
        id,
        i % 20 === 0
          ? { Type: "Choice", Choices: ids.slice(i + 1, i + 41).map((Next) => ({ Condition: "x", Next })) }
          : pass(ids[i + 1]),
      ]),
    );
    const began = performance.now();
    const drawing = drawingOf({ StartAt: ids[0], States });
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(drawing.states.length).toBe(202);
  });

  it.each([
    ["no states", {}],
    ["a start that is not there", { StartAt: "Nowhere", States: { A: pass() } }],
    ["a next state that is not there", { StartAt: "A", States: { A: pass("Nowhere") } }],
    ["states that are none", { StartAt: "A", States: { A: pass(), B: 3, C: null } }],
    ["a state that leads to itself", { StartAt: "A", States: { A: pass("A") } }],
    ["an odd name", { StartAt: "__proto__", States: { ["__proto__"]: pass(), "<b>": pass() } }],
  ])("with %s does no harm", (_, definition) => {
    expect(faultsOf(drawingOf(definition))).toEqual([]);
  });
});

describe("the rule of a Choice", () => {
  it.each([
    [{ Condition: "{% $total > 100 %}" }, "$total > 100"],
    [{ Variable: "$.total", NumericGreaterThanEquals: 100 }, "total ≥ 100"],
    [{ Variable: "$.total", NumericLessThanPath: "$.limit" }, "total < $.limit"],
    [{ Variable: "$.name", StringMatches: "a*" }, "name matches a*"],
    [{ Variable: "$.name", IsPresent: false }, "name is not present"],
    [{ Variable: "$", IsNull: true }, "input is null"],
    [{ Not: { Variable: "$.ok", BooleanEquals: true } }, "not (ok = true)"],
    [
      { And: [{ Variable: "$.a", StringEquals: "x" }, { Or: [{ Variable: "$.b", NumericLessThan: 1 }] }] },
      "a = x and b < 1",
    ],
    [{}, ""],
  ])("%j reads %s", (rule, text) => {
    expect(describeRule(rule)).toBe(text);
  });
});
