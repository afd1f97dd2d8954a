/** What a template needs to be acknowledged for (Acknowledging IAM resources in CloudFormation templates). */
import { ServiceError } from "../../core/errors.ts";
import type { Fields } from "../value.ts";

type Resources = Readonly<Record<string, { readonly type: string; readonly properties: Fields }>>;

export const AUTO_EXPAND = "CAPABILITY_AUTO_EXPAND";

/** Types that change permissions, with the property that names them. */
const IAM_NAMES: Readonly<Record<string, string | undefined>> = {
  "AWS::IAM::Group": "GroupName",
  "AWS::IAM::InstanceProfile": "InstanceProfileName",
  "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
  "AWS::IAM::Policy": undefined,
  "AWS::IAM::Role": "RoleName",
  "AWS::IAM::User": "UserName",
};

interface Needed {
  readonly capabilities: readonly string[];
  /** The types or transforms for which they are needed. */
  readonly because: readonly string[];
}

/** What has to be acknowledged. `transforms` are those that the template declared. */
export function neededCapabilities(resources: Resources, transforms: readonly string[]): Needed {
  const iam = Object.values(resources).filter(({ type }) => type in IAM_NAMES);
  const isNamed = iam.some(({ type, properties }) => properties[IAM_NAMES[type] ?? ""] !== undefined);
  return {
    capabilities: [
      ...(transforms.length > 0 ? [AUTO_EXPAND] : []),
      ...(isNamed ? ["CAPABILITY_NAMED_IAM"] : iam.length > 0 ? ["CAPABILITY_IAM"] : []),
    ],
    because: [...new Set([...iam.map(({ type }) => type), ...transforms])],
  };
}

/** Throws InsufficientCapabilitiesException unless all that the template needs was given. */
export function checkCapabilities(resources: Resources, transforms: readonly string[], given: readonly string[]): void {
  const missing = neededCapabilities(resources, transforms).capabilities.filter(
    (capability) =>
      !given.includes(capability) && !(capability === "CAPABILITY_IAM" && given.includes("CAPABILITY_NAMED_IAM")),
  );
  if (missing.length > 0)
    throw new ServiceError("InsufficientCapabilitiesException", `Requires capabilities : [${missing.join(", ")}]`, {
      status: 400,
    });
}
