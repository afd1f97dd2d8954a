/** Finds the handler function of a deployment package as the Node.js runtime does. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { RuntimeError } from "./failure.ts";

export type HandlerFunction = (event: unknown, context: unknown, third?: unknown) => unknown;

const EXTENSIONS = ["", ".js", ".mjs", ".cjs"];

/** Throws errors named `Runtime.…`, or what the module itself throws while it loads. */
export async function loadHandler(root: string, handler: string): Promise<HandlerFunction> {
  if (handler.includes(".."))
    throw new RuntimeError(
      "Runtime.MalformedHandlerName",
      `'${handler}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  const base = path.posix.basename(handler);
  const dot = base.indexOf(".");
  if (dot <= 0 || dot === base.length - 1) throw new RuntimeError("Runtime.MalformedHandlerName", "Bad handler");
  const file = path.resolve(root, path.posix.dirname(handler), base.slice(0, dot));
  const module = await load(file);
  const found = member(module, base.slice(dot + 1)) ?? member(member(module, "default"), base.slice(dot + 1));
  if (!found) throw new RuntimeError("Runtime.HandlerNotFound", `${handler} is undefined or not exported`);
  if (typeof found !== "function") throw new RuntimeError("Runtime.HandlerNotFound", `${handler} is not a function`);
  return found as HandlerFunction;
}

async function load(file: string): Promise<unknown> {
  try {
    for (const extension of EXTENSIONS) {
      const name = file + extension;
      // A name without extension may be a folder of that name.
      if (extension === "" ? path.extname(name) !== "" && existsSync(name) : existsSync(name))
        return (await import(pathToFileURL(name).href)) as unknown;
    }
    return createRequire(path.join(path.dirname(file), "handler.js"))(file) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) throw syntaxError(error);
    if (isMissingModule(error)) throw new RuntimeError("Runtime.ImportModuleError", String(error));
    throw error;
  }
}

function syntaxError(error: SyntaxError): RuntimeError {
  const renamed = new RuntimeError("Runtime.UserCodeSyntaxError", String(error));
  if (error.stack !== undefined) renamed.stack = error.stack;
  return renamed;
}

/** Only what `require` cannot find has a name of its own; an `import` that fails is thrown as it is, as in Lambda. */
const isMissingModule = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND";

/** `a.b` in nested objects. */
const member = (value: unknown, name: string): unknown =>
  name
    .split(".")
    .reduce<unknown>(
      (inner, key) =>
        (typeof inner === "object" && inner !== null) || typeof inner === "function"
          ? (inner as Record<string, unknown>)[key]
          : undefined,
      value,
    );
