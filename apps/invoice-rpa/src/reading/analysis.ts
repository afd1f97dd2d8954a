/** What Textract found on a document, in the words of an invoice: fields with their labels, and lines. */
import * as z from "zod/mini";

const Relationship = z.object({ Type: z.optional(z.string()), Ids: z.optional(z.array(z.string())) });
export const Block = z.object({
  Id: z.optional(z.string()),
  BlockType: z.optional(z.string()),
  EntityTypes: z.optional(z.array(z.string())),
  Text: z.optional(z.string()),
  Confidence: z.optional(z.number()),
  SelectionStatus: z.optional(z.string()),
  Page: z.optional(z.number()),
  Relationships: z.optional(z.array(Relationship)),
});
/** Any member of a block may be missing: blank pages have no relationships, ids lead nowhere, children may be signatures. */
export type Block = z.infer<typeof Block>;

export interface Text {
  readonly text: string;
  /** 0 to 100. */
  readonly confidence: number;
}

export interface Field {
  readonly label: string;
  readonly value: Text;
}

export interface Reading {
  /** In the order in which they were found. Labels may be there several times: nothing is overwritten. */
  readonly fields: readonly Field[];
  readonly lines: readonly Text[];
}

export function readingOf(blocks: readonly Block[]): Reading {
  const byId = new Map(blocks.flatMap((block) => (block.Id === undefined ? [] : [[block.Id, block] as const])));
  const related = (block: Block, type: string): Block[] =>
    (block.Relationships ?? [])
      .filter(({ Type }) => Type === type)
      .flatMap(({ Ids = [] }) => Ids.flatMap((id) => byId.get(id) ?? []));
  const textOf = (block: Block): Text => {
    const children = related(block, "CHILD");
    const texts = children.map(wordOf).filter((text) => text !== "");
    const confidences = [block, ...children].flatMap(({ Confidence }) => Confidence ?? []);
    return { text: texts.join(" ").trim(), confidence: Math.min(100, ...confidences) };
  };

  const fields = blocks.flatMap((block): Field[] => {
    if (block.BlockType !== "KEY_VALUE_SET" || !block.EntityTypes?.includes("KEY")) return [];
    const key = textOf(block);
    if (key.text === "") return [];
    const values = related(block, "VALUE").map(textOf);
    const text = values
      .map((value) => value.text)
      .join(" ")
      .trim();
    return [
      {
        label: key.text,
        value: { text, confidence: Math.min(key.confidence, ...values.map(({ confidence }) => confidence)) },
      },
    ];
  });
  const lines = blocks.flatMap((block): Text[] =>
    block.BlockType === "LINE" && block.Text !== undefined
      ? [{ text: block.Text.trim(), confidence: Math.min(block.Confidence ?? 0, textOf(block).confidence) }]
      : [],
  );
  return { fields, lines };
}

/** A ticked box reads as X. */
function wordOf({ Text: text, BlockType, SelectionStatus }: Block): string {
  if (BlockType === "SELECTION_ELEMENT") return SelectionStatus === "SELECTED" ? "X" : "";
  return text ?? "";
}
