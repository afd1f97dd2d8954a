/** Asks what a role could do, without doing it. */
import { ServiceError } from "../../core/errors.ts";
import type { Handlers } from "../../core/service.ts";
import type { PolicyDocument } from "../../core/principal.ts";
import { asRole } from "../../core/principal.ts";
import { localIam } from "../../iam/index.ts";
import { Constraints } from "../constraints.ts";
import { type Iam, noSuchEntity, page, type Store } from "./store.ts";

export function simulationHandlers({ cloud, roles }: Store): Handlers<Iam> {
  return {
    SimulatePrincipalPolicy(input) {
      new Constraints("ValidationError")
        .text("policySourceArn", input.PolicySourceArn, { required: true, min: 20, max: 2048 })
        .list("actionNames", input.ActionNames, { required: true })
        .check();
      // What is not evaluated must not look as if it had been.
      for (const member of [
        "PolicyInputList",
        "PermissionsBoundaryPolicyInputList",
        "ResourceOwner",
        "CallerArn",
        "ResourceHandlingOption",
      ] as const) {
        if (input[member] !== undefined)
          throw new ServiceError("InvalidInputException", `${member} is not supported by the local cloud.`);
      }
      const arn = input.PolicySourceArn ?? "";
      if (![...roles.values()].some((role) => role.arn === arn))
        noSuchEntity(`The role with name ${arn.slice(arn.lastIndexOf("/") + 1)} cannot be found.`);
      const context = Object.fromEntries(
        (input.ContextEntries ?? []).map((entry) => [entry.ContextKeyName ?? "", entry.ContextKeyValues ?? []]),
      );
      const resourcePolicy = parse(input.ResourcePolicy);
      const results = (input.ActionNames ?? []).flatMap((action) =>
        (input.ResourceArns ?? ["*"]).map((resource) => {
          const decision = localIam(cloud.iam).evaluate(
            asRole(arn, "simulation"),
            { action, resource, context },
            resourcePolicy,
          );
          const verdict = decision.allowed
            ? ("allowed" as const)
            : decision.explicit
              ? ("explicitDeny" as const)
              : ("implicitDeny" as const);
          return {
            EvalActionName: action,
            EvalResourceName: resource,
            EvalDecision: verdict,
            MatchedStatements: [],
            MissingContextValues: [],
          };
        }),
      );
      const { items, rest } = page(results, input);
      return { EvaluationResults: items, ...rest };
    },
  };
}

function parse(policy: string | undefined): PolicyDocument | undefined {
  if (policy === undefined) return undefined;
  try {
    // Only looked at statement by statement; what is no policy allows nothing.
    return JSON.parse(policy) as PolicyDocument;
  } catch {
    throw new ServiceError("InvalidInputException", "The resource policy is not valid JSON.");
  }
}
