/** Makes a new app in the style of the house: it deploys, runs and passes all checks before its author has written a line. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { format, getFileInfo, resolveConfig } from "prettier";
import { APPS, ROOT } from "./cli/apps.ts";
import { type Command, Misuse } from "./cli/command.ts";
import { paint } from "./cli/terminal.ts";
import { filesOf, readmeRowOf, samconfigOf } from "./new/files.ts";

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const LONGEST_NAME = 30;

const command: Command = {
  says: "Makes a new app: a queue, a function that greets whoever is named in a message, its tests, events, demo and README.",
  usage: "npm run new -- <app>",
  examples: ["npm run new -- parcel-tracker"],
  async run({ words: [name, ...rest] }) {
    if (name === undefined || rest.length > 0) throw new Misuse("One name, such as parcel-tracker");
    if (!NAME.test(name) || name.length > LONGEST_NAME)
      throw new Misuse(
        `"${name}" is no name for an app: small letters, digits and single hyphens, at most ${LONGEST_NAME}, a letter first`,
      );
    if (existsSync(join(APPS, name))) throw new Misuse(`apps/${name} exists already`);
    for (const [path, text] of Object.entries(filesOf(name))) {
      const file = join(ROOT, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, await formatted(file, text));
      console.log(`${paint("green", "+")} ${relative(ROOT, file)}`);
    }
    const config = join(ROOT, "samconfig.toml");
    writeFileSync(config, `${readFileSync(config, "utf8").trimEnd()}\n\n${samconfigOf(name)}`);
    console.log(`${paint("yellow", "~")} samconfig.toml: environment ${name}`);
    await addToReadme(name);
    console.log(
      `${paint("yellow", "~")} README.md: a row in the table of apps\n\nNext: npm run demo -- ${name}, npm test -- apps/${name}, npm run check. CONTRIBUTING.md says how to go on.`,
    );
    return 0;
  },
};

export default command;

/** The table of apps ends at its marker. */
async function addToReadme(name: string): Promise<void> {
  const path = join(ROOT, "README.md");
  const text = readFileSync(path, "utf8");
  const marker = "\n\n<!-- end of apps -->";
  if (!text.includes(marker)) throw new Error(`README.md has lost its marker${marker}`);
  writeFileSync(path, await formatted(path, text.replace(marker, `\n${readmeRowOf(name)}${marker}`)));
}

/** Names differ in length, and with them the breaking of lines. Files of kinds that prettier does not know stay as they are. */
async function formatted(file: string, text: string): Promise<string> {
  const { inferredParser } = await getFileInfo(file);
  if (inferredParser === null) return text;
  return format(text, { ...(await resolveConfig(file)), parser: inferredParser });
}
