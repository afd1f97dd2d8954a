/** Renders mapping templates. */
import { callMethod, isEqual, isMap, type MapValue, printed } from "./java-values.ts";
import { parseTemplate } from "./parse-template.ts";
import { type Expression, type Node, type Operator, type Reference, type Step, TemplateError } from "./syntax.ts";

/** What `$input` and `$util` are: their methods by name. */
export type Tool = Readonly<Record<string, ((...values: unknown[]) => unknown) | string>>;

export interface Surroundings {
  readonly tools: Readonly<Record<string, Tool>>;
  /** `$context` and `$stageVariables`; a template may write to them. */
  readonly variables: Record<string, unknown>;
}

/** A template is small; a loop in it must not block the cloud. */
const MOST_STEPS = 200_000;

class Break extends Error {}
class Stop extends Error {}
/** A block kept by `#define`, rendered anew wherever it is used. */
class Block {
  readonly body: readonly Node[];
  constructor(body: readonly Node[]) {
    this.body = body;
  }
}

/** Throws TemplateError. */
export function render(template: string, surroundings: Surroundings): string {
  const run = new Run(surroundings);
  try {
    run.nodes(parseTemplate(template));
  } catch (error) {
    if (!(error instanceof Stop) && !(error instanceof Break)) throw error;
  }
  return run.output;
}

class Run {
  output = "";
  readonly #tools: Surroundings["tools"];
  readonly #variables: Record<string, unknown>;
  #steps = 0;

  constructor({ tools, variables }: Surroundings) {
    this.#tools = tools;
    this.#variables = { ...variables };
  }

  nodes(nodes: readonly Node[]): void {
    for (const node of nodes) this.#node(node);
  }

  #node(node: Node): void {
    if (++this.#steps > MOST_STEPS) throw new TemplateError("A mapping template does not come to an end");
    switch (node.kind) {
      case "text":
        this.output += node.text;
        return;
      case "output": {
        const value = this.#reference(node.reference);
        // API Gateway writes nothing for what is not there.
        if (value instanceof Block) this.nodes(value.body);
        else if (value !== undefined && value !== null) this.output += printed(value);
        return;
      }
      case "set":
        this.#assign(node.target, this.#value(node.value));
        return;
      case "if": {
        const branch = node.branches.find(({ condition }) => isTrue(this.#value(condition)));
        this.nodes(branch ? branch.body : node.otherwise);
        return;
      }
      case "foreach":
        this.#foreach(node.name, this.#value(node.list), node.body);
        return;
      case "define":
        this.#variables[node.name] = new Block(node.body);
        return;
      case "break":
        throw new Break();
      case "stop":
        throw new Stop();
    }
  }

  #foreach(name: string, list: unknown, body: readonly Node[]): void {
    const items: readonly unknown[] = Array.isArray(list) ? list : isMap(list) ? Object.values(list) : [];
    const outer = this.#variables["foreach"];
    const shadowed = this.#variables[name];
    try {
      for (const [index, item] of items.entries()) {
        const hasNext = index + 1 < items.length;
        this.#variables[name] = item;
        this.#variables["foreach"] = {
          index,
          count: index + 1,
          hasNext,
          first: index === 0,
          last: !hasNext,
          parent: outer,
        };
        this.#variables["velocityCount"] = index + 1;
        this.nodes(body);
      }
    } catch (error) {
      if (!(error instanceof Break)) throw error;
    } finally {
      this.#variables["foreach"] = outer;
      this.#variables[name] = shadowed;
    }
  }

  #assign(target: Reference, value: unknown): void {
    const last = target.steps.at(-1);
    if (!last) {
      this.#variables[target.name] = value;
      return;
    }
    const parent = this.#place(target.name, target.steps.slice(0, -1));
    const key =
      last.kind === "property" ? last.name : last.kind === "index" ? printed(this.#value(last.index)) : undefined;
    if (key === undefined) throw new TemplateError("#set cannot assign to the result of a method");
    if (Array.isArray(parent)) parent[Number(key)] = value;
    else parent[key] = value;
  }

  /** Where a property is to be put: `$context.requestOverride.header` comes into being as it is written to. */
  #place(name: string, steps: readonly Step[]): MapValue | unknown[] {
    const root = this.#variables[name];
    let place: MapValue | unknown[] = isMap(root) || Array.isArray(root) ? root : {};
    this.#variables[name] = place;
    for (const step of steps) {
      const key = step.kind === "property" ? step.name : step.kind === "index" ? printed(this.#value(step.index)) : "";
      const inner: unknown = Array.isArray(place) ? place[Number(key)] : place[key];
      if (isMap(inner) || Array.isArray(inner)) place = inner;
      else {
        const made: MapValue = {};
        if (Array.isArray(place)) place[Number(key)] = made;
        else place[key] = made;
        place = made;
      }
    }
    return place;
  }

  #reference({ name, steps }: Reference): unknown {
    const [first, ...rest] = steps;
    const tool = this.#tools[name];
    if (tool && first) {
      const member = first.kind === "index" ? undefined : tool[first.name];
      if (member === undefined)
        throw new TemplateError(
          `$${name} has no ${first.kind === "index" ? "elements" : first.name} in the local cloud`,
        );
      const value =
        typeof member === "string"
          ? member
          : member(...(first.kind === "call" ? first.arguments.map((argument) => this.#value(argument)) : []));
      return rest.reduce<unknown>((target, step) => this.#step(target, step), value);
    }
    return steps.reduce<unknown>((target, step) => this.#step(target, step), this.#variables[name]);
  }

  #step(target: unknown, step: Step): unknown {
    if (target === undefined || target === null) return undefined;
    switch (step.kind) {
      case "call":
        return callMethod(
          target,
          step.name,
          step.arguments.map((argument) => this.#value(argument)),
        );
      case "index": {
        const index = this.#value(step.index);
        if (Array.isArray(target)) return target.at(Number(index));
        return isMap(target) ? memberOf(target, printed(index)) : undefined;
      }
      case "property":
        // `$list.empty` and `$text.length` are Java's getters.
        if (isMap(target)) return memberOf(target, step.name);
        return step.name === "empty" ? callMethod(target, "isEmpty", []) : undefined;
    }
  }

  #value(expression: Expression): unknown {
    switch (expression.kind) {
      case "literal":
        return expression.value;
      case "reference": {
        const value = this.#reference(expression);
        return value instanceof Block ? this.#captured(value.body) : value;
      }
      case "interpolated":
        return this.#captured(expression.body);
      case "list":
        return expression.items.map((item) => this.#value(item));
      case "map":
        return Object.fromEntries(
          expression.entries.map(([key, value]) => [printed(this.#value(key)), this.#value(value)]),
        );
      case "range":
        return range(Number(this.#value(expression.from)), Number(this.#value(expression.to)));
      case "not":
        return !isTrue(this.#value(expression.operand));
      case "binary":
        return this.#binary(expression.operator, expression.left, expression.right);
    }
  }

  #captured(body: readonly Node[]): string {
    const before = this.output;
    this.output = "";
    try {
      this.nodes(body);
      return this.output;
    } finally {
      this.output = before;
    }
  }

  #binary(operator: Operator, leftOperand: Expression, rightOperand: Expression): unknown {
    const left = this.#value(leftOperand);
    if (operator === "&&") return isTrue(left) && isTrue(this.#value(rightOperand));
    if (operator === "||") return isTrue(left) || isTrue(this.#value(rightOperand));
    const right = this.#value(rightOperand);
    if (operator === "==") return isEqual(left, right);
    if (operator === "!=") return !isEqual(left, right);
    if (operator === "+" && (typeof left === "string" || typeof right === "string"))
      return printed(left) + printed(right);
    if (typeof left !== "number" || typeof right !== "number") return undefined;
    return arithmetic(operator, left, right);
  }
}

function arithmetic(operator: Operator, left: number, right: number): number | boolean | undefined {
  const whole = Number.isInteger(left) && Number.isInteger(right);
  switch (operator) {
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return right === 0 ? undefined : whole ? Math.trunc(left / right) : left / right;
    case "%":
      return right === 0 ? undefined : left % right;
    default:
      return undefined;
  }
}

function range(from: number, to: number): number[] {
  const length = Math.abs(to - from) + 1;
  if (!(length <= MOST_STEPS)) throw new TemplateError("A range of a mapping template is too long");
  return Array.from({ length }, (_, index) => from + (to < from ? -index : index));
}

const memberOf = (target: MapValue, name: string): unknown => (Object.hasOwn(target, name) ? target[name] : undefined);
/** Everything but null and false is true (Velocity 1.7). */
const isTrue = (value: unknown): boolean => value !== undefined && value !== null && value !== false;
