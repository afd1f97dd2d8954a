import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileFilterPattern } from "./index.ts";

const fits = (pattern: string, message: string) => compileFilterPattern(pattern).match(message) !== undefined;

describe("terms", () => {
  it.each<[string, string, boolean]>([
    ["", "anything", true],
    ["ERROR", "[ERROR] 500", true],
    ["ERROR", "error 500", false],
    ["ERROR 500", "ERROR at 12:00 code 500", true],
    ["ERROR 500", "ERROR at 12:00", false],
    ['"not found"', "page not found", true],
    ['"not found"', "not yet found", false],
    ["ERROR -timeout", "ERROR refused", true],
    ["ERROR -timeout", "ERROR timeout", false],
    ['-"health check"', "GET health check", false],
    ["?ERROR ?WARN", "WARN low", true],
    ["?ERROR ?WARN", "INFO fine", false],
    ["?ERROR INFO", "INFO fine", true],
    ["%5\\d\\d%", "status 503", true],
    ["%5\\d\\d%", "status 403", false],
    ['"a \\"b\\" c"', 'say a "b" c', true],
  ])("%s on %s: %s", (pattern, message, expected) => {
    expect(fits(pattern, message)).toBe(expected);
  });
});

describe("JSON selectors", () => {
  const message = JSON.stringify({
    level: "ERROR",
    status: 503,
    ok: true,
    gone: null,
    user: { name: "Ann Lee", "odd.name": 1, tags: ["a", "b"] },
    items: [{ size: 5 }, { size: 50 }],
    ip: "10.1.2.3",
    text: "12",
  });
  it.each<[string, boolean]>([
    ['{ $.level = "ERROR" }', true],
    ["{ $.level = ERROR }", true],
    ['{ $.level = "ERR*" }', true],
    ['{ $.level != "ERROR" }', false],
    ['{ $.absent != "ERROR" }', false],
    ['{ $.level = "*ROR" && $.status = 503 }', true],
    ["{ $.status > 500 && $.status <= 503 }", true],
    ["{ $.status < 500 || $.ok IS TRUE }", true],
    ["{ $.ok IS FALSE }", false],
    ["{ $.gone IS NULL }", true],
    ["{ $.absent IS NULL }", false],
    ["{ $.absent NOT EXISTS }", true],
    ["{ $.gone NOT EXISTS }", false],
    ['{ $.user.name = "Ann Lee" }', true],
    ['{ $.user.tags[1] = "b" }', true],
    ['{ $.user["odd.name"] = 1 }', true],
    ["{ $.items[*].size > 40 }", true],
    ["{ $.items[*].size > 60 }", false],
    ["{ $.ip = 10.1.* }", true],
    ["{ $.ip = %10\\.\\d\\.2\\..% }", true],
    ["{ $.text = 12 }", true],
    ["{ ($.status = 1 || $.status = 503) && ($.ok IS TRUE) }", true],
    ["{ $.status = 1 || $.status = 503 && $.ok IS FALSE }", false],
    ["{ $.__proto__.x NOT EXISTS }", true],
  ])("%s: %s", (pattern, expected) => {
    expect(fits(pattern, message)).toBe(expected);
  });
  it("never fit what is no JSON object", () => {
    for (const text of ["level=ERROR", "", "{", '"x"', "null", "[1]"])
      expect(fits("{ $.absent NOT EXISTS }", text)).toBe(false);
  });
  it("read values", () => {
    const read = compileFilterPattern("{ $.status = * }").match(message);
    expect([read?.("$.status"), read?.("$.user.name"), read?.("$.user"), read?.("$.none")]).toEqual([
      "503",
      "Ann Lee",
      undefined,
      undefined,
    ]);
  });
});

describe("space-delimited fields", () => {
  const line = '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534';
  it.each<[string, boolean]>([
    ["[ip, id, user, timestamp, request, status_code, bytes]", true],
    ["[ip, id, user, timestamp, request, status_code = 4*, bytes]", true],
    ["[ip, id, user, timestamp, request, status_code = 5*, bytes]", false],
    ["[ip, id, user, timestamp, request, status_code = 404, bytes > 1000]", true],
    ["[ip, id, user, timestamp, request =*.html*, status_code = 4* || status_code = 5*, bytes]", true],
    ["[..., status_code = 404, bytes]", true],
    ["[ip, ..., bytes < 1000]", false],
    ["[ip = %127\\.0\\.0\\.[1-9]%, ...]", true],
    ["[ip, user, ...]", true],
    ["[ip, user]", false],
    ["[ip, id, user != frank, ...]", false],
    ["[..., size > 1000 && size < 2000]", true],
  ])("%s: %s", (pattern, expected) => {
    expect(fits(pattern, line)).toBe(expected);
  });
  it("read values by name", () => {
    expect(compileFilterPattern("[ip, ..., bytes]").match(line)?.("$bytes")).toBe("1534");
  });
});

describe("a pattern that makes no sense", () => {
  it.each([
    "{ $.a }",
    "{ $.a = }",
    "{ a = 1 }",
    "{ $.a = 1",
    "{ $.a > x }",
    "{ $.a = 1 } x",
    "[a, ..., b, ...]",
    "[a = ]",
    "[a",
    "%(a+)+%",
    "{ $.a = %[% }",
  ])("%s is refused", (pattern) => {
    expect(() => compileFilterPattern(pattern)).toThrow("Invalid filter pattern");
  });
  it("is refused or works, but never throws anything else", () => {
    const piece = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      "$.a",
      "=",
      '"x"',
      "&&",
      "||",
      "(",
      ")",
      "1",
      " ",
      "...",
      ",",
      "%a%",
      "-",
      "?",
      "IS NULL",
      '"',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.string(), (pieces, message) => {
        const outcome = outcomeOf(() => fits(pieces.join(" "), message));
        expect(["fine", "InvalidParameterException"]).toContain(outcome);
      }),
      { numRuns: 3000 },
    );
  });
});

const outcomeOf = (act: () => unknown): string => {
  try {
    act();
    return "fine";
  } catch (error) {
    return error instanceof Error ? error.name : "?";
  }
};
