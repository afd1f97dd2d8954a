/** AWS::SecretsManager::Secret. */
import type { Cloud } from "../../core/cloud.ts";
import type { Properties, ResourceProvider } from "../../core/service.ts";
import { type PasswordRules, randomPassword } from "./random-password.ts";
import { createSecret } from "./secrets.ts";
import { CURRENT, invalidParameter, type SecretStore, withVersion } from "./store.ts";

export function secretResources(store: SecretStore): Record<string, ResourceProvider> {
  const { cloud } = store;
  const description = (properties: Properties) => text(properties["Description"]);
  return {
    "AWS::SecretsManager::Secret": {
      known: {
        Name: true,
        Description: true,
        KmsKeyId: true,
        SecretString: true,
        GenerateSecretString: {
          ExcludeCharacters: true,
          ExcludeLowercase: true,
          ExcludeNumbers: true,
          ExcludePunctuation: true,
          ExcludeUppercase: true,
          GenerateStringKey: true,
          IncludeSpace: true,
          PasswordLength: true,
          RequireEachIncludedType: true,
          SecretStringTemplate: true,
        },
        Tags: [{ Key: true, Value: true }],
      },
      create(properties, context) {
        const secret = createSecret(store, {
          Name: text(properties["Name"]) ?? context.physicalName(255),
          Description: description(properties),
          KmsKeyId: text(properties["KmsKeyId"]),
          SecretString: value(cloud, properties),
          Tags: Object.entries({ ...context.tags, ...tagsOf(properties["Tags"]) }).map(([Key, Value]) => ({
            Key,
            Value,
          })),
        });
        return { physicalId: secret.arn, attributes: { Id: secret.arn } };
      },
      update(physicalId, properties, previous) {
        if (properties["Name"] !== previous["Name"]) return "replace";
        const secret = store.find(physicalId);
        const isSame =
          JSON.stringify([properties["SecretString"], properties["GenerateSecretString"]]) ===
          JSON.stringify([previous["SecretString"], previous["GenerateSecretString"]]);
        const now = cloud.clock.now();
        const changed = {
          ...secret,
          description: description(properties),
          kmsKeyId: text(properties["KmsKeyId"]),
          tags: { ...secret.tags, ...tagsOf(properties["Tags"]) },
        };
        // A generated value is made anew only when its rules change.
        const string = isSame ? undefined : value(cloud, properties);
        store.save(
          string === undefined
            ? changed
            : withVersion({ ...changed, changedAt: now }, { id: cloud.uuid(), createdAt: now, value: { string } }, [
                CURRENT,
              ]),
        );
        return { physicalId, attributes: { Id: physicalId } };
      },
      // CloudFormation deletes without a recovery window, so that a name can be used again.
      delete(physicalId) {
        const secret = store.lookUp(physicalId);
        if (secret) store.secrets.delete(secret.name);
      },
    },
  };
}

function value(cloud: Cloud, properties: Properties): string | undefined {
  const given = properties["SecretString"];
  const rules = properties["GenerateSecretString"];
  if (given !== undefined && rules !== undefined)
    throw invalidParameter("You can't specify both SecretString and GenerateSecretString.");
  if (given !== undefined) return typeof given === "string" ? given : JSON.stringify(given);
  // Without either CloudFormation makes an empty secret; an empty GenerateSecretString makes a plain password.
  if (typeof rules !== "object" || rules === null) return undefined;
  const password = randomPassword(() => cloud.random(), passwordRules(rules));
  const template: unknown = Reflect.get(rules, "SecretStringTemplate");
  const key: unknown = Reflect.get(rules, "GenerateStringKey");
  if (template === undefined && key === undefined) return password;
  if (typeof template !== "string" || typeof key !== "string")
    throw invalidParameter("SecretStringTemplate and GenerateStringKey must be specified together.");
  const parsed: unknown = JSON.parse(template);
  if (typeof parsed !== "object" || parsed === null)
    throw invalidParameter("SecretStringTemplate must be a JSON object.");
  return JSON.stringify({ ...parsed, [key]: password });
}

/** Templates may write numbers and booleans as text. */
const passwordRules = (rules: object): PasswordRules =>
  Object.fromEntries(
    Object.entries(rules).map(([name, given]: [string, unknown]) => [
      name,
      name === "PasswordLength" ? Number(given) : given === "true" ? true : given === "false" ? false : given,
    ]),
  );

const text = (given: unknown): string | undefined => (typeof given === "string" ? given : undefined);

function tagsOf(tags: unknown): Record<string, string> {
  if (!Array.isArray(tags)) return {};
  return Object.fromEntries(
    tags.flatMap((tag: unknown) =>
      typeof tag === "object" && tag !== null && "Key" in tag && "Value" in tag
        ? [[String(tag.Key), String(tag.Value)]]
        : [],
    ),
  );
}
