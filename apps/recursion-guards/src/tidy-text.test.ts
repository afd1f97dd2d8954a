import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeUtf8, tidyText } from "./tidy-text.ts";

describe("a tidied text", () => {
  it.each([
    ["line ends of any system", "a\r\nb\rc\n", "a\nb\nc\n"],
    ["blanks at the end of lines", "a  \nb\t\n", "a\nb\n"],
    ["blanks at the beginning stay", "  a\n", "  a\n"],
    ["many empty lines", "a\n\n\n\nb\n\n", "a\n\nb\n"],
    ["empty lines at the top", "\n\na", "a\n"],
    ["a missing newline at the end", "a", "a\n"],
    ["a byte order mark", "\uFEFFa\n", "a\n"],
    ["control characters", "a\u0000\u001Bb\n", "ab\n"],
    ["letters put together of two", "Gro\u0308\u00DFe\n", "Gr\u00F6\u00DFe\n"],
    ["nothing but blanks", " \n \n", ""],
    ["nothing", "", ""],
  ])("is rid of %s", (_name, text, tidied) => {
    expect(tidyText(text)).toBe(tidied);
  });

  it("is not changed by tidying it again", () => {
    const blank = fc.constantFrom(" ", "\t", "\n", "\r", "\r\n", "\uFEFF", "\u0085", "\u0308", "a");
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(blank).map((parts) => parts.join("")),
    );
    fc.assert(fc.property(texts, (text) => void expect(tidyText(tidyText(text))).toBe(tidyText(text))));
  });

  it("takes no longer for a line of a million blanks", () => {
    expect(tidyText(`${" ".repeat(1_000_000)}a${" ".repeat(1_000_000)}`)).toHaveLength(1_000_002);
  });
});

describe("bytes", () => {
  it("are text when they are UTF-8", () => {
    expect(decodeUtf8(Buffer.from("größer"))).toBe("größer");
    expect(decodeUtf8(Buffer.from([0xff, 0xfe, 0x41]))).toBeUndefined();
  });
});
