/** Members of a document whose form nobody has checked. */
export type Fields = Readonly<Record<string, unknown>>;

export const fields = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const text = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" ? String(value) : undefined;
export const flag = (value: unknown): boolean | undefined =>
  value === undefined ? undefined : String(value) === "true";
export const number = (value: unknown): number | undefined => (value === undefined ? undefined : Number(value));
export const texts = (value: unknown): string[] | undefined =>
  value === undefined ? undefined : Array.isArray(value) ? value.map(String) : [String(value)];
export const textMap = (value: unknown): Record<string, string> | undefined =>
  value === undefined
    ? undefined
    : Object.fromEntries(Object.entries(fields(value)).map(([name, item]) => [name, String(item)]));
