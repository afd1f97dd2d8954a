/** Who makes a call. */

export type Principal =
  /** Somebody at the keyboard with the account's own credentials: everything is allowed. */
  | { readonly kind: "account" }
  /** A function, state machine or API acting in a role: only what the role's policies allow. */
  | { readonly kind: "role"; readonly roleArn: string; readonly sessionName: string }
  /** An AWS service acting on behalf of a resource: only what the target's resource policy allows. */
  | { readonly kind: "service"; readonly service: string; readonly sourceArn?: string }
  /** Nobody: an unsigned request. */
  | { readonly kind: "anonymous" };

export const ACCOUNT: Principal = { kind: "account" };
export const asRole = (roleArn: string, sessionName: string): Principal => ({ kind: "role", roleArn, sessionName });
/** Example: `asService("s3.amazonaws.com", bucketArn)`. */
export const asService = (service: string, sourceArn: string): Principal => ({ kind: "service", service, sourceArn });

/** One thing that must be allowed for a call to go through. */
export interface Permission {
  /** Example: `s3:GetObject`. */
  readonly action: string;
  /** An ARN, or `*` for actions that know no resource. */
  readonly resource: string;
  /** Condition keys of this call beyond the global ones, such as `s3:prefix` or `aws:ResourceTag/team`. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

export type Effect = "Allow" | "Deny";

export interface Statement {
  readonly Sid?: string;
  readonly Effect: Effect;
  readonly Principal?: "*" | Readonly<Record<string, string | readonly string[]>>;
  readonly NotPrincipal?: "*" | Readonly<Record<string, string | readonly string[]>>;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<
    Record<string, Readonly<Record<string, string | boolean | number | readonly (string | boolean | number)[]>>>
  >;
}

export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: Statement | readonly Statement[];
}
