/** Answers of the query protocol as the JSON that these services give to API Gateway. */

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
const TOKEN = /<(\/?)([\w:.-]+)[^>]*?(\/?)>|([^<]+)/g;

/** `{ SendMessageResponse: { SendMessageResult: { MessageId: … }, ResponseMetadata: … } }`. Lists hold the `member`s. */
export function xmlToJson(xml: string): unknown {
  const root: Element = { name: "", children: [], text: "" };
  const open: Element[] = [root];
  for (const [, closing, name, selfClosing, text] of xml.replace(/<\?.*?\?>/s, "").matchAll(TOKEN)) {
    const current = open.at(-1) ?? root;
    if (text !== undefined) current.text += text;
    else if (closing) open.pop();
    else {
      const child: Element = { name: name ?? "", children: [], text: "" };
      current.children.push(child);
      if (!selfClosing) open.push(child);
    }
  }
  return valueOf(root);
}

interface Element {
  readonly name: string;
  readonly children: Element[];
  text: string;
}

function valueOf({ children, text }: Element): unknown {
  if (children.length === 0) return decode(text);
  if (children.every(({ name }) => name === "member")) return children.map(valueOf);
  const members: Record<string, unknown> = {};
  for (const child of children) {
    const before = members[child.name];
    if (before === undefined) members[child.name] = valueOf(child);
    else members[child.name] = [...(Array.isArray(before) ? before : [before]), valueOf(child)];
  }
  return members;
}

const decode = (text: string): string =>
  text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    return ENTITIES[name ?? ""] ?? whole;
  });
