/** Secrets: made, changed, described, deleted and brought back. */
import type * as SDK from "@aws-sdk/client-secrets-manager";
import { ServiceError } from "../../core/errors.ts";
import type { Handlers } from "../../core/service.ts";
import { isResourcePolicy } from "../resource-policy.ts";
import {
  checkedToken,
  checkedValue,
  CURRENT,
  invalidParameter,
  invalidRequest,
  type Sdk,
  type Secret,
  type SecretStore,
  tagList,
  tagRecord,
  withVersion,
} from "./store.ts";

const DAY = 86_400_000;
const DEFAULT_WINDOW_DAYS = 30;

export function createSecret(store: SecretStore, input: SDK.CreateSecretCommandInput): Secret {
  const { cloud } = store;
  const name = input.Name ?? "";
  if (!/^[A-Za-z0-9/_+=.@!-]{1,512}$/.test(name)) {
    throw new ServiceError(
      "ValidationException",
      "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
    );
  }
  if (input.AddReplicaRegions !== undefined)
    throw invalidParameter("AddReplicaRegions is not supported by the local cloud.");
  const existing = store.lookUp(name);
  if (existing?.deletedAt !== undefined)
    throw invalidRequest(
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  if (existing)
    throw new ServiceError(
      "ResourceExistsException",
      `The operation failed because the secret ${name} already exists.`,
    );
  const now = cloud.clock.now();
  const empty: Secret = {
    name,
    arn: store.newArn(name),
    createdAt: now,
    changedAt: now,
    description: input.Description,
    kmsKeyId: input.KmsKeyId,
    versions: [],
    tags: tagRecord(input.Tags),
  };
  const value = checkedValue(input);
  const id = checkedToken(cloud, input.ClientRequestToken);
  return store.save(value ? withVersion(empty, { id, createdAt: now, value }, [CURRENT]) : empty);
}

export function secretHandlers(store: SecretStore): Handlers<Sdk> {
  const { cloud } = store;
  return {
    CreateSecret(input) {
      const secret = createSecret(store, input);
      const version = secret.versions[0];
      return { ARN: secret.arn, Name: secret.name, ...(version && { VersionId: version.id }) };
    },

    UpdateSecret(input) {
      const secret = store.findUsable(input.SecretId);
      const value = checkedValue(input);
      const now = cloud.clock.now();
      const changed = {
        ...secret,
        changedAt: now,
        description: input.Description ?? secret.description,
        kmsKeyId: input.KmsKeyId ?? secret.kmsKeyId,
      };
      const id = checkedToken(cloud, input.ClientRequestToken);
      store.save(value ? withVersion(changed, { id, createdAt: now, value }, [CURRENT]) : changed);
      return { ARN: secret.arn, Name: secret.name, ...(value && { VersionId: id }) };
    },

    DescribeSecret: (input) => view(store.find(input.SecretId)),

    ListSecrets(input) {
      const found = [...store.secrets.keys()]
        .flatMap((name) => store.lookUp(name) ?? [])
        .filter(
          (secret) =>
            (input.IncludePlannedDeletion || secret.deletedAt === undefined) &&
            (input.Filters ?? []).every((filter) => fits(secret, filter)),
        )
        .sort((a, b) => (input.SortOrder === "asc" ? a.createdAt - b.createdAt : b.createdAt - a.createdAt));
      const [, place] =
        input.NextToken === undefined
          ? ["", "0"]
          : (/^s(\d+)$/.exec(Buffer.from(input.NextToken, "base64url").toString()) ?? []);
      if (place === undefined) throw new ServiceError("InvalidNextTokenException", "The NextToken value is invalid.");
      const end = Number(place) + (input.MaxResults ?? 100);
      return {
        SecretList: found.slice(Number(place), end).map((secret) => {
          const { VersionIdsToStages, ...rest } = view(secret);
          return { ...rest, SecretVersionsToStages: VersionIdsToStages };
        }),
        ...(end < found.length && { NextToken: Buffer.from(`s${end}`).toString("base64url") }),
      };
    },

    DeleteSecret(input) {
      const secret = store.find(input.SecretId);
      const { RecoveryWindowInDays: days, ForceDeleteWithoutRecovery: force } = input;
      if (force && days !== undefined)
        throw invalidParameter("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
      if (days !== undefined && (days < 7 || days > 30))
        throw invalidParameter("The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).");
      const now = cloud.clock.now();
      if (force) {
        store.secrets.delete(secret.name);
        return { ARN: secret.arn, Name: secret.name, DeletionDate: new Date(now) };
      }
      if (secret.deletedAt !== undefined)
        throw invalidRequest("You tried to perform the operation on a secret that's currently marked deleted.");
      const goneAt = now + (days ?? DEFAULT_WINDOW_DAYS) * DAY;
      store.save({ ...secret, deletedAt: now, goneAt });
      return { ARN: secret.arn, Name: secret.name, DeletionDate: new Date(goneAt) };
    },

    RestoreSecret(input) {
      const secret = store.find(input.SecretId);
      store.save({ ...secret, deletedAt: undefined, goneAt: undefined });
      return { ARN: secret.arn, Name: secret.name };
    },

    TagResource(input) {
      const secret = store.findUsable(input.SecretId);
      store.save({ ...secret, tags: { ...secret.tags, ...tagRecord(input.Tags) } });
      return {};
    },
    UntagResource(input) {
      const secret = store.findUsable(input.SecretId);
      store.save({
        ...secret,
        tags: Object.fromEntries(Object.entries(secret.tags).filter(([key]) => !input.TagKeys?.includes(key))),
      });
      return {};
    },

    PutResourcePolicy(input) {
      const secret = store.findUsable(input.SecretId);
      if (!isResourcePolicy(input.ResourcePolicy ?? ""))
        throw new ServiceError("MalformedPolicyDocumentException", "This resource policy contains invalid Json.");
      store.save({ ...secret, policy: input.ResourcePolicy });
      return { ARN: secret.arn, Name: secret.name };
    },
    GetResourcePolicy(input) {
      const secret = store.findUsable(input.SecretId);
      return {
        ARN: secret.arn,
        Name: secret.name,
        ...(secret.policy !== undefined && { ResourcePolicy: secret.policy }),
      };
    },
    DeleteResourcePolicy(input) {
      const secret = store.findUsable(input.SecretId);
      store.save({ ...secret, policy: undefined });
      return { ARN: secret.arn, Name: secret.name };
    },
  };
}

function view(secret: Secret) {
  const { rotation } = secret;
  return {
    ARN: secret.arn,
    Name: secret.name,
    CreatedDate: new Date(secret.createdAt),
    LastChangedDate: new Date(secret.changedAt),
    Tags: tagList(secret.tags),
    VersionIdsToStages: Object.fromEntries(
      secret.versions.filter(({ stages }) => stages.length > 0).map(({ id, stages }) => [id, [...stages]]),
    ),
    ...(secret.description !== undefined && { Description: secret.description }),
    ...(secret.kmsKeyId !== undefined && { KmsKeyId: secret.kmsKeyId }),
    ...(secret.deletedAt !== undefined && { DeletedDate: new Date(secret.deletedAt) }),
    ...(rotation && {
      RotationEnabled: true,
      RotationLambdaARN: rotation.lambdaArn,
      RotationRules: rotation.afterDays === undefined ? {} : { AutomaticallyAfterDays: rotation.afterDays },
      ...(rotation.rotatedAt !== undefined && { LastRotatedDate: new Date(rotation.rotatedAt) }),
      ...(rotation.nextAt !== undefined && { NextRotationDate: new Date(rotation.nextAt) }),
    }),
  };
}

/** Values are prefixes, and `!` before one turns it around (ListSecrets: Filters). */
function fits(secret: Secret, { Key, Values = [] }: SDK.Filter): boolean {
  const texts = {
    name: [secret.name],
    description: [secret.description ?? ""],
    "tag-key": Object.keys(secret.tags),
    "tag-value": Object.values(secret.tags),
  };
  // `hasOwn` has shown that it is one of them.
  const own = Key !== undefined && Object.hasOwn(texts, Key) ? texts[Key as keyof typeof texts] : undefined;
  if (own === undefined) throw invalidParameter(`The filter ${Key} is not supported by the local cloud.`);
  return Values.some((value) =>
    value.startsWith("!")
      ? !own.some((text) => text.startsWith(value.slice(1)))
      : own.some((text) => text.startsWith(value)),
  );
}
