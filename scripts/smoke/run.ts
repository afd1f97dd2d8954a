/** Drives the local cloud with clients that are not ours: boto3 and the aws command line, from a Python environment of their own. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { startCloud } from "../../local/cloud.ts";

const CLIENTS = join(import.meta.dirname, "clients", "main.py");

interface Ended {
  readonly code: number;
  /** What a quiet program printed. */
  readonly said: string;
}

function run(
  program: string,
  words: readonly string[],
  { env, quiet = false }: { env?: NodeJS.ProcessEnv; quiet?: boolean } = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, words, { env, stdio: quiet ? ["ignore", "pipe", "pipe"] : "inherit" });
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk: Buffer) => (said += chunk.toString()));
    child.on("error", (error) => resolve({ code: 127, said: error.message }));
    child.on("close", (code) => resolve({ code: code ?? 1, said }));
  });
}

/** A Python with boto3 and the aws command line in that folder; answers why not when it cannot be made. */
async function makePython(folder: string): Promise<{ bin: string } | { missing: string }> {
  const made = await run("python3", ["-m", "venv", folder], { quiet: true });
  if (made.code !== 0) return { missing: `python3 makes no environment (${firstLine(made.said)})` };
  const bin = join(folder, process.platform === "win32" ? "Scripts" : "bin");
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "boto3", "awscli"];
  const installed = await run(join(bin, "python"), pip, { quiet: true });
  return installed.code === 0 ? { bin } : { missing: `pip cannot install boto3 (${firstLine(installed.said)})` };
}

const firstLine = (text: string): string => text.trim().split("\n").at(-1) ?? "";

async function smoke(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "smoke-"));
  try {
    const python = await makePython(join(folder, "python"));
    if ("missing" in python) {
      console.log(`smoke: skipped: ${python.missing}`);
      return 0;
    }
    const trouble: string[] = [];
    const log = {
      info: () => {},
      warn: (message: string) => void trouble.push(message),
      error: (message: string, error?: unknown) =>
        void trouble.push(`${message} ${error instanceof Error ? error.stack : ""}`),
    };
    const cloud = await startCloud({ log });
    try {
      const { code } = await run(join(python.bin, "python"), [CLIENTS], {
        env: environment(cloud.endpoint, python.bin),
      });
      for (const message of trouble) console.log(`logged: ${message}`);
      return code;
    } finally {
      await cloud.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Nothing of the person's own account is read: neither configuration nor credentials. */
function environment(endpoint: string, bin: string): NodeJS.ProcessEnv {
  return {
    PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}`,
    HOME: bin,
    LC_ALL: "C.UTF-8",
    PYTHONDONTWRITEBYTECODE: "1",
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_PAGER: "",
    NO_PROXY: "127.0.0.1",
  };
}

process.exitCode = await smoke();
