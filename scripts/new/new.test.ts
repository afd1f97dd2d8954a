import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { format } from "prettier";
import { parse } from "yaml";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LocalCloud, startCloud } from "../../local/cloud.ts";
import { validate } from "../../local/template/validate.ts";
import { appNames, knownApp, ROOT } from "../cli/apps.ts";
import command from "../new.ts";
import { filesOf, readmeRowOf, samconfigOf } from "./files.ts";

const NAME = "parcel-tracker";
const files = filesOf(NAME);
const text = (path: string): string => files[path] ?? "";
const template = text(`apps/${NAME}/template.yaml`);

describe("the files of a new app", () => {
  it("are an app and its events, and nothing else", () => {
    expect(Object.keys(files).sort()).toEqual([
      `apps/${NAME}/README.md`,
      `apps/${NAME}/demo.ts`,
      `apps/${NAME}/src/greet.ts`,
      `apps/${NAME}/src/greeting.test.ts`,
      `apps/${NAME}/src/greeting.ts`,
      `apps/${NAME}/template.yaml`,
      `apps/${NAME}/tests/events.test.ts`,
      `apps/${NAME}/tests/greeting.test.ts`,
      `apps/${NAME}/tests/outages.test.ts`,
      `apps/${NAME}/tests/proofs.test.ts`,
      `apps/${NAME}/tests/work.ts`,
      `events/${NAME}/greet.bad.json`,
      `events/${NAME}/greet.json`,
    ]);
  });

  it.each([...Object.entries(files), ["samconfig.toml", samconfigOf(NAME)], ["README.md", readmeRowOf(NAME)]])(
    "carry the name everywhere: %s",
    (_path, content) => {
      expect(content).not.toMatch(/__app__|__App__|\.tpl/i);
      expect(content).not.toBe("");
    },
  );

  it("name the app in words where a metric's namespace stands", () =>
    expect(template).toContain("POWERTOOLS_METRICS_NAMESPACE: ParcelTracker"));

  it("have events that are JSON, and the bad one differs from the good one in its message", () => {
    const bodies = ["greet.json", "greet.bad.json"].map(
      (file) => (JSON.parse(text(`events/${NAME}/${file}`)) as { Records: { body: string }[] }).Records[0]?.body,
    );
    expect(bodies).toEqual(['{"name":"Ada"}', "{}"]);
  });

  it("build each function from the file that its handler names", () => {
    const { Resources } = parse(template, { logLevel: "silent" }) as {
      Resources: Record<
        string,
        { Type: string; Metadata?: { BuildProperties: { EntryPoints: string[] } }; Properties: { Handler: string } }
      >;
    };
    const functions = Object.values(Resources).filter(({ Type }) => Type === "AWS::Serverless::Function");
    expect(functions).toHaveLength(1);
    for (const { Metadata, Properties } of functions) {
      const [entry = ""] = Metadata?.BuildProperties.EntryPoints ?? [];
      expect(Object.keys(files)).toContain(`apps/${NAME}/${entry}`);
      expect(Properties.Handler).toBe(`${entry.replace(/^src\/|\.ts$/g, "")}.handler`);
      expect(text(`apps/${NAME}/${entry}`)).toContain("export const handler =");
    }
  });

  it("have a samconfig environment with the sections of the other apps", () => {
    const sections = (config: string) => [...config.matchAll(/^\[(\S+)\]$/gm)].map(([, section = ""]) => section);
    const present = sections(readFileSync(join(ROOT, "samconfig.toml"), "utf8"));
    for (const app of appNames()) expect(present).toEqual(expect.arrayContaining(sections(samconfigOf(app))));
    expect(sections(samconfigOf(NAME))).toContain(`${NAME}.deploy.parameters`);
  });

  it("fit into the table of apps", async () => {
    const readme = readFileSync(join(ROOT, "README.md"), "utf8");
    const page = readme.replace("\n\n<!-- end of apps -->", `\n${readmeRowOf(NAME)}\n\n<!-- end of apps -->`);
    const formatted = await format(page, { parser: "markdown", printWidth: 120 });
    expect(formatted).toMatch(
      /\| \[parcel-tracker\]\(apps\/parcel-tracker\/README\.md\) +\| greets [^|]+\| SQS, Lambda +\|\n\n<!--/,
    );
  });
});

describe("the template of a new app", () => {
  let cloud: LocalCloud;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "new-app-"));
    cloud = await startCloud({ virtual: true, log: { info() {}, warn() {}, error() {} } });
  });
  afterAll(async () => {
    await cloud.stop();
    rmSync(folder, { recursive: true });
  });

  it("is taken by the local cloud without a warning", async () => {
    const knownOf = async (type: string) => (await cloud.providerOf(type))?.known;
    expect(await validate({ body: template, folder, knownOf })).toEqual([]);
  });
});

describe("the name of a new app", () => {
  it.each([
    [[]],
    [["Parcel"]],
    [["a b"]],
    [["-a"]],
    [["a-"]],
    [["a--b"]],
    [["../x"]],
    [["a".repeat(31)]],
    [["a", "b"]],
  ])("is refused before anything is written: %j", async (words) => {
    const before = readFileSync(join(ROOT, "samconfig.toml"), "utf8");
    await expect(command.run({ words, options: {} })).rejects.toThrow(/name/);
    expect(readFileSync(join(ROOT, "samconfig.toml"), "utf8")).toBe(before);
  });

  it("is refused when there is such an app", async () => {
    const [taken = ""] = appNames();
    await expect(command.run({ words: [taken], options: {} })).rejects.toThrow(`apps/${taken} exists already`);
  });

  it("is unknown to the commands until then, and they say which apps there are", () => {
    expect(() => knownApp(NAME)).toThrow(`There is no app "${NAME}". Apps: ${appNames().join(", ")}`);
  });
});
