import { describe, expect, it } from "vitest";
import { greetingFor } from "./greeting.ts";

describe("a greeting", () => {
  it("names the guest", () => expect(greetingFor("Ada")).toBe("Good day, Ada!"));
  it("does not mind blanks around the name", () => expect(greetingFor(" Ada ")).toBe("Good day, Ada!"));
});
