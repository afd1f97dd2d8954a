/** The values of secrets, version by version. */
import { ServiceError } from "../../core/errors.ts";
import type { Handlers } from "../../core/service.ts";
import { randomPassword } from "./random-password.ts";
import {
  checkedToken,
  checkedValue,
  CURRENT,
  invalidParameter,
  invalidRequest,
  notFound,
  sameValue,
  type Sdk,
  type SecretStore,
  withStage,
  withVersion,
} from "./store.ts";

export function valueHandlers(store: SecretStore): Handlers<Sdk> {
  const { cloud } = store;
  return {
    GetSecretValue(input) {
      const secret = store.findUsable(input.SecretId);
      const { VersionId: id, VersionStage: stage } = input;
      const wanted = stage ?? (id === undefined ? CURRENT : undefined);
      const version = secret.versions.find(
        (known) => (id === undefined || known.id === id) && (wanted === undefined || known.stages.includes(wanted)),
      );
      if (id !== undefined && stage !== undefined && !version && secret.versions.some((known) => known.id === id)) {
        throw invalidRequest("You provided a VersionStage that is not associated to the provided VersionId.");
      }
      const value = version?.value;
      if (!version || !value)
        return notFound(
          `Secrets Manager can't find the specified secret value for ${id === undefined ? `staging label: ${wanted}` : `VersionId: ${id}`}`,
        );
      return {
        ARN: secret.arn,
        Name: secret.name,
        VersionId: version.id,
        VersionStages: [...version.stages],
        CreatedDate: new Date(version.createdAt),
        ...(value.string !== undefined && { SecretString: value.string }),
        ...(value.binary !== undefined && { SecretBinary: value.binary }),
      };
    },

    PutSecretValue(input) {
      const secret = store.findUsable(input.SecretId);
      const value = checkedValue(input);
      if (value === undefined) throw invalidRequest("You must provide either SecretString or SecretBinary.");
      const id = checkedToken(cloud, input.ClientRequestToken);
      const stages = input.VersionStages ?? [CURRENT];
      const same = secret.versions.find((known) => known.id === id);
      if (same?.value !== undefined) {
        // The same token and value again change nothing; another value is refused (PutSecretValue: ClientRequestToken).
        if (!sameValue(same.value, value)) {
          throw new ServiceError(
            "ResourceExistsException",
            `You can't use ClientRequestToken ${id} because that value is already in use for a version of secret ${secret.arn}.`,
          );
        }
        return { ARN: secret.arn, Name: secret.name, VersionId: id, VersionStages: [...same.stages] };
      }
      // The first value of a secret is its current one, whatever labels it was given.
      const all = secret.versions.some(({ stages: labels }) => labels.includes(CURRENT))
        ? stages
        : [...new Set([...stages, CURRENT])];
      const now = cloud.clock.now();
      const saved = store.save(withVersion({ ...secret, changedAt: now }, { id, createdAt: now, value }, all));
      return {
        ARN: secret.arn,
        Name: secret.name,
        VersionId: id,
        VersionStages: [...(saved.versions.find((known) => known.id === id)?.stages ?? [])],
      };
    },

    UpdateSecretVersionStage(input) {
      const secret = store.findUsable(input.SecretId);
      const { VersionStage: stage = "", MoveToVersionId: to, RemoveFromVersionId: from } = input;
      if (to === undefined && from === undefined)
        throw invalidParameter("You must specify either MoveToVersionId or RemoveFromVersionId.");
      const holder = secret.versions.find(({ stages }) => stages.includes(stage));
      if (to !== undefined && !secret.versions.some(({ id }) => id === to))
        notFound(`Secrets Manager can't find the specified secret value for VersionId: ${to}`);
      if (from !== undefined && holder?.id !== from) {
        throw invalidParameter(
          `The parameter RemoveFromVersionId can't be ${from}. Staging label ${stage} is currently ${holder ? `attached to version ${holder.id}` : "not attached"}.`,
        );
      }
      if (holder && from === undefined && holder.id !== to) {
        throw invalidParameter(
          `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
        );
      }
      if (stage === CURRENT && to === undefined)
        throw invalidParameter("You can't remove the staging label AWSCURRENT: move it to another version.");
      store.save({ ...withStage(secret, stage, to), changedAt: cloud.clock.now() });
      return { ARN: secret.arn, Name: secret.name };
    },

    ListSecretVersionIds(input) {
      const secret = store.find(input.SecretId);
      const shown = secret.versions.filter(({ stages }) => input.IncludeDeprecated || stages.length > 0);
      return {
        ARN: secret.arn,
        Name: secret.name,
        Versions: shown.map(({ id, stages, createdAt }) => ({
          VersionId: id,
          VersionStages: [...stages],
          CreatedDate: new Date(createdAt),
        })),
      };
    },

    GetRandomPassword: (input) => ({ RandomPassword: randomPassword(() => cloud.random(), input) }),
  };
}
