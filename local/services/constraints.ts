/** The checks that AWS makes of every member before an operation begins, in the sentences that AWS uses for them. */
import { ServiceError } from "../core/errors.ts";

export interface TextRule {
  readonly required?: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
  /** The pattern as the message shows it, when it reads differently from the expression's source. */
  readonly patternText?: string;
  readonly oneOf?: readonly string[];
}

export interface NumberRule {
  readonly required?: boolean;
  readonly min?: number;
  readonly max?: number;
}

/**
 * Collects what is wrong with an input and throws it all at once, as AWS does:
 * `2 validation errors detected: Value … at 'a' failed to satisfy constraint: …; Value … at 'b' …`.
 */
export class Constraints {
  readonly #errorName: string;
  readonly #violations: string[] = [];

  /** @param errorName `ValidationException` for JSON services, `ValidationError` for most query services. */
  constructor(errorName = "ValidationException") {
    this.#errorName = errorName;
  }

  /** @param member as messages name it: `roleName`, `metricData.1.member.unit`. */
  text(member: string, value: string | undefined, rule: TextRule): this {
    if (value === undefined) return rule.required ? this.violated(member, undefined, "Member must not be null") : this;
    if (rule.min !== undefined && value.length < rule.min) {
      this.violated(member, value, `Member must have length greater than or equal to ${rule.min}`);
    }
    if (rule.max !== undefined && value.length > rule.max) {
      this.violated(member, value, `Member must have length less than or equal to ${rule.max}`);
    }
    if (rule.pattern && !rule.pattern.test(value)) {
      const shown = rule.patternText ?? rule.pattern.source.replace(/^\^|\$$/g, "");
      this.violated(member, value, `Member must satisfy regular expression pattern: ${shown}`);
    }
    if (rule.oneOf && !rule.oneOf.includes(value)) {
      this.violated(member, value, `Member must satisfy enum value set: [${rule.oneOf.join(", ")}]`);
    }
    return this;
  }

  number(member: string, value: number | undefined, rule: NumberRule): this {
    if (value === undefined) return rule.required ? this.violated(member, undefined, "Member must not be null") : this;
    if (rule.min !== undefined && value < rule.min) {
      this.violated(member, value, `Member must have value greater than or equal to ${rule.min}`);
    }
    if (rule.max !== undefined && value > rule.max) {
      this.violated(member, value, `Member must have value less than or equal to ${rule.max}`);
    }
    return this;
  }

  list(member: string, value: readonly unknown[] | undefined, rule: NumberRule): this {
    if (value === undefined) return rule.required ? this.violated(member, undefined, "Member must not be null") : this;
    const shown = `[${value.map((item) => (typeof item === "string" ? item : "…")).join(", ")}]`;
    if (rule.min !== undefined && value.length < rule.min) {
      this.violated(member, shown, `Member must have length greater than or equal to ${rule.min}`);
    }
    if (rule.max !== undefined && value.length > rule.max) {
      this.violated(member, shown, `Member must have length less than or equal to ${rule.max}`);
    }
    return this;
  }

  present(member: string, value: unknown): this {
    return value === undefined || value === null ? this.violated(member, undefined, "Member must not be null") : this;
  }

  violated(member: string, value: string | number | undefined, constraint: string): this {
    const shown = value === undefined ? "null" : `'${value}'`;
    this.#violations.push(`Value ${shown} at '${member}' failed to satisfy constraint: ${constraint}`);
    return this;
  }

  /** Throws when anything was violated. */
  check(): void {
    const count = this.#violations.length;
    if (count === 0) return;
    const errors = count === 1 ? "1 validation error" : `${count} validation errors`;
    throw new ServiceError(this.#errorName, `${errors} detected: ${this.#violations.join("; ")}`);
  }
}

/** The member's value after the checks have shown that it is there. Throws the given service's error when it is not. */
export function required<T>(member: string, value: T | null | undefined, errorName = "ValidationException"): T {
  if (value === undefined || value === null) new Constraints(errorName).present(member, value).check();
  // present() has thrown for the two other cases.
  return value as T;
}
