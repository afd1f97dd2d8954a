/** Blocks as Textract answers them: each with its place as fractions of the page, linked by ids. */
import type { Block, BlockType, RelationshipType } from "@aws-sdk/client-textract";
import type { Box, Page, Word } from "../reading/messages.ts";
import { type Line, linesOf } from "./lines.ts";

export class PageBlocks {
  readonly blocks: Block[] = [];
  readonly lines: readonly Line[];
  readonly #wordIds = new Map<Word, string>();
  readonly #page: Page;
  readonly #number: number | undefined;
  readonly #newId: () => string;

  /** @param number of the page in a job's document; answers of synchronous calls have none. */
  constructor(page: Page, number: number | undefined, newId: () => string) {
    this.#page = page;
    this.#number = number;
    this.#newId = newId;
    this.lines = linesOf(page.words);
    const pageBlock = this.add("PAGE", { left: 0, top: 0, right: page.width, bottom: page.height });
    const ids = this.lines.map((line) => this.#addLine(line));
    this.relate(pageBlock, "CHILD", ids);
    // Textract lists the lines of a page before its words.
    const order = ["PAGE", "LINE", "WORD"];
    this.blocks.sort((a, b) => order.indexOf(a.BlockType ?? "") - order.indexOf(b.BlockType ?? ""));
  }

  add(BlockType: BlockType, box: Box, more: Partial<Block> = {}): Block & { Id: string } {
    const block = {
      BlockType,
      ...more,
      Geometry: geometryOf(box, this.#page),
      Id: this.#newId(),
      ...(this.#number === undefined ? {} : { Page: this.#number }),
    };
    this.blocks.push(block);
    return block;
  }

  /** A block without relationships has none of that name at all. */
  relate(block: Block, Type: RelationshipType, Ids: readonly string[]): void {
    if (Ids.length > 0) block.Relationships = [...(block.Relationships ?? []), { Type, Ids: [...Ids] }];
  }

  /** Links to the children; a block of the page holds them all. */
  addToPage(ids: readonly string[]): void {
    const children = this.blocks[0]?.Relationships?.find(({ Type }) => Type === "CHILD");
    if (children) children.Ids = [...(children.Ids ?? []), ...ids];
  }

  idsOf(words: readonly Word[]): string[] {
    return words.flatMap((word) => this.#wordIds.get(word) ?? []);
  }

  #addLine(line: Line): string {
    const block = this.add("LINE", line, { Confidence: confidenceOf(line.words), Text: line.text });
    for (const word of line.words) {
      const { Id } = this.add("WORD", word, { Confidence: word.confidence, Text: word.text, TextType: "PRINTED" });
      this.#wordIds.set(word, Id);
    }
    this.relate(block, "CHILD", this.idsOf(line.words));
    return block.Id;
  }
}

export const confidenceOf = (words: readonly Word[]): number =>
  words.reduce((sum, { confidence }) => sum + confidence, 0) / Math.max(1, words.length);

function geometryOf(box: Box, { width, height }: Page) {
  const within = (value: number) => Math.min(1, Math.max(0, value));
  const [left, right] = [within(box.left / width), within(box.right / width)];
  const [top, bottom] = [within(box.top / height), within(box.bottom / height)];
  return {
    BoundingBox: { Width: right - left, Height: bottom - top, Left: left, Top: top },
    Polygon: [
      { X: left, Y: top },
      { X: right, Y: top },
      { X: right, Y: bottom },
      { X: left, Y: bottom },
    ],
  };
}
