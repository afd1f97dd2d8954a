/** CreateRestApi, GetRestApi, GetRestApis, UpdateRestApi, DeleteRestApi, tags and the account. */
import type { Account, ApiKeySourceType, EndpointConfiguration } from "@aws-sdk/client-api-gateway";
import type { Handlers } from "../../../core/service.ts";
import { given } from "../shared-management/given.ts";
import { ACCOUNT_LIMIT } from "../shared-serving/throttle.ts";
import { badRequest, member, notFound, page, type RestApis, type Sdk, unsupported } from "../store.ts";
import { applyPatch, booleanOf } from "./patch.ts";

export function restApiHandlers(apis: RestApis): Handlers<Sdk> {
  const account = apis.cloud.storage.map<Account>("apigateway.account");
  return {
    CreateRestApi({ cloneFrom, name, ...input }) {
      if (!name) throw badRequest("Name must be given");
      if (cloneFrom !== undefined) throw unsupported("cloneFrom");
      if (input.policy !== undefined) checkPolicy(input.policy);
      return apis.create(
        given({
          name,
          tags: input.tags ?? {},
          description: input.description,
          version: input.version,
          binaryMediaTypes: input.binaryMediaTypes,
          minimumCompressionSize: input.minimumCompressionSize,
          apiKeySource: input.apiKeySource,
          endpointConfiguration: input.endpointConfiguration,
          policy: input.policy,
          disableExecuteApiEndpoint: input.disableExecuteApiEndpoint,
        }),
      ).shape;
    },
    GetRestApi: ({ restApiId }) => apis.byId(restApiId).shape,
    GetRestApis: ({ limit, position }) =>
      page(
        apis.all().map(({ shape }) => shape),
        limit,
        position,
      ),
    UpdateRestApi({ restApiId, patchOperations }) {
      const api = apis.byId(restApiId);
      const shape = { ...api.shape };
      applyPatch(patchOperations, ({ op, path: [first, second], value }) => {
        switch (first) {
          case "name":
          case "description":
          case "version":
            shape[first] = value;
            return op === "replace";
          case "policy":
            if (value !== "") checkPolicy(value);
            if (value === "" || op === "remove") delete shape.policy;
            else shape.policy = value;
            return true;
          case "apiKeySource":
            shape.apiKeySource = value as ApiKeySourceType;
            return op === "replace";
          case "disableExecuteApiEndpoint":
            shape.disableExecuteApiEndpoint = booleanOf(value);
            return op === "replace";
          case "endpointConfiguration":
            shape.endpointConfiguration = { types: [value] } as EndpointConfiguration;
            return op === "replace" && second === "types";
          case "binaryMediaTypes": {
            const others = (shape.binaryMediaTypes ?? []).filter((type) => type !== second);
            shape.binaryMediaTypes = op === "remove" ? others : [...others, second ?? ""];
            return second !== undefined;
          }
          default:
            return false;
        }
      });
      api.shape = shape;
      apis.save(api);
      return shape;
    },
    DeleteRestApi({ restApiId }) {
      apis.delete(apis.byId(restApiId).id);
      return {};
    },
    GetTags: ({ resourceArn }) => ({ tags: tagged(apis, resourceArn).tags ?? {} }),
    TagResource({ resourceArn, tags }) {
      const target = tagged(apis, resourceArn);
      target.tags = { ...target.tags, ...tags };
      apis.save(apiOfArn(apis, resourceArn));
      return {};
    },
    UntagResource({ resourceArn, tagKeys = [] }) {
      const target = tagged(apis, resourceArn);
      target.tags = Object.fromEntries(Object.entries(target.tags ?? {}).filter(([key]) => !tagKeys.includes(key)));
      apis.save(apiOfArn(apis, resourceArn));
      return {};
    },
    GetAccount: () => shapeAccount(account.get("account")),
    UpdateAccount({ patchOperations }) {
      const changed = { ...account.get("account") };
      applyPatch(patchOperations, ({ op, path: [first], value }) => {
        if (first !== "cloudwatchRoleArn") return false;
        if (op === "remove" || value === "") delete changed.cloudwatchRoleArn;
        else changed.cloudwatchRoleArn = value;
        return true;
      });
      account.set("account", changed);
      return shapeAccount(changed);
    },
  };
}

const shapeAccount = (account: Account | undefined): Account => ({
  throttleSettings: { burstLimit: ACCOUNT_LIMIT.burst, rateLimit: ACCOUNT_LIMIT.rate },
  features: ["UsagePlans"],
  apiKeyVersion: "4",
  ...account,
});

function checkPolicy(policy: string): void {
  try {
    JSON.parse(policy);
  } catch {
    throw badRequest("Invalid policy document. Please check the policy syntax and ensure that Principals are valid.");
  }
}

/** `arn:aws:apigateway:<region>::/restapis/<id>` or `…/restapis/<id>/stages/<name>`. */
const apiOfArn = (apis: RestApis, arn: string | undefined) =>
  apis.byId(/\/restapis\/([^/]+)/.exec(decodeURIComponent(arn ?? ""))?.[1]);

function tagged(apis: RestApis, arn: string | undefined): { tags?: Record<string, string> | undefined } {
  const text = decodeURIComponent(arn ?? "");
  if (!text.includes("/restapis/")) throw notFound("Invalid resource ARN specified");
  const api = apiOfArn(apis, text);
  const stage = /\/stages\/([^/]+)$/.exec(text)?.[1];
  return stage === undefined ? api.shape : member(api.stages, "stage", stage);
}
