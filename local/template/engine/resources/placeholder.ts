/** Resources of types that the local cloud does not make: they get an id, so that what refers to them can be evaluated. */
import type { Cloud } from "../../../core/cloud.ts";
import type { StoredResource } from "../state/record.ts";

export function placeholderWarning(logicalId: string, type: string): string {
  const path = `Resources.${logicalId}`;
  switch (type) {
    case "AWS::CloudFormation::WaitConditionHandle":
    case "AWS::CloudFormation::WaitCondition":
      return `${path}: ${type} does not wait for anything in the local cloud`;
    default:
      return `${path}: the local cloud does not make resources of type ${type}; it gets a placeholder id`;
  }
}

/** Types that cannot be passed over: what they stand for would be missing without a word. */
export const refusedType = (type: string): string | undefined =>
  type === "AWS::CloudFormation::Stack" ? "nested stacks are not supported by the local cloud" : undefined;

/** Something of the attribute's kind: an ARN for names that end in `Arn`, else the id with the attribute's name. */
export function attributeOfPlaceholder(cloud: Cloud, resource: StoredResource, attribute: string): string {
  const service = resource.type.split("::")[1]?.toLowerCase() ?? "local";
  const kind = resource.type.split("::").at(-1)?.toLowerCase() ?? "resource";
  return attribute.endsWith("Arn")
    ? cloud.arn(service, `${kind}/${resource.physicalId}`)
    : `${resource.physicalId}.${attribute}`;
}
