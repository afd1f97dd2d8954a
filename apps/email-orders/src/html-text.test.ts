import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { htmlToText } from "./html-text.ts";

describe("an HTML mail", () => {
  it.each([
    ["<p>2 x Blue widget<br>1 x Red&nbsp;widget</p>", "2 x Blue widget\n1 x Red widget"],
    ["<div>2 x Blue</div><div>3 x Red</div>", "2 x Blue\n\n3 x Red"],
    ["2 x\r\n  Blue", "2 x Blue"],
    ["<style>p{}</style><script>9 x evil</script><title>t</title>3", "3"],
    ["<!-- 9 x hidden -->3<!-- 9 x open", "3"],
    ["<p>3</p><blockquote>9 x <blockquote>old</blockquote></blockquote>", "3"],
    ['<p>3</p><div class="gmail_quote">9 x old</div>', "3"],
    ["2 &times; Gr&uuml;n &#x26; &#66;lau &lt;b&gt; &unknown;", "2 × Grün & Blau <b> &unknown;"],
    ["&#0;&#xD800;&#x110000;x", "x"],
    ["1 < 2", "1 < 2"],
    ["<ul><li>2 x A<li>3 x B</ul>", "2 x A\n3 x B"],
    ["<script>never closed", ""],
  ])("%s", (html, text) => {
    expect(htmlToText(html)).toBe(text);
  });

  it("of any kind is read without markup of its own", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        expect(typeof htmlToText(`<p>${text}</p>`)).toBe("string");
      }),
    );
  });

  it("that is hostile costs no more than its length", () => {
    const began = performance.now();
    for (const piece of ["<", "<!--", "<div ", "&#", "<blockquote>", 'class="']) htmlToText(piece.repeat(50_000));
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
