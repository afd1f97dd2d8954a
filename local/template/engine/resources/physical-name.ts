const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const SUFFIX = 12;

/**
 * A name as CloudFormation makes them: `<stack>-<logicalId>-<suffix>`. Where it would be longer than `maxLength`, the stack's
 * name is cut first, at most to half of the room, then the logical id.
 */
export function physicalName(
  stackName: string,
  logicalId: string,
  maxLength: number,
  random: () => number,
  options: { readonly lowercase?: boolean } = {},
): string {
  const suffix = Array.from({ length: SUFFIX }, () => LETTERS[Math.floor(random() * LETTERS.length)]).join("");
  const room = maxLength - SUFFIX - 2;
  const stack = stackName.slice(0, Math.max(room - logicalId.length, Math.floor(room / 2)));
  const name = `${stack}-${logicalId.slice(0, room - stack.length)}-${suffix}`;
  return options.lowercase === true ? name.toLowerCase() : name;
}
