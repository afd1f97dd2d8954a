/** What a template needs to be acknowledged for (Acknowledging IAM resources in CloudFormation templates). */
import { ServiceError } from "../../core/errors.ts";
import type { Template } from "../template.ts";

/** Types that change permissions, with the property that names them. */
const IAM_NAMES: Readonly<Record<string, string | undefined>> = {
  "AWS::IAM::Group": "GroupName",
  "AWS::IAM::InstanceProfile": "InstanceProfileName",
  "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
  "AWS::IAM::Policy": undefined,
  "AWS::IAM::Role": "RoleName",
  "AWS::IAM::User": "UserName",
};

/** Throws InsufficientCapabilitiesException unless all that the template needs was given. */
export function checkCapabilities(template: Template, given: readonly string[]): void {
  const iam = Object.values(template.resources).filter(({ type }) => type in IAM_NAMES);
  const isNamed = iam.some(({ type, properties }) => properties[IAM_NAMES[type] ?? ""] !== undefined);
  const missing: string[] = [];
  if (template.transforms.length > 0 && !given.includes("CAPABILITY_AUTO_EXPAND"))
    missing.push("CAPABILITY_AUTO_EXPAND");
  if (isNamed && !given.includes("CAPABILITY_NAMED_IAM")) missing.push("CAPABILITY_NAMED_IAM");
  else if (iam.length > 0 && !given.includes("CAPABILITY_IAM") && !given.includes("CAPABILITY_NAMED_IAM"))
    missing.push("CAPABILITY_IAM");
  if (missing.length > 0)
    throw new ServiceError("InsufficientCapabilitiesException", `Requires capabilities : [${missing.join(", ")}]`, {
      status: 400,
    });
}
