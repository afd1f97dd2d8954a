/** Where a request to a stage goes: `/_apis/<apiId>/<rest>`, the rest still percent-encoded and with its leading slash. */
export interface Address {
  readonly apiId: string;
  readonly rest: string;
}

export function addressOf(path: string): Address | undefined {
  const found = /^\/_apis\/([a-z0-9]+)(\/.*)?$/s.exec(path);
  return found ? { apiId: found[1] ?? "", rest: found[2] ?? "/" } : undefined;
}

/** The first segment of a path, and what follows it. */
export function splitStage(rest: string): { readonly stage: string; readonly path: string } {
  const [, stage = "", path = ""] = /^\/([^/]*)(.*)$/s.exec(rest) ?? [];
  return { stage: decoded(stage), path: path === "" ? "/" : path };
}

/** Percent-decoded where that is possible, else as it is. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
