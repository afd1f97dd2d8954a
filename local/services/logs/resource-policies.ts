/** Policies by which services may write to log groups (EventBridge, Step Functions, API Gateway). */
import { ServiceError } from "../../core/errors.ts";
import type { PolicyDocument } from "../../core/principal.ts";
import type { Handlers } from "../../core/service.ts";
import { Constraints } from "../constraints.ts";
import { isResourcePolicy } from "../resource-policy.ts";
import { page } from "./page.ts";
import type { Logs, LogStore } from "./store.ts";

interface StoredPolicy {
  readonly name: string;
  readonly document: string;
  readonly updatedAt: number;
}

const MOST_POLICIES = 10;

export class ResourcePolicies {
  readonly #store: LogStore;
  #merged: PolicyDocument | undefined;

  constructor(store: LogStore) {
    this.#store = store;
  }

  get #policies() {
    return this.#store.cloud.storage.map<StoredPolicy>("logs.resourcePolicies");
  }

  /** All policies of the account as one; each statement names its own groups. */
  merged(): PolicyDocument | undefined {
    if (this.#policies.size === 0) return undefined;
    this.#merged ??= {
      Version: "2012-10-17",
      // Documents are checked to be policies when they are put.
      Statement: [...this.#policies.values()].flatMap(
        ({ document }) => (JSON.parse(document) as PolicyDocument).Statement,
      ),
    };
    return this.#merged;
  }

  put(name: string | undefined, document: string | undefined): StoredPolicy {
    new Constraints("InvalidParameterException")
      .text("policyName", name, { required: true, min: 1 })
      .text("policyDocument", document, { required: true, min: 1, max: 5120 })
      .check();
    if (!isResourcePolicy(document ?? ""))
      throw new ServiceError("InvalidParameterException", "Invalid resource policy document.");
    if (this.#policies.size >= MOST_POLICIES && !this.#policies.has(name ?? "")) {
      throw new ServiceError("LimitExceededException", "Resource limit exceeded.");
    }
    const policy = { name: name ?? "", document: document ?? "", updatedAt: this.#store.cloud.clock.now() };
    this.#policies.set(policy.name, policy);
    this.#merged = undefined;
    return policy;
  }

  delete(name: string | undefined): boolean {
    this.#merged = undefined;
    return this.#policies.delete(name ?? "");
  }

  handlers(): Handlers<Logs> {
    const view = ({ name, document, updatedAt }: StoredPolicy) => ({
      policyName: name,
      policyDocument: document,
      lastUpdatedTime: updatedAt,
    });
    return {
      PutResourcePolicy: (input) => ({ resourcePolicy: view(this.put(input.policyName, input.policyDocument)) }),
      DeleteResourcePolicy: (input) => {
        if (!this.delete(input.policyName))
          throw new ServiceError("ResourceNotFoundException", `Policy with name [${input.policyName}] does not exist`);
        return {};
      },
      DescribeResourcePolicies: (input) => {
        const { items, rest } = page([...this.#policies.values()], input.nextToken, input.limit, 50);
        return { resourcePolicies: items.map(view), ...rest };
      },
    };
  }
}
