import { describe, expect, it } from "vitest";
import { inputTool, UTIL } from "./input-and-util.ts";
import { render } from "./render.ts";

const parameters = {
  path: { id: "42" },
  querystring: { q: "a b", id: "of the query" },
  header: { "Content-Type": "application/json", "X-Team": "blue" },
};

/** Renders with a body (an object is written as JSON) and some variables. */
const rendered = (template: string, body: unknown = "", variables: Record<string, unknown> = {}): string =>
  render(template, {
    tools: { input: inputTool(typeof body === "string" ? body : JSON.stringify(body), parameters), util: UTIL },
    variables: {
      context: { requestId: "r-1", identity: { sourceIp: "127.0.0.1" } },
      stageVariables: { table: "Orders" },
      ...variables,
    },
  });

describe("a mapping template", () => {
  it.each([
    ["plain text", '{"a": 1}', '{"a": 1}'],
    ["a context variable", "$context.identity.sourceIp", "127.0.0.1"],
    ["a stage variable in braces", "${stageVariables.table}Table", "OrdersTable"],
    ["a variable that is not there", "[$context.none][$none][$!none]", "[][][]"],
    ["a dollar that is no reference", "$ 5 and $1", "$ 5 and $1"],
    ["an escaped reference", "\\$context.requestId", "$context.requestId"],
    ["comments", "a## gone\nb#* gone *#c", "abc"],
    ["unparsed text", "#[[$context.requestId #if]]#", "$context.requestId #if"],
    ["something that looks like a directive", "#fff #1", "#fff #1"],
  ])("renders %s", (_name, template, output) => {
    expect(rendered(template)).toBe(output);
  });

  it.each([
    ["an object", "$input.json('$')", '{"a":{"b":[1,"x"]},"n":null}'],
    ["a part", "$input.json('$.a.b')", '[1,"x"]'],
    ["a text in quotes", "$input.json('$.a.b[1]')", '"x"'],
    ["nothing as an empty text", "$input.json('$.none')", '""'],
    ["a value by path", "$input.path('$.a.b[1]')", "x"],
    ["nothing by path", "<$input.path('$.none')>", "<>"],
    ["a property of what a path leads to", "$input.path('$').a.b[0]", "1"],
    ["a map as Java prints it", "$input.path('$.a')", "{b=[1, x]}"],
    ["the body itself", "$input.body", '{"a":{"b":[1,"x"]},"n":null}'],
    ["a size", "$input.path('$.a.b').size()", "2"],
  ])("reads %s of the body", (_name, template, output) => {
    expect(rendered(template, { a: { b: [1, "x"] }, n: null })).toBe(output);
  });

  it.each([
    ["the path before the query", "$input.params('id')", "42"],
    ["the query", "$input.params('q')", "a b"],
    ["a header in any case", "$input.params('x-team')", "blue"],
    ["nothing", "<$input.params('none')>", "<>"],
    ["one kind", "$input.params().querystring.get('id')", "of the query"],
    ["another kind", "$input.params().path.id", "42"],
  ])("reads a parameter of %s", (_name, template, output) => {
    expect(rendered(template)).toBe(output);
  });

  it("passes everything through as the console's own template does", () => {
    const template = `#set($allParams = $input.params())
{
"body-json" : $input.json('$'),
"params" : {
#foreach($type in $allParams.keySet())
    #set($params = $allParams.get($type))
"$type" : {
    #foreach($paramName in $params.keySet())
    "$paramName" : "$util.escapeJavaScript($params.get($paramName))"
        #if($foreach.hasNext),#end
    #end
}
    #if($foreach.hasNext),#end
#end
},
"context" : { "source-ip" : "$context.identity.sourceIp", "api-key": "$context.identity.apiKey" }
}`;
    expect(JSON.parse(rendered(template, { n: 1 }))).toEqual({
      "body-json": { n: 1 },
      params: parameters,
      context: { "source-ip": "127.0.0.1", "api-key": "" },
    });
  });
});

describe("directives", () => {
  const body = {
    items: [
      { sku: "a", n: 2 },
      { sku: "b", n: 0 },
    ],
    state: "open",
    text: "",
  };
  it.each([
    ["if", "#if($input.path('$.state') == 'open')yes#{else}no#end", "yes"],
    ["elseif", "#if(false)a#elseif($input.path('$.items').size() > 1)b#{else}c#end", "b"],
    ["else", "#if($input.path('$.none'))a#{else}c#end", "c"],
    ["an empty text is true", "#if($input.path('$.text'))a#{else}c#end", "a"],
    ["and, or, not", "#if(!(1 > 2) && (false || 'a' != 'b'))yes#end", "yes"],
    ["words for operators", "#if(1 lt 2 and not (1 eq 2))yes#end", "yes"],
    ["set and arithmetic", "#set($n = 7 / 2 + 2 * 3 - 1 % 2)$n", "8"],
    ["joining texts", '#set($s = "a" + 1)$s', "a1"],
    ["interpolation", '#set($x = "v")#set($y = "<$x.length() ${x}>")$y', "<1 v>"],
    ["no interpolation in single quotes", "#set($y = '$x')$y", "$x"],
    ["foreach", "#foreach($i in $input.path('$.items'))$foreach.count:$i.sku#if($foreach.hasNext),#end#end", "1:a,2:b"],
    ["foreach over a range", "#foreach($i in [1..3])$i#end", "123"],
    ["foreach over a map's values", "#foreach($v in {'a': 1, 'b': 2})$v#end", "12"],
    ["break", "#foreach($i in [1..5])#if($i == 3)#break#end$i#end!", "12!"],
    ["nested loops", "#foreach($a in [1, 2])#foreach($b in [1, 2])$a$b #end#end", "11 12 21 22 "],
    ["stop", "a#{stop}b", "a"],
    ["define", "#define($block)<$x>#end#set($x = 1)$block#set($x = 2)$block", "<1><2>"],
    ["a map built up", "#set($m = {})#set($void = $m.put('a', [1]))#set($m.b = 2)$m", "{a=[1], b=2}"],
    ["a list built up", "#set($l = [])#set($void = $l.add('x'))#set($void = $l.add('y'))$l.size()$l[1]", "2y"],
    ["entries", "#set($m = {'a': 1})#foreach($e in $m.entrySet())$e.key=$e.getValue()#end", "a=1"],
  ])("%s", (_name, template, output) => {
    expect(rendered(template, body)).toBe(output);
  });

  it("take the line break after them along", () => {
    expect(rendered("#set($a = 1)\n#if(true)\nx\n#end\ny")).toBe("x\ny");
  });
});

describe("methods of texts", () => {
  it.each([
    ["$s.toUpperCase()", "A,B,,C'D,,"],
    ["$s.split(',').size()", "4"],
    ["$s.substring(0, 3)", "a,b"],
    ["$s.replace(',', ';')", "a;b;;c'd;;"],
    ["$s.replaceAll('[,]+', '-')", "a-b-c'd-"],
    ["$s.indexOf('b')", "2"],
    ["$s.contains('c')", "true"],
    ["$s.startsWith('b')", "false"],
    ["$s.matches('a.*')", "true"],
    ["$s.isEmpty()", "false"],
    ["$s.length()", "10"],
  ])("%s", (template, output) => {
    expect(rendered(template, "", { s: "a,b,,c'd,," })).toBe(output);
  });
});

describe("$util", () => {
  it("escapes what a JSON text cannot hold, and the single quote, which it could", () => {
    expect(rendered("$util.escapeJavaScript($s)", "", { s: `a"b'c\\d\n/ø` })).toBe(`a\\"b\\'c\\\\d\\n\\/\\u00F8`);
  });

  it("escapes a JSON body so that SAM's unescaping makes it JSON again", () => {
    const body = { name: 'O\'Neil "x"', n: [1] };
    const template = `{"input": "$util.escapeJavaScript($input.json('$')).replaceAll("\\\\'","'")"}`;
    const { input } = JSON.parse(rendered(template, body));
    expect(JSON.parse(input)).toEqual(body);
  });

  it.each([
    ["$util.urlEncode('a b&c/*')", "a+b%26c%2F*"],
    ["$util.urlDecode('a+b%26')", "a b&"],
    ["$util.base64Encode('hø')", "aMO4"],
    ["$util.base64Decode('aMO4')", "hø"],
    ['$util.parseJson(\'{"a": {"b": 1}}\').a.b', "1"],
  ])("%s is %s", (template, output) => {
    expect(rendered(template)).toBe(output);
  });
});

describe("a template that is wrong", () => {
  it.each([
    ["#if(true)x", /#if without #end/],
    ["#end", /without a beginning/],
    ["#set(1 = 2)", /#set needs a reference/],
    ["$input.nothing()", /\$input has no nothing/],
    ["#set($s = 'x')$s.explode()", /explode\(\) on x/],
    ["#foreach($i in [1..900000])#end", /too long/],
    ["$util.parseJson('{')", /no JSON/],
    ["$input.path('$[')", /Invalid JSON path/],
    ["#macro(x)#end", /#macro is not there/],
  ])("%s is refused", (template, message) => {
    expect(() => rendered(template)).toThrow(message);
  });

  it("says in which line", () => {
    expect(() => rendered("a\nb\n#set(x)")).toThrow(/line 3/);
  });
});
