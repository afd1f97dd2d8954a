import { describe, expect, it } from "vitest";
import { type Block, readingOf } from "./analysis.ts";

const word = (Id: string, Text: string, Confidence = 99): Block => ({ Id, BlockType: "WORD", Text, Confidence });
const child = (...Ids: string[]) => ({ Type: "CHILD", Ids });
const key = (Id: string, value: string[], ...children: string[]): Block => ({
  Id,
  BlockType: "KEY_VALUE_SET",
  EntityTypes: ["KEY"],
  Confidence: 95,
  Relationships: [{ Type: "VALUE", Ids: value }, child(...children)],
});
const value = (Id: string, ...children: string[]): Block => ({
  Id,
  BlockType: "KEY_VALUE_SET",
  EntityTypes: ["VALUE"],
  Confidence: 90,
  Relationships: [child(...children)],
});

describe("fields", () => {
  it("have all words of label and value, and the least confidence of any of them", () => {
    const blocks = [
      key("k", ["v"], "a", "b"),
      value("v", "c"),
      word("a", "Total"),
      word("b", "Due:"),
      word("c", "$5", 71),
    ];
    expect(readingOf(blocks).fields).toEqual([{ label: "Total Due:", value: { text: "$5", confidence: 71 } }]);
  });

  it("with the same label are all there", () => {
    const blocks = [
      key("k", ["v"], "a"),
      value("v", "b"),
      key("l", ["w"], "a"),
      value("w", "c"),
      word("a", "Total"),
      word("b", "1"),
      word("c", "2"),
    ];
    expect(readingOf(blocks).fields.map(({ value: { text } }) => text)).toEqual(["1", "2"]);
  });

  it("that are ticked read as X, others as nothing", () => {
    const box = (Id: string, SelectionStatus: string): Block => ({
      Id,
      BlockType: "SELECTION_ELEMENT",
      SelectionStatus,
      Confidence: 99,
    });
    const blocks = [
      key("k", ["v"], "a"),
      value("v", "x", "b"),
      key("l", ["w"], "a"),
      value("w", "y"),
      word("a", "Paid"),
      word("b", "yes"),
      box("x", "SELECTED"),
      box("y", "NOT_SELECTED"),
    ];
    expect(readingOf(blocks).fields.map(({ value: { text } }) => text)).toEqual(["X yes", ""]);
  });

  it.each<[string, Block[]]>([
    ["without a value", [{ ...key("k", [], "a"), Relationships: [child("a")] }, word("a", "Total")]],
    ["whose value is nowhere", [key("k", ["gone"], "a"), word("a", "Total")]],
    ["whose words are nowhere", [key("k", ["v"], "a"), value("v", "gone"), word("a", "Total")]],
    [
      "with a signature as a child",
      [key("k", ["v"], "a"), value("v", "s"), word("a", "Total"), { Id: "s", BlockType: "SIGNATURE" }],
    ],
    [
      "with an empty value block",
      [key("k", ["v"], "a"), { Id: "v", BlockType: "KEY_VALUE_SET", EntityTypes: ["VALUE"] }, word("a", "Total")],
    ],
  ])("%s are empty", (_name, blocks) => {
    expect(readingOf(blocks).fields).toMatchObject([{ label: "Total", value: { text: "" } }]);
  });

  it("without a label are none", () => {
    expect(readingOf([key("k", ["v"], "gone"), value("v", "a"), word("a", "5")]).fields).toEqual([]);
  });
});

describe("lines", () => {
  it("have the least confidence of their words", () => {
    const line: Block = {
      Id: "l",
      BlockType: "LINE",
      Text: "Total 5",
      Confidence: 98,
      Relationships: [child("a", "b")],
    };
    expect(readingOf([line, word("a", "Total"), word("b", "5", 40)]).lines).toEqual([
      { text: "Total 5", confidence: 40 },
    ]);
  });

  it("are none on a blank page, nor in blocks without anything", () => {
    expect(readingOf([{ Id: "p", BlockType: "PAGE" }, {}, { BlockType: "LINE" }])).toEqual({ fields: [], lines: [] });
  });
});
