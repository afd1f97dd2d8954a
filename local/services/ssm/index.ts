/** AWS Systems Manager: Parameter Store. Nothing else of Systems Manager is here. */
import * as sdk from "@aws-sdk/client-ssm";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { Permission } from "../../core/principal.ts";
import type { Handlers, Service } from "../../core/service.ts";
import { Constraints } from "../constraints.ts";
import { putParameter } from "./put-parameter.ts";
import { readHandlers } from "./read-parameters.ts";
import { ssmResources } from "./resources.ts";
import { parameterArn, parametersOf, parseReference, type Ssm } from "./store.ts";

export function create(cloud: Cloud): Service<Ssm> {
  const parameters = parametersOf(cloud);
  const handlers: Handlers<Ssm> = {
    PutParameter: putParameter(cloud),
    ...readHandlers(cloud),
    DeleteParameter(input) {
      if (!parameters.delete(parseReference(cloud, input.Name ?? "").name))
        throw new ServiceError("ParameterNotFound", "");
      return {};
    },
    DeleteParameters(input) {
      new Constraints().list("names", input.Names, { required: true, min: 1, max: 10 }).check();
      const names = [...new Set(input.Names)];
      const DeletedParameters = names.filter((name) => parameters.delete(name));
      return { DeletedParameters, InvalidParameters: names.filter((name) => !DeletedParameters.includes(name)) };
    },
    AddTagsToResource(input) {
      const parameter = tagged(input.ResourceType, input.ResourceId);
      const added = Object.fromEntries((input.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
      parameters.set(parameter.name, { ...parameter, tags: { ...parameter.tags, ...added } });
      return {};
    },
    RemoveTagsFromResource(input) {
      const parameter = tagged(input.ResourceType, input.ResourceId);
      parameters.set(parameter.name, {
        ...parameter,
        tags: Object.fromEntries(Object.entries(parameter.tags).filter(([key]) => !input.TagKeys?.includes(key))),
      });
      return {};
    },
    ListTagsForResource: (input) => ({
      TagList: Object.entries(tagged(input.ResourceType, input.ResourceId).tags).map(([Key, Value]) => ({
        Key,
        Value,
      })),
    }),
  };
  const tagged = (type: string | undefined, id: string | undefined) => {
    if (type !== "Parameter")
      throw new ServiceError("InvalidResourceType", "Only parameters are supported by the local cloud.");
    return parameters.get(id ?? "") ?? invalidId();
  };
  return {
    sdk,
    handlers,
    permissions: (operation, input) => permissions(cloud, operation, input),
    resources: ssmResources(cloud),
  };
}

function invalidId(): never {
  throw new ServiceError(
    "InvalidResourceId",
    "The resource ID isn't valid. Verify that you entered the correct ID and try again.",
  );
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

function permissions(cloud: Cloud, operation: string, input: Readonly<Record<string, unknown>>): readonly Permission[] {
  const action = `ssm:${operation}`;
  const names = Array.isArray(input["Names"])
    ? input["Names"].map(String)
    : [text(input["Name"]) ?? text(input["Path"]) ?? text(input["ResourceId"]) ?? ""];
  if (operation === "DescribeParameters") return [{ action, resource: "*" }];
  return names.map((name) => ({ action, resource: parameterArn(cloud, plainName(cloud, name)) }));
}

function plainName(cloud: Cloud, reference: string): string {
  const prefix = cloud.arn("ssm", "parameter");
  const path = reference.startsWith(prefix) ? reference.slice(prefix.length) : reference;
  // GetParametersByPath of `/` is asked for on `parameter/`.
  return path.replace(/:.*$/, "").replace(/(?<=.)\/$/, "");
}
