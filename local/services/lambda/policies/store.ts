/** Resource policies of functions: who may invoke them besides those whose own policies say so. */
import type { Cloud } from "../../../core/cloud.ts";
import type { PolicyDocument, Statement } from "../../../core/principal.ts";

export interface FunctionPolicy {
  readonly statements: readonly Statement[];
  readonly revisionId: string;
}

export class FunctionPolicies {
  readonly #policies;

  constructor(cloud: Cloud) {
    this.#policies = cloud.storage.map<FunctionPolicy>("lambda.policies");
  }

  /** Of the function itself, or of one version or alias: they do not inherit from each other. */
  get(name: string, qualifier: string | undefined): FunctionPolicy | undefined {
    return this.#policies.get(keyOf(name, qualifier));
  }

  document(name: string, qualifier: string | undefined): PolicyDocument | undefined {
    const policy = this.get(name, qualifier);
    return policy && { Version: "2012-10-17", Statement: policy.statements };
  }

  /** Without statements there is no policy any more. */
  save(name: string, qualifier: string | undefined, policy: FunctionPolicy): void {
    if (policy.statements.length === 0) this.#policies.delete(keyOf(name, qualifier));
    else this.#policies.set(keyOf(name, qualifier), policy);
  }

  deleteFunction(name: string): void {
    for (const key of this.#policies.keys()) if (key.startsWith(`${name}:`)) this.#policies.delete(key);
  }

  deleteQualifier(name: string, qualifier: string): void {
    this.#policies.delete(keyOf(name, qualifier));
  }
}

const keyOf = (name: string, qualifier: string | undefined): string => `${name}:${qualifier ?? ""}`;
