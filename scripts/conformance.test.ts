import { describe, expect, it } from "vitest";
import { freshPage, refreshed } from "./conformance.ts";

const page = (between: string) =>
  `# Cloud\n\n<!-- conformance -->\n\n${between}\n\n<!-- end of conformance -->\n\nThe end.\n`;

describe("the list of services and operations", () => {
  it("in local/README.md is that of the handlers; node scripts/conformance.ts makes it so", async () => {
    const { present, fresh } = await freshPage();
    expect(present).toBe(fresh);
  });

  it("replaces what stood between the markers, and nothing else", async () => {
    const fresh = await refreshed(page("old"), [
      {
        id: "post",
        done: ["SendLetter"],
        partial: { SendCard: ["Stamp", "Express"] },
        missing: ["SendParcel", "WeighParcel"],
        types: ["AWS::Post::Office"],
      },
    ]);
    expect(fresh).toMatch(
      /^# Cloud\n\n<!-- conformance -->\n\n\| service +\|.*<!-- end of conformance -->\n\nThe end\.\n$/s,
    );
    expect(fresh).toMatch(/\| post +\| +1 \| +1 \| +2 \| +1 \|/);
    expect(fresh).toContain("**Done**: SendLetter\n");
    expect(fresh).toContain("**Partial**, without the members named: SendCard (Stamp, Express)\n");
    expect(fresh).toContain("**Not there**: SendParcel, WeighParcel\n");
    expect(fresh).toContain("**Resource types**: `AWS::Post::Office`\n");
    expect(fresh).not.toContain("old");
  });

  it("is the same when it is made again", async () => {
    const services = [{ id: "post", done: ["A", "B"], partial: {}, missing: [], types: [] }];
    const once = await refreshed(page("old"), services);
    expect(await refreshed(once, services)).toBe(once);
  });

  it("breaks long lists into lines", async () => {
    const done = Array.from({ length: 60 }, (_, index) => `DescribeSomething${index}`);
    const fresh = await refreshed(page(""), [{ id: "post", done, partial: {}, missing: [], types: [] }]);
    for (const line of fresh.split("\n")) expect(line.length).toBeLessThanOrEqual(120);
  });

  it("is not made for a page without markers", async () => {
    await expect(refreshed("# Cloud\n", [])).rejects.toThrow("lost the markers");
  });
});
