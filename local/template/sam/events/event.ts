/** What an event source of a function or state machine is lowered from and to. */
import type { TemplateError, Path } from "../../template-error.ts";
import type { Fields, Value } from "../../value.ts";
import { invalid, type Lowering, type SamResource } from "../lowering.ts";

/** The function or state machine that an event starts. */
export interface EventTarget {
  readonly kind: "function" | "state-machine";
  readonly resource: SamResource;
  /** What invocations name: a reference to the function, its alias, or the state machine. */
  readonly reference: Value;
  readonly arn: Value;
  /** The variable of Fn::Sub that stands for the ARN. */
  readonly variable: string;
  /** For state machines: what roles made for events inherit. */
  readonly boundary?: Value | undefined;
}

export interface SamEvent {
  readonly name: string;
  /** Function and event name joined: the id of the main product. */
  readonly id: string;
  readonly type: string;
  readonly properties: Fields;
  /** Where the event's properties are. */
  readonly path: Path;
}

/** What an event adds to the target's own role. */
export interface RoleAddition {
  readonly managed?: readonly string[];
  readonly inline?: readonly Fields[];
}

export type LowerEvent = (lowering: Lowering, target: EventTarget, event: SamEvent) => RoleAddition | undefined | void;

/** A property that must be there. Throws TemplateError. */
export function required(target: EventTarget, event: SamEvent, name: string): Value {
  const value = event.properties[name];
  if (value === undefined || value === null) throw eventError(target, event, `missing property '${name}'.`);
  return value;
}

export const eventError = (target: EventTarget, event: SamEvent, why: string): TemplateError =>
  invalid(target.resource.id, `Event with id [${event.id}] is invalid. ${why}`, event.path);

/** Leave for a service to invoke the function. */
export function addPermission(
  lowering: Lowering,
  target: EventTarget,
  id: string,
  principal: string,
  members: Readonly<Record<string, Value | undefined>>,
): void {
  lowering.add(
    id,
    "AWS::Lambda::Permission",
    { Action: "lambda:InvokeFunction", FunctionName: target.reference, Principal: principal, ...members },
    target.resource.passed,
  );
}
