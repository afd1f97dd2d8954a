/** Values that templates take from the Parameter Store and Secrets Manager. */
import type { Cloud } from "../../../core/cloud.ts";
import { isServiceError } from "../../../core/errors.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import type { ResolveDynamic } from "../../parameters/dynamic-references.ts";
import type { ReadSsmParameter } from "../../parameters/parameters.ts";

export function parameterReader(cloud: Cloud): ReadSsmParameter {
  return async (name) => {
    try {
      return (await cloud.call("ssm", "GetParameter", { Name: name }, ACCOUNT)).Parameter?.Value;
    } catch (error) {
      if (isServiceError(error) && error.name === "ParameterNotFound") return undefined;
      throw error;
    }
  };
}

export function dynamicResolver(cloud: Cloud): ResolveDynamic {
  return async (reference) => {
    if (reference.service !== "secretsmanager") {
      const { name, version, service } = reference;
      const { Parameter } = await cloud.call(
        "ssm",
        "GetParameter",
        { Name: version === undefined ? name : `${name}:${version}`, WithDecryption: service === "ssm-secure" },
        ACCOUNT,
      );
      if (Parameter?.Value === undefined) throw new Error(`the parameter ${name} has no value`);
      return Parameter.Value;
    }
    const { secretId, jsonKey, versionStage, versionId } = reference;
    const { SecretString } = await cloud.call(
      "secretsmanager",
      "GetSecretValue",
      {
        SecretId: secretId,
        ...(versionStage === undefined ? {} : { VersionStage: versionStage }),
        ...(versionId === undefined ? {} : { VersionId: versionId }),
      },
      ACCOUNT,
    );
    if (SecretString === undefined) throw new Error(`the secret ${secretId} holds no text`);
    if (jsonKey === undefined) return SecretString;
    const members: unknown = JSON.parse(SecretString);
    const value =
      typeof members === "object" && members !== null
        ? new Map<string, unknown>(Object.entries(members)).get(jsonKey)
        : undefined;
    if (value === undefined) throw new Error(`Could not find a value associated with JSONKey in SecretString`);
    return String(value);
  };
}
