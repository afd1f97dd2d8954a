import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Item, readOrder } from "./order-lines.ts";
import { ownWords } from "./own-words.ts";

/** Also lone surrogates and control characters. */
const anyText = (maxLength: number) =>
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength }).map((codes) => String.fromCharCode(...codes));
const limits = { mostItems: 5, largestQuantity: 100 };
const read = (text: string, subject = "Order") => readOrder(subject, text, limits);
const items = (text: string, subject?: string) => {
  const reading = read(text, subject);
  return "items" in reading ? reading.items.map(({ quantity, itemname }) => [quantity, itemname]) : reading.problems;
};
const problems = (text: string, subject?: string) => {
  const reading = read(text, subject);
  return "problems" in reading ? reading.problems.map(({ line, says }) => `${line}: ${says}`) : reading;
};

describe("lines", () => {
  it.each([
    ["2 x Blue widget", [[2, "Blue widget"]]],
    ["2x Blue widget", [[2, "Blue widget"]]],
    ["2 × Blue widget", [[2, "Blue widget"]]],
    [
      "- 2 x Blue\n* 3 X Red\n• 4 x Green",
      [
        [2, "Blue"],
        [3, "Red"],
        [4, "Green"],
      ],
    ],
    ["Hello,\n\n  2 x  Blue\twidget  \n\nThanks", [[2, "Blue widget"]]],
    [
      "100 x A\n1 x A",
      [
        [100, "A"],
        [1, "A"],
      ],
    ],
    ["2 x 3M tape, 5 m", [[2, "3M tape, 5 m"]]],
    ["2 x __proto__", [[2, "__proto__"]]],
    ["2 x Blue\u200B\u202E widget\uFFFD", [[2, "Blue widget"]]],
  ])("%j are items", (text, expected) => {
    expect(items(text)).toEqual(expected);
  });

  it.each([
    ["two x Red widget", /^1: write the quantity/],
    ["2 Blue widgets", /^1: write the quantity/],
    ["0 x Blue", /^1: the quantity must be a whole number from 1 to 100/],
    ["101 x Blue", /^1: the quantity/],
    ["2.5 x Blue", /^1: the quantity/],
    ["1,000 x Blue", /^1: the quantity/],
    ["-2 x Blue", /^1: the quantity/],
    ["+2 x Blue", /^1: the quantity/],
    ["99999999999999999999 x Blue", /^1: the quantity/],
    ["2 x ", /^1: write the quantity|^1: the item has no name/],
    [`2 x ${"n".repeat(101)}`, /^1: the name of an item has at most 100/],
    ["Hello\nhow are you?", /^0: there is no line/],
    ["", /^0: there is no line/],
    ["1 x a\n".repeat(6), /^0: an order has at most 5 lines, not 6/],
    ["x".repeat(20_001), /^0: the text is longer/],
  ])("%j are refused", (text, says) => {
    expect(problems(text)).toEqual([expect.stringMatching(says)]);
  });

  it("are refused all together, each by its number and its beginning", () => {
    expect(read("Hi\n2 x Blue\ntwo x Red\n\n0 x Green")).toEqual({
      problems: [
        { line: 3, says: expect.any(String), quote: "two x Red" },
        { line: 5, says: expect.any(String), quote: "0 x Green" },
      ],
    });
  });

  it("that are no orders are counted as remarks", () => {
    expect(read("Hello,\n2 x Blue\nthanks")).toEqual({ items: [{ itemname: "Blue", quantity: 2 }], remarks: 2 });
  });

  it("of any order are read as they were written", () => {
    const name = fc.stringMatching(/^[A-Za-z]{1,8}( [a-z0-9]{1,8}){0,3}$/);
    const order = fc.array(fc.record({ itemname: name, quantity: fc.integer({ min: 1, max: 100 }) }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(order, (wanted: Item[]) => {
        const text = wanted.map(({ quantity, itemname }) => `${quantity} x ${itemname}`).join("\r\n");
        expect(read(text)).toEqual({ items: wanted, remarks: 0 });
      }),
    );
  });

  it("of any text give items within the limits, or problems", () => {
    fc.assert(
      fc.property(anyText(300), (text) => {
        const reading = read(text, text);
        const isFit = ({ itemname, quantity }: Item) =>
          /^[^\p{C}]{1,100}$/u.test(itemname) && Number.isInteger(quantity) && quantity >= 1 && quantity <= 100;
        expect("problems" in reading ? reading.problems.length > 0 : reading.items.every(isFit)).toBe(true);
      }),
    );
  });
});

describe("the short form", () => {
  it.each([
    ["3", "Blue widget"],
    ["3\r\n", "Re: Fwd: Blue widget"],
    ["\n 3 \n\nThanks, Ann", "AW: Blue  widget"],
    ["3\n-- \nAnn, 12 Mill Lane", "Blue widget"],
  ])("%j with the subject %j", (text, subject) => {
    expect(items(text, subject)).toEqual([[3, "Blue widget"]]);
  });
  it.each([
    ["0", "Blue", /^1: the quantity/],
    ["3.5", "Blue", /^1: the quantity/],
    ["3", " Re: ", /^0: the subject is the item/],
    ["3", "", /^0: the subject is the item/],
    ["3", "n".repeat(101), /^0: the subject/],
  ])("%j with the subject %j is refused", (text, subject, says) => {
    expect(problems(text, subject)).toEqual([expect.stringMatching(says)]);
  });
  it("does not mix with lines", () => {
    expect(problems("3\n2 x Blue")).toEqual([expect.stringMatching(/^1: write the quantity/)]);
  });
});

describe("a sender's own words", () => {
  const own = (text: string) => ownWords(text).map((line) => line.text);
  it.each([
    ["quoted lines", "2 x A\n> 9 x B\n>> 9 x C\n3 x D", ["2 x A", "3 x D"]],
    ["what follows a signature", "2 x A\n-- \n9 x B", ["2 x A"]],
    ["a reply of Gmail", "2 x A\n\nOn Mon, Jan 7, 2030 at 12:00 Ann Lee <a@b.org> wrote:\n9 x B", ["2 x A"]],
    ["one that is wrapped", "2 x A\nOn Mon, Jan 7, 2030 at 12:00 Ann\nLee <a@b.org> wrote:\n9 x B", ["2 x A"]],
    ["a German one", "2 x A\nAm 07.01.2030 um 12:00 schrieb Ann <a@b.org>:\n9 x B", ["2 x A"]],
    ["a French one", "2 x A\nLe lun. 7 janv. 2030, Ann <a@b.org> a écrit :\n9 x B", ["2 x A"]],
    ["a reply of Outlook", "2 x A\n________________________________\nFrom: Ann\n9 x B", ["2 x A"]],
    ["an older one", "2 x A\n-----Original Message-----\n9 x B", ["2 x A"]],
    ["header lines", "2 x A\nFrom: Ann <a@b.org>\nSent: Monday\n9 x B", ["2 x A"]],
    ["nothing else", "On Monday please\n2 x A", ["On Monday please", "2 x A"]],
  ])("leave out %s", (_, text, expected) => {
    expect(own(text)).toEqual(expected);
  });
  it("keep their line numbers", () => {
    expect(ownWords("> old\r\n\r\n2 x A")).toEqual([{ number: 3, text: "2 x A" }]);
  });
});
