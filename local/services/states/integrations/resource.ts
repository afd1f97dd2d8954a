/** What a Task state's Resource names. */

export type Pattern = "request" | "sync" | "sync:2" | "token";

export type Resource =
  | { readonly kind: "function"; readonly arn: string }
  | { readonly kind: "activity"; readonly arn: string }
  | {
      readonly kind: "service";
      readonly service: string;
      readonly action: string;
      readonly pattern: Pattern;
      readonly isSdk: boolean;
    };

const SUFFIXES: readonly (readonly [string, Pattern])[] = [
  [".waitForTaskToken", "token"],
  [".sync:2", "sync:2"],
  [".sync", "sync"],
];

/** Undefined for what is no resource at all. */
export function readResource(arn: string): Resource | undefined {
  if (/^arn:aws[\w-]*:lambda:[^:]+:\d{12}:function:.+/.test(arn)) return { kind: "function", arn };
  if (/^arn:aws[\w-]*:states:[^:]+:\d{12}:activity:.+/.test(arn)) return { kind: "activity", arn };
  const [, sdk, service, rest] = /^arn:aws[\w-]*:states:[^:]*:[^:]*:(aws-sdk:)?([\w-]+):(.+)$/.exec(arn) ?? [];
  if (service === undefined || rest === undefined) return undefined;
  const [suffix = "", pattern = "request"] = SUFFIXES.find(([end]) => rest.endsWith(end)) ?? [];
  const action = suffix === "" ? rest : rest.slice(0, -suffix.length);
  return { kind: "service", service: service.toLowerCase(), action, pattern, isSdk: sdk !== undefined };
}
