/** What is wrong with a template, and where. */
import { ServiceError } from "../core/errors.ts";

/** A place in a template, such as `Resources.Queue.Properties.RedrivePolicy`. */
export type Path = string;

export const inside = (path: Path, name: string | number): Path => (path === "" ? String(name) : `${path}.${name}`);

/** CloudFormation answers every fault of a template with ValidationError; the place is added to its wording. */
export class TemplateError extends ServiceError {
  readonly path: Path;
  /** The message without the place. */
  readonly reason: string;

  constructor(reason: string, path: Path = "") {
    super("ValidationError", path === "" ? reason : `${reason} (at ${path})`);
    this.reason = reason;
    this.path = path;
  }
}
