/** ARNs of Step Functions: what a resource part says. */
import { ServiceError } from "../../core/errors.ts";

const invalid = (arn: string, reason = "Invalid Arn: 'Invalid ARN prefix: "): ServiceError =>
  new ServiceError("InvalidArn", `${reason}${arn}'`);

export interface MachineArn {
  /** The state machine, without version or alias. */
  readonly machine: string;
  /** Version number or alias name. */
  readonly qualifier: string | undefined;
}

const MACHINE = /^(arn:aws[\w-]*:states:[a-z0-9-]+:\d{12}:stateMachine:[^:]+)(?::([^:]+))?$/;

/** Throws InvalidArn. */
export function readMachineArn(arn: string | undefined): MachineArn {
  const [, machine, qualifier] = MACHINE.exec(arn ?? "") ?? [];
  if (machine === undefined) throw invalid(arn ?? "");
  return { machine, qualifier };
}

const EXECUTION = /^arn:aws[\w-]*:states:[a-z0-9-]+:\d{12}:(execution|express):/;

/** Checks that it names an execution of a Standard workflow: others have no records. Throws InvalidArn. */
export function checkExecutionArn(arn: string | undefined): string {
  const [, kind] = EXECUTION.exec(arn ?? "") ?? [];
  if (arn === undefined || kind === undefined) throw invalid(arn ?? "");
  if (kind === "express")
    throw new ServiceError("InvalidArn", "Invalid Arn: 'Resource type not valid in this context: express'");
  return arn;
}

/** Names of machines, executions and activities (API Reference): no space, brackets, wildcards or special characters. */
// oxlint-disable-next-line no-control-regex -- control characters are what the rule is about
const FORBIDDEN = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/u;

/** Throws InvalidName. */
export function checkName(name: string | undefined): string {
  if (name === undefined || name.length < 1 || name.length > 80 || FORBIDDEN.test(name))
    throw new ServiceError("InvalidName", `Invalid Name: '${name ?? ""}'`);
  return name;
}
