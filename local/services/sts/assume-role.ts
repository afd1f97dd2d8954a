/** Temporary credentials of a role whose trust policy names the caller. */
import type * as SDK from "@aws-sdk/client-sts";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { Handler } from "../../core/service.ts";
import { callerArn } from "../../iam/context.ts";
import { localIam } from "../../iam/index.ts";
import { roleName, rolesOf } from "../../iam/roles.ts";
import { Constraints } from "../constraints.ts";
import { checkPolicyDocument } from "../iam/policy-document.ts";

/** A role assumed from a role lasts an hour at most (AssumeRole: role chaining). */
const CHAINED_SECONDS = 3600;

export const assumeRole =
  (cloud: Cloud): Handler<typeof SDK, "AssumeRole"> =>
  (input, { principal }) => {
    check(input);
    const roleArn = input.RoleArn ?? "";
    const sessionName = input.RoleSessionName ?? "";
    const iam = localIam(cloud.iam);
    const role = rolesOf(cloud.storage).get(roleName(roleArn));
    const context = {
      "sts:RoleSessionName": sessionName,
      ...(input.ExternalId !== undefined && { "sts:ExternalId": input.ExternalId }),
    };
    if (role === undefined || !iam.trusts(roleArn, principal, "sts:AssumeRole", context)) {
      const caller = callerArn(principal, cloud.accountId);
      throw new ServiceError(
        "AccessDeniedException",
        `User: ${caller} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
        { status: 403 },
      );
    }
    const seconds = input.DurationSeconds ?? 3600;
    if (principal.kind === "role" && seconds > CHAINED_SECONDS) {
      throw new ServiceError(
        "ValidationError",
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
      );
    }
    if (seconds > role.maxSessionDuration) {
      throw new ServiceError(
        "ValidationError",
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
      );
    }
    if (input.Policy !== undefined) checkPolicyDocument(input.Policy, "identity");
    const tags = Object.fromEntries((input.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
    const issued = iam.issue(roleArn, sessionName, seconds, {
      policies: input.Policy === undefined ? [] : [input.Policy],
      policyArns: (input.PolicyArns ?? []).map(({ arn }) => arn ?? ""),
      tags,
    });
    return {
      Credentials: {
        AccessKeyId: issued.accessKeyId,
        SecretAccessKey: issued.secretAccessKey,
        SessionToken: issued.sessionToken,
        Expiration: issued.expiration,
      },
      AssumedRoleUser: {
        AssumedRoleId: `${role.id}:${sessionName}`,
        Arn: `arn:aws:sts::${cloud.accountId}:assumed-role/${role.name}/${sessionName}`,
      },
    };
  };

function check(input: SDK.AssumeRoleCommandInput): void {
  new Constraints("ValidationError")
    .text("roleArn", input.RoleArn, { required: true, min: 20, max: 2048 })
    .text("roleSessionName", input.RoleSessionName, {
      required: true,
      min: 2,
      max: 64,
      pattern: /^[\w+=,.@-]*$/,
      patternText: "[\\w+=,.@-]*",
    })
    .number("durationSeconds", input.DurationSeconds, { min: 900, max: 43_200 })
    .text("externalId", input.ExternalId, {
      min: 2,
      max: 1224,
      pattern: /^[\w+=,.@:/-]*$/,
      patternText: "[\\w+=,.@:\\/-]*",
    })
    .text("policy", input.Policy, { min: 1, max: 2048 })
    .list("policyArns", input.PolicyArns, { max: 10 })
    .list("tags", input.Tags, { max: 50 })
    .check();
  if (!/^arn:[\w-]+:iam::\d{12}:role\/.+/.test(input.RoleArn ?? "")) {
    throw new ServiceError("ValidationError", `${input.RoleArn} is invalid`);
  }
  for (const member of [
    "SerialNumber",
    "TokenCode",
    "SourceIdentity",
    "ProvidedContexts",
    "TransitiveTagKeys",
  ] as const) {
    if (input[member] !== undefined)
      throw new ServiceError("ValidationError", `${member} is not supported by the local cloud.`);
  }
}
