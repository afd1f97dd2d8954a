/** Parameters by name, by path, with their history, and described. */
import type * as SDK from "@aws-sdk/client-ssm";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { Handlers } from "../../core/service.ts";
import { Constraints } from "../constraints.ts";
import {
  find,
  newest,
  page,
  type Parameter,
  parameterArn,
  parametersOf,
  parameterView,
  type Ssm,
  validation,
  type Version,
} from "./store.ts";

export function readHandlers(cloud: Cloud): Handlers<Ssm> {
  const parameters = parametersOf(cloud);
  const sorted = (): readonly Parameter[] => [...parameters.values()].sort((a, b) => (a.name < b.name ? -1 : 1));

  return {
    GetParameter(input) {
      new Constraints().text("name", input.Name, { required: true, min: 1 }).check();
      const { parameter, version, selector } = find(cloud, input.Name ?? "");
      return { Parameter: parameterView(cloud, parameter, version, input.WithDecryption ?? false, selector) };
    },

    GetParameters(input) {
      new Constraints().list("names", input.Names, { required: true, min: 1, max: 10 }).check();
      const names = [...new Set(input.Names)];
      const found: SDK.Parameter[] = [];
      const InvalidParameters: string[] = [];
      for (const name of names) {
        try {
          const { parameter, version, selector } = find(cloud, name);
          found.push(parameterView(cloud, parameter, version, input.WithDecryption ?? false, selector));
        } catch {
          InvalidParameters.push(name);
        }
      }
      return { Parameters: found, InvalidParameters };
    },

    GetParametersByPath(input) {
      new Constraints()
        .text("path", input.Path, { required: true, min: 1 })
        .number("maxResults", input.MaxResults, { min: 1, max: 10 })
        .check();
      const given = input.Path ?? "";
      if (!given.startsWith("/")) throw validation(`The parameter path must start with a forward slash: ${given}`);
      if (input.ParameterFilters?.some(({ Key }) => Key === "Label"))
        throw new ServiceError("InvalidFilterKey", "Labels are not supported by the local cloud.");
      const path = given.endsWith("/") ? given : `${given}/`;
      const found = sorted()
        .filter(({ name }) => name.startsWith(path) && (input.Recursive || !name.slice(path.length).includes("/")))
        .filter((parameter) => fitsAll(parameter, input.ParameterFilters));
      const { items, rest } = page(found, input.NextToken, input.MaxResults ?? 10);
      return {
        Parameters: items.map((parameter) =>
          parameterView(cloud, parameter, newest(parameter), input.WithDecryption ?? false),
        ),
        ...rest,
      };
    },

    GetParameterHistory(input) {
      new Constraints().number("maxResults", input.MaxResults, { min: 1, max: 50 }).check();
      const { parameter } = find(cloud, input.Name ?? "");
      const { items, rest } = page(parameter.versions, input.NextToken, input.MaxResults ?? 50);
      return {
        Parameters: items.map((version) => ({
          ...metadata(parameter, version),
          Value: parameterView(cloud, parameter, version, input.WithDecryption ?? false).Value,
          Labels: [],
        })),
        ...rest,
      };
    },

    DescribeParameters(input) {
      new Constraints().number("maxResults", input.MaxResults, { min: 1, max: 50 }).check();
      if (input.Filters !== undefined && input.ParameterFilters !== undefined)
        throw validation("You can use either Filters or ParameterFilters in a single request.");
      const filters =
        input.ParameterFilters ?? input.Filters?.map(({ Key, Values }) => ({ Key, Values, Option: "BeginsWith" }));
      const found = sorted().filter((parameter) => fitsAll(parameter, filters));
      const { items, rest } = page(found, input.NextToken, input.MaxResults ?? 50);
      return {
        Parameters: items.map((parameter) => ({
          ...metadata(parameter, newest(parameter)),
          ARN: parameterArn(cloud, parameter.name),
        })),
        ...rest,
      };
    },
  };

  function metadata(parameter: Parameter, version: Version) {
    return {
      Name: parameter.name,
      Type: version.type,
      Version: version.number,
      LastModifiedDate: new Date(version.modifiedAt),
      LastModifiedUser: `arn:aws:iam::${cloud.accountId}:root`,
      Tier: version.tier,
      Policies: [],
      DataType: version.dataType,
      ...(version.description !== undefined && { Description: version.description }),
      ...(version.allowedPattern !== undefined && { AllowedPattern: version.allowedPattern }),
      ...(version.keyId !== undefined && { KeyId: version.keyId }),
    };
  }
}

type Filter = { Key?: string | undefined; Option?: string | undefined; Values?: string[] | undefined };

const fitsAll = (parameter: Parameter, filters: readonly Filter[] | undefined): boolean =>
  (filters ?? []).every((filter) => fits(parameter, filter));

function fits(parameter: Parameter, { Key = "", Option, Values = [] }: Filter): boolean {
  const version = newest(parameter);
  if (Key.startsWith("tag:")) {
    const value = parameter.tags[Key.slice(4)];
    return value !== undefined && (Values.length === 0 || Values.includes(value));
  }
  switch (Key) {
    case "Name":
      return Values.some((value) =>
        Option === "BeginsWith"
          ? parameter.name.startsWith(value)
          : Option === "Contains"
            ? parameter.name.includes(value)
            : parameter.name === value,
      );
    case "Type":
      return Values.some((value) => value === version.type);
    case "KeyId":
      return Values.some((value) => value === version.keyId);
    case "Tier":
      return Values.some((value) => value === version.tier);
    case "Path": {
      const under = (path: string) => parameter.name.startsWith(path.endsWith("/") ? path : `${path}/`);
      const directly = (path: string) =>
        under(path) && !parameter.name.slice(path.endsWith("/") ? path.length : path.length + 1).includes("/");
      return Values.some(Option === "Recursive" ? under : directly);
    }
    default:
      throw new ServiceError("InvalidFilterKey", `The specified key isn't valid: ${Key}`);
  }
}
