/** Mapping templates: text with references and directives. */
import { Cursor } from "./parse-expression.ts";
import { type Branch, type Node } from "./syntax.ts";

const cache = new Map<string, readonly Node[]>();
const END_OF_BLOCK = /#(?:\{(?:end|else|elseif)\}|(?:end|else|elseif)\b)/y;
const REST_OF_LINE = /[ \t]*\r?\n/y;

/** Throws TemplateError. */
export function parseTemplate(text: string): readonly Node[] {
  const known = cache.get(text);
  if (known) return known;
  const cursor = new Cursor(text, 0, parseTemplate);
  const nodes = block(cursor);
  if (cursor.at < text.length) cursor.fail("#end, #else or #elseif without a beginning");
  if (cache.size > 5_000) cache.clear();
  cache.set(text, nodes);
  return nodes;
}

/** Reads up to the directive that ends the block, which stays unread. */
function block(cursor: Cursor): Node[] {
  const nodes: Node[] = [];
  let text = "";
  const flush = () => {
    if (text !== "") nodes.push({ kind: "text", text });
    text = "";
  };
  while (cursor.at < cursor.text.length) {
    const plain = cursor.match(/[^$#\\]+/y);
    if (plain !== undefined) {
      text += plain;
      continue;
    }
    if (cursor.match(/\\(?=[$#])/y) !== undefined) {
      // What is escaped is text, up to where the reference or directive could begin again.
      text += cursor.match(/[$#]/y) ?? "";
      continue;
    }
    if (cursor.text[cursor.at] === "$") {
      const start = cursor.at;
      const found = cursor.reference();
      if (found) {
        flush();
        nodes.push({ kind: "output", reference: found.reference, source: cursor.text.slice(start, cursor.at) });
        continue;
      }
    }
    if (cursor.text[cursor.at] === "#") {
      END_OF_BLOCK.lastIndex = cursor.at;
      if (END_OF_BLOCK.test(cursor.text)) break;
      const literal = cursor.match(/#\[\[[\s\S]*?\]\]#/y);
      if (literal !== undefined) {
        text += literal.slice(3, -3);
        continue;
      }
      if (cursor.match(/##[^\n]*(\n|$)|#\*[\s\S]*?\*#/y) !== undefined) continue;
      const node = directive(cursor);
      if (node) {
        flush();
        nodes.push(node);
        continue;
      }
    }
    text += cursor.text[cursor.at] ?? "";
    cursor.at++;
  }
  flush();
  return nodes;
}

function directive(cursor: Cursor): Node | undefined {
  const name = cursor.match(/#(?:\{\w+\}|\w+)/y)?.replace(/[#{}]/g, "");
  switch (name) {
    case "set":
      return setDirective(cursor);
    case "if":
      return ifDirective(cursor);
    case "foreach":
      return foreachDirective(cursor);
    case "define":
      return defineDirective(cursor);
    case "break":
    case "stop":
      lineEnd(cursor);
      return { kind: name };
    case "macro":
    case "parse":
    case "include":
    case "evaluate":
      return cursor.fail(`#${name} is not there in the local cloud`);
    default:
      // Not a directive: a colour, a fragment.
      cursor.at -= name === undefined ? 0 : name.length + 1;
      return undefined;
  }
}

/** A directive that ends its line takes the line break with it. */
const lineEnd = (cursor: Cursor): void => void cursor.match(REST_OF_LINE);

function setDirective(cursor: Cursor): Node {
  cursor.expect("(");
  cursor.space();
  const target = cursor.reference()?.reference ?? cursor.fail("#set needs a reference");
  cursor.expect("=");
  const value = cursor.expression();
  cursor.expect(")");
  lineEnd(cursor);
  return { kind: "set", target, value };
}

function condition(cursor: Cursor) {
  cursor.expect("(");
  const value = cursor.expression();
  cursor.expect(")");
  lineEnd(cursor);
  return value;
}

function ifDirective(cursor: Cursor): Node {
  const branches: Branch[] = [{ condition: condition(cursor), body: block(cursor) }];
  let otherwise: readonly Node[] = [];
  for (;;) {
    const name = cursor.match(END_OF_BLOCK)?.replace(/[#{}]/g, "");
    if (name === "elseif") branches.push({ condition: condition(cursor), body: block(cursor) });
    else if (name === "else") {
      lineEnd(cursor);
      otherwise = block(cursor);
    } else if (name === "end") {
      lineEnd(cursor);
      return { kind: "if", branches, otherwise };
    } else cursor.fail("#if without #end");
  }
}

function foreachDirective(cursor: Cursor): Node {
  cursor.expect("(");
  cursor.space();
  const item = cursor.reference()?.reference ?? cursor.fail("#foreach needs a reference");
  cursor.space();
  if (cursor.match(/in\b/y) === undefined) cursor.fail('"in" expected');
  const list = cursor.expression();
  cursor.expect(")");
  lineEnd(cursor);
  const body = block(cursor);
  endOf(cursor, "#foreach");
  return { kind: "foreach", name: item.name, list, body };
}

function defineDirective(cursor: Cursor): Node {
  cursor.expect("(");
  cursor.space();
  const target = cursor.reference()?.reference ?? cursor.fail("#define needs a reference");
  cursor.expect(")");
  lineEnd(cursor);
  const body = block(cursor);
  endOf(cursor, "#define");
  return { kind: "define", name: target.name, body };
}

function endOf(cursor: Cursor, what: string): void {
  if (cursor.match(/#(?:\{end\}|end\b)/y) === undefined) cursor.fail(`${what} without #end`);
  lineEnd(cursor);
}
