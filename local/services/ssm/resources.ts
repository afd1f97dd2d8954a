/** AWS::SSM::Parameter. */
import type * as SDK from "@aws-sdk/client-ssm";
import type { Cloud } from "../../core/cloud.ts";
import { ACCOUNT } from "../../core/principal.ts";
import type { Properties, ResourceProvider } from "../../core/service.ts";
import { parametersOf, validation } from "./store.ts";

export function ssmResources(cloud: Cloud): Record<string, ResourceProvider> {
  const put = async (name: string, properties: Properties, Overwrite: boolean) => {
    // CloudFormation refuses to hold secrets in templates (AWS::SSM::Parameter).
    if (properties["Type"] === "SecureString")
      throw validation("SecureString is not a supported parameter type for AWS::SSM::Parameter.");
    const { Tags: _tags, Name: _name, ...rest } = properties;
    // Every member is checked by the operation.
    const input = {
      ...rest,
      Name: name,
      Value: String(properties["Value"] ?? ""),
      Overwrite,
    } as SDK.PutParameterCommandInput;
    await cloud.call("ssm", "PutParameter", input, ACCOUNT);
    const tags = properties["Tags"];
    const parameters = parametersOf(cloud);
    const stored = parameters.get(name);
    if (stored && typeof tags === "object" && tags !== null) {
      parameters.set(name, {
        ...stored,
        tags: Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, String(value)])),
      });
    }
    return {
      physicalId: name,
      attributes: { Type: properties["Type"] ?? "String", Value: String(properties["Value"] ?? "") },
    };
  };
  return {
    "AWS::SSM::Parameter": {
      known: {
        AllowedPattern: true,
        DataType: true,
        Description: true,
        Name: true,
        Policies: true,
        Tags: true,
        Tier: true,
        Type: true,
        Value: true,
      },
      create: (properties, context) =>
        put(typeof properties["Name"] === "string" ? properties["Name"] : context.physicalName(128), properties, false),
      update: (physicalId, properties, previous) =>
        properties["Name"] === previous["Name"] ? put(physicalId, properties, true) : "replace",
      delete: (physicalId) => void parametersOf(cloud).delete(physicalId),
    },
  };
}
