/** Fn::Cidr: consecutive address blocks within a block. */
import { TemplateError, type Path } from "../template-error.ts";
import { isList, type Value } from "../value.ts";
import type { Evaluate } from "./evaluate.ts";
import type { Scope } from "./scope.ts";

/** `[block, count, bits]`: `count` blocks (at most 256) that leave `bits` bits for hosts, from the start of the block. IPv4 only. */
export function cidr(argument: Value, scope: Scope, path: Path, evaluate: Evaluate): Value {
  const fail = (what: string) => new TemplateError(`Template error: Fn::Cidr ${what}`, path);
  if (!isList(argument) || argument.length < 2 || argument.length > 3) throw fail("requires two or three parameters");
  const [block, count, bits = 8] = argument.map((part) => evaluate(part, scope, path));
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(String(block));
  if (!match) throw fail(`does not understand the block ${String(block)}: only IPv4 is supported`);
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number);
  const wanted = Number(count);
  const hostBits = Number(bits);
  if (!(wanted >= 1 && wanted <= 256)) throw fail("requires a count between 1 and 256");
  if (!Number.isInteger(hostBits) || hostBits < 1 || 32 - hostBits < prefix)
    throw fail("requires bits that fit into the block");
  const size = 2 ** hostBits;
  if (wanted * size > 2 ** (32 - prefix))
    throw fail(`cannot take ${wanted} blocks of ${size} addresses from ${String(block)}`);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const start = address - (address % 2 ** (32 - prefix));
  return Array.from({ length: wanted }, (_, index) => `${dotted(start + index * size)}/${32 - hostBits}`);
}

const dotted = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
