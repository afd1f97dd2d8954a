/** A debugger that follows worker threads, as editors do, stops on a line of a handler's TypeScript. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { ROOT } from "./cli/apps.ts";

const SOURCE = join(ROOT, "apps", "difference-checker", "src", "compare-version.ts");

interface Message {
  readonly method?: string;
  readonly params?: Record<string, never> & {
    readonly sessionId?: string;
    readonly message?: string;
    readonly url?: string;
    readonly sourceMapURL?: string;
    readonly callFrames?: readonly { readonly location: { readonly lineNumber: number } }[];
    readonly hitBreakpoints?: readonly string[];
  };
}

let program: ChildProcess | undefined;
afterEach(() => program?.kill());

/** Starts a command that waits for its debugger; answers the debugger's address. */
async function debugged(...args: readonly string[]): Promise<string> {
  program = spawn(process.execPath, ["--inspect-wait=127.0.0.1:0", join(ROOT, "scripts", "run.mjs"), ...args], {
    cwd: ROOT,
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (program.stderr)
    for await (const line of createInterface(program.stderr)) {
      const [, address] = /listening on (ws:\S+)/.exec(line) ?? [];
      if (address !== undefined) return address;
    }
  throw new Error("The command ended before a debugger could attach");
}

/** The line of the bundle, from 0, that the source's first line with this text has become; -1 when there is none. */
function lineInBundle(text: string, bundle: string, mapUrl: string): number {
  const source = readFileSync(SOURCE, "utf8")
    .split("\n")
    .findIndex((line) => line.includes(text));
  const map = new SourceMap(JSON.parse(readFileSync(resolve(dirname(bundle), mapUrl), "utf8")) as never);
  const lines = readFileSync(bundle, "utf8").split("\n");
  return lines.findIndex((line, index) => {
    const entry = map.findEntry(index, line.search(/\S/));
    if (!("originalSource" in entry)) return false;
    return resolve(dirname(bundle), entry.originalSource) === SOURCE && entry.originalLine === source;
  });
}

/** Runs to the line with this text; answers the line on which a function stopped, and the one that was asked for. */
function stopAt(text: string, address: string): Promise<{ asked: number; stopped: number | undefined }> {
  return new Promise((done, fail) => {
    const socket = new WebSocket(address);
    let id = 0;
    let asked = -1;
    const send = (method: string, params: object = {}) => socket.send(JSON.stringify({ id: ++id, method, params }));
    const sendTo = (sessionId: string, method: string, params: object = {}) =>
      send("NodeWorker.sendMessageToWorker", { sessionId, message: JSON.stringify({ id: ++id, method, params }) });
    const hear = (sessionId: string, { method, params }: Message) => {
      if (method === "Debugger.scriptParsed" && params?.url?.endsWith("/compare-version.mjs")) {
        asked = lineInBundle(text, fileURLToPath(params.url), params.sourceMapURL ?? "");
        sendTo(sessionId, "Debugger.setBreakpointByUrl", { url: params.url, lineNumber: asked });
      }
      if (method !== "Debugger.paused") return;
      if (params?.hitBreakpoints?.length) done({ asked, stopped: params.callFrames?.[0]?.location.lineNumber });
      else sendTo(sessionId, "Debugger.resume");
    };
    socket.addEventListener("error", () => fail(new Error("The debugger was cut off")));
    socket.addEventListener("close", () => fail(new Error("The command ended, and nothing stopped")));
    socket.addEventListener("message", ({ data }) => {
      const { method, params } = JSON.parse(String(data)) as Message;
      const sessionId = params?.sessionId ?? "";
      if (method === "NodeWorker.attachedToWorker") {
        sendTo(sessionId, "Debugger.enable");
        sendTo(sessionId, "Runtime.runIfWaitingForDebugger");
      }
      if (method === "NodeWorker.receivedMessageFromWorker")
        hear(sessionId, JSON.parse(params?.message ?? "{}") as Message);
    });
    socket.addEventListener("open", () => {
      send("NodeWorker.enable", { waitForDebuggerOnStart: true });
      send("Runtime.runIfWaitingForDebugger");
    });
  });
}

describe("a breakpoint in a TypeScript handler", () => {
  it("stops the function when a message of its queue comes", { timeout: 60_000 }, async () => {
    const { asked, stopped } = await stopAt("await versionsOf(", await debugged("demo", "difference-checker"));
    expect(asked).toBeGreaterThan(0);
    expect(stopped).toBe(asked);
  });
});
