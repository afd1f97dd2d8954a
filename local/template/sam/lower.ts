import type { Fields } from "../value.ts";
export interface LowerOptions {
  readonly folder: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  readonly region: string;
  readonly warn: (message: string) => void;
}
export function lowerSam(raw: Fields, _options: LowerOptions): Fields {
  return raw;
}
