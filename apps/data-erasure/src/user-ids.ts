/** Ids of users: as people list them, and as file names begin with them. */
import { InputInvalid } from "#shared/errors";

/** No blanks, commas, quotes or control characters, at most 128 characters. */
const USER_ID = /^[^\s,;"'\p{Cc}]{1,128}$/u;
const MOST_USERS = 10_000;

/** Trimmed, without empty ones, each once, in order. Throws InputInvalid, which names positions, never ids. */
export function checkedUserIds(given: readonly string[], field = "userIds"): readonly string[] {
  const ids = [...new Set(given.map((id) => id.trim()).filter((id) => id !== ""))].toSorted();
  if (ids.length === 0) throw new InputInvalid([{ field, problem: "no user is named" }]);
  if (ids.length > MOST_USERS) {
    throw new InputInvalid([{ field, problem: `more than ${MOST_USERS} users; make several requests of it` }]);
  }
  const wrong = given.flatMap((id, index) => (id.trim() === "" || USER_ID.test(id.trim()) ? [] : [index]));
  if (wrong.length > 0) {
    throw new InputInvalid(
      wrong.slice(0, 10).map((index) => ({
        field: `${field}[${index}]`,
        problem: "expected 1 to 128 characters without blanks, commas, quotes or control characters",
      })),
    );
  }
  return ids;
}

/** The ids in an uploaded list: separated by commas, semicolons or lines; a header `user_id` is none. */
export function listedUserIds(text: string): readonly string[] {
  const words = text.replace(/^\uFEFF/, "").split(/[\r\n,;]+/);
  return checkedUserIds(
    words.map((word) => word.trim().replace(/^"(.*)"$/, "$1")).filter((word, index) => index > 0 || word !== "user_id"),
    "list",
  );
}

/** `files/2030/1001-portrait.jpg` belongs to 1001: what is before the first hyphen of the name. */
export function ownerOf(key: string): string | undefined {
  const name = key.slice(key.lastIndexOf("/") + 1);
  const hyphen = name.indexOf("-");
  const id = hyphen < 0 ? "" : name.slice(0, hyphen);
  return USER_ID.test(id) ? id : undefined;
}
