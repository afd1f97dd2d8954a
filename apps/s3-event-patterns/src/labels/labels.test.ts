import { expect, it } from "vitest";
import { labelsOf } from "./labels.ts";

it("labels come with the most certain first, rounded, with what stands above them", () => {
  expect(
    labelsOf([
      { Name: "Tree", Confidence: 61.239 },
      { Name: "Car", Confidence: 99.87654, Parents: [{ Name: "Vehicle" }, {}] },
      { Name: "Bench", Confidence: 61.239 },
      { Confidence: 99 },
    ]),
  ).toEqual([
    { name: "Car", confidence: 99.88, parents: ["Vehicle"] },
    { name: "Bench", confidence: 61.24, parents: [] },
    { name: "Tree", confidence: 61.24, parents: [] },
  ]);
});
