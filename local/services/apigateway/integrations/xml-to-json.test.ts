import { describe, expect, it } from "vitest";
import { xmlToJson } from "./xml-to-json.ts";

describe("an answer of the query protocol as JSON", () => {
  it("has elements as members and their text", () => {
    const xml =
      '<?xml version="1.0"?><R xmlns="http://a/"><Result><Id>7</Id><Text>a &amp; &lt;b&gt; &#248;</Text><None/></Result></R>';
    expect(xmlToJson(xml)).toEqual({ R: { Result: { Id: "7", Text: "a & <b> ø", None: "" } } });
  });

  it("has lists for members and for elements that repeat", () => {
    expect(xmlToJson("<R><L><member>1</member><member>2</member></L><E>a</E><E>b</E><E>c</E></R>")).toEqual({
      R: { L: ["1", "2"], E: ["a", "b", "c"] },
    });
  });
});
