/** Members of inputs that change what AWS does and that are not there: they are refused, never passed over. */
import { ServiceError } from "../../core/errors.ts";

/** Throws ValidationError for members that are set to something else than nothing. */
export function refuse(input: object, members: readonly string[]): void {
  const values = new Map<string, unknown>(Object.entries(input));
  for (const member of members) {
    const value = values.get(member);
    const isUnset = value === undefined || value === false || (Array.isArray(value) && value.length === 0);
    if (!isUnset) throw new ServiceError("ValidationError", `${member} is not supported by the local cloud.`);
  }
}
