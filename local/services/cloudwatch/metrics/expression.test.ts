import { describe, expect, it } from "vitest";
import { evaluateExpression, type TimeSeries } from "./expression.ts";

const series: Record<string, TimeSeries> = {
  m1: new Map([
    [0, 10],
    [60, 20],
    [120, 30],
  ]),
  m2: new Map([
    [0, 2],
    [120, 0],
  ]),
};
const run = (expression: string) =>
  Object.fromEntries(
    evaluateExpression(expression, {
      moments: [0, 60, 120],
      series: (id) => {
        const found = series[id];
        if (!found) throw new Error(`no ${id}`);
        return found;
      },
      metrics: (filter) =>
        Object.entries(series).flatMap(([id, values]) => (id.includes(filter ?? "") ? [values] : [])),
    }),
  );

describe("metric math", () => {
  it.each<[string, Record<number, number>]>([
    ["m1", { 0: 10, 60: 20, 120: 30 }],
    ["m1 + 1", { 0: 11, 60: 21, 120: 31 }],
    ["m1 + m2 * 2", { 0: 14, 120: 30 }],
    ["(m1 + m2) * 2", { 0: 24, 120: 60 }],
    ["m1 / m2", { 0: 5 }],
    ["100 * m2 / m1", { 0: 20, 120: 0 }],
    ["-m1", { 0: -10, 60: -20, 120: -30 }],
    ["10 - 3 - 2", { 0: 5, 60: 5, 120: 5 }],
    ["SUM(METRICS())", { 0: 12, 60: 20, 120: 30 }],
    ["MAX([m1])".replace(/[[\]]/g, ""), { 0: 30, 60: 30, 120: 30 }],
    ['SUM(METRICS("2"))', { 0: 2, 120: 0 }],
    ["FILL(m2, 0)", { 0: 2, 60: 0, 120: 0 }],
    ["FILL(m2, REPEAT)", { 0: 2, 60: 2, 120: 0 }],
    ["IF(m1 > 15, m1, 0)", { 0: 0, 60: 20, 120: 30 }],
    ["m1 >= 20 && m1 < 30", { 0: 0, 60: 1, 120: 0 }],
    ["ABS(0 - m1)", { 0: 10, 60: 20, 120: 30 }],
    ["CEIL(m1 / 20)", { 0: 1, 60: 1, 120: 2 }],
  ])("%s", (expression, expected) => {
    expect(run(expression)).toEqual(expected);
  });
  it.each([
    "",
    "m1 +",
    "(m1",
    "m1 m2",
    "NOSUCH(m1)",
    "SEARCH('x', 'Sum', 300)",
    "METRICS()",
    "FILL(m1, LINEAR)",
    "m1 ; m2",
  ])("refuses %s", (expression) => {
    expect(() => run(expression)).toThrow("Error in expression");
  });
});
