/** Roles and managed policies as they are kept: the iam service writes them, evaluation reads them. */
import type { Storage, StoredMap } from "../core/storage.ts";

/** A stored value is never changed in place: compiled policies are remembered by its identity. */
export interface StoredRole {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  /** `AROA…` */
  readonly id: string;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly description?: string | undefined;
  readonly maxSessionDuration: number;
  /** The trust policy, as JSON text. */
  readonly trust: string;
  /** Documents (JSON text) by policy name. */
  readonly inline: Readonly<Record<string, string>>;
  /** ARNs of managed policies. */
  readonly attached: readonly string[];
  readonly boundary?: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

export interface StoredManagedPolicy {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  /** `ANPA…` */
  readonly id: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly description?: string | undefined;
  /** Newest last; `defaultVersion` is the one in force. */
  readonly versions: readonly { readonly id: string; readonly document: string; readonly createdAt: number }[];
  readonly defaultVersion: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** By role name, which is unique in an account whatever its path. */
export const rolesOf = (storage: Storage): StoredMap<StoredRole> => storage.map("iam.roles");
/** By ARN. */
export const managedPoliciesOf = (storage: Storage): StoredMap<StoredManagedPolicy> =>
  storage.map("iam.managedPolicies");

/** `arn:aws:iam::123456789012:role/path/Name` → `Name`. */
export const roleName = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);
