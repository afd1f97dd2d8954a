/** Where the next page of an answer begins. */
import * as z from "zod/mini";
import { InputInvalid } from "#shared/errors";

const Place = z.strictObject({ query: z.uuid(), token: z.string().check(z.minLength(1)) });
type Place = z.infer<typeof Place>;

export const tokenOf = (place: Place): string => Buffer.from(JSON.stringify(place)).toString("base64url");

/** Throws InputInvalid. */
export function placeOf(token: string): Place {
  try {
    return Place.parse(JSON.parse(Buffer.from(token, "base64url").toString()));
  } catch {
    throw new InputInvalid([{ field: "nextToken", problem: "not a token that this function gave" }]);
  }
}
