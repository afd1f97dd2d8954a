/**
 * Changes an item as an update expression says. Everything that is read is read from the item as it was, and positions in lists
 * are those of the list as it was. Answers a new item; throws ValidationException.
 */
import { invalid } from "../validation.ts";
import { setMembers } from "../values/compare.ts";
import { addNumbers, subtractNumbers } from "../values/decimal.ts";
import { attributeOf, type Item, setAttribute, typeOf, type Value } from "../values/value.ts";
import { type Path, valueAt } from "./path.ts";
import type { Update, UpdateAction, UpdateOperand } from "./update.ts";

export function applyUpdate(item: Item, update: Update): Item {
  // Positions behind the end of a list append, the lower first.
  const writes = update
    .flatMap((action) => {
      const change = changeOf(item, action);
      return change === undefined ? [] : [{ path: action.path, value: change }];
    })
    .sort((a, b) => lastPosition(a.path) - lastPosition(b.path));
  let changed = item;
  for (const { path, value } of writes) changed = written(changed, path, value);
  return withoutPaths(
    changed,
    update.flatMap((action) => removalOf(item, action)),
  );
}

const wrongType = (): Error => invalid("An operand in the update expression has an incorrect data type");
const wrongPath = (): Error => invalid("The document path provided in the update expression is invalid for update");
const missing = (): Error => invalid("The provided expression refers to an attribute that does not exist in the item");

const lastPosition = (path: Path): number => {
  const last = path.at(-1);
  return typeof last === "number" ? last : -1;
};

/** The value that an action puts at its path; undefined when it puts none. */
function changeOf(item: Item, action: UpdateAction): Value | undefined {
  if (action.kind === "set") return evaluate(item, action.operand);
  if (action.kind === "remove") return undefined;
  const current = valueAt(item, action.path);
  if (action.kind === "add") return current === undefined ? action.value : added(current, action.value);
  if (current === undefined) return undefined;
  return without(current, action.value);
}

function evaluate(item: Item, operand: UpdateOperand): Value {
  switch (operand.kind) {
    case "value":
      return operand.value;
    case "path": {
      const value = valueAt(item, operand.path);
      if (value === undefined) throw missing();
      return value;
    }
    case "if_not_exists":
      return valueAt(item, operand.path) ?? evaluate(item, operand.otherwise);
    case "list_append": {
      const left = evaluate(item, operand.left);
      const right = evaluate(item, operand.right);
      if (!("L" in left && "L" in right)) throw wrongType();
      return { L: [...left.L, ...right.L] };
    }
    case "+":
    case "-": {
      const left = evaluate(item, operand.left);
      const right = evaluate(item, operand.right);
      if (!("N" in left && "N" in right)) throw wrongType();
      return { N: operand.kind === "+" ? addNumbers(left.N, right.N) : subtractNumbers(left.N, right.N) };
    }
  }
}

function added(current: Value, value: Value): Value {
  if ("N" in current && "N" in value) return { N: addNumbers(current.N, value.N) };
  if ("SS" in current && "SS" in value) return { SS: [...new Set([...current.SS, ...value.SS])] };
  if ("NS" in current && "NS" in value) return { NS: [...new Set([...current.NS, ...value.NS])] };
  if (!("BS" in current && "BS" in value)) throw wrongType();
  const held = new Set(setMembers(current));
  return { BS: [...current.BS, ...value.BS.filter((_, at) => !held.has(setMembers(value)[at] ?? ""))] };
}

/** A set without some members; undefined when none is left. */
function without(current: Value, value: Value): Value | undefined {
  if (typeOf(current) !== typeOf(value)) throw wrongType();
  const gone = new Set(setMembers(value));
  if ("SS" in current)
    return unlessEmpty(
      current.SS.filter((member) => !gone.has(member)),
      (SS) => ({ SS }),
    );
  if ("NS" in current)
    return unlessEmpty(
      current.NS.filter((member) => !gone.has(member)),
      (NS) => ({ NS }),
    );
  if (!("BS" in current)) throw wrongType();
  const texts = setMembers(current);
  return unlessEmpty(
    current.BS.filter((_, at) => !gone.has(texts[at] ?? "")),
    (BS) => ({ BS }),
  );
}

const unlessEmpty = <T>(members: T[], make: (members: T[]) => Value): Value | undefined =>
  members.length === 0 ? undefined : make(members);

/** The path that an action takes away, if it does. The way to it must be there. */
function removalOf(item: Item, action: UpdateAction): Path[] {
  const { kind, path } = action;
  if (kind === "set" || kind === "add") return [];
  checkParent(item, path);
  if (kind === "remove") return [path];
  const current = valueAt(item, path);
  return current !== undefined && without(current, action.value) === undefined ? [path] : [];
}

function checkParent(item: Item, path: Path): void {
  const last = path.at(-1);
  if (path.length === 1 || last === undefined) return;
  const [name, ...rest] = path.slice(0, -1);
  const parent = typeof name === "string" ? valueAt(item, [name, ...rest]) : undefined;
  if (parent === undefined || !(typeof last === "number" ? "L" in parent : "M" in parent)) throw wrongPath();
}

function written(item: Item, path: Path, value: Value): Item {
  const [name, ...rest] = path;
  const copy = { ...item };
  setAttribute(copy, name, rest.length === 0 ? value : writtenInto(attributeOf(item, name), rest, value));
  return copy;
}

function writtenInto(parent: Value | undefined, [element, ...rest]: readonly (string | number)[], value: Value): Value {
  if (parent === undefined || element === undefined) throw wrongPath();
  if (typeof element === "string") {
    if (!("M" in parent)) throw wrongPath();
    const copy = { ...parent.M };
    setAttribute(copy, element, rest.length === 0 ? value : writtenInto(attributeOf(copy, element), rest, value));
    return { M: copy };
  }
  if (!("L" in parent)) throw wrongPath();
  const copy = [...parent.L];
  const at = rest.length === 0 ? Math.min(element, copy.length) : element;
  copy[at] = rest.length === 0 ? value : writtenInto(copy[element], rest, value);
  return { L: copy };
}

/** Takes all paths away at once, so that removing one member of a list does not move the next. */
function withoutPaths(item: Item, paths: readonly Path[]): Item {
  if (paths.length === 0) return item;
  const bare = withoutMembers({ M: item }, paths);
  return "M" in bare ? bare.M : item;
}

function withoutMembers(value: Value, paths: readonly (readonly (string | number)[])[]): Value {
  const gone = new Set(paths.flatMap(([first, ...rest]) => (rest.length === 0 && first !== undefined ? [first] : [])));
  const below = (element: string | number, member: Value): Value => {
    const inner = paths.flatMap(([first, ...rest]) => (first === element && rest.length > 0 ? [rest] : []));
    return inner.length === 0 ? member : withoutMembers(member, inner);
  };
  if ("L" in value) return { L: value.L.flatMap((member, at) => (gone.has(at) ? [] : [below(at, member)])) };
  if (!("M" in value)) return value;
  const map: Item = {};
  for (const [name, member] of Object.entries(value.M)) {
    if (!gone.has(name)) setAttribute(map, name, below(name, member));
  }
  return { M: map };
}
