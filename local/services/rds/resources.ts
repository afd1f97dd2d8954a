/** AWS::RDS::* resources, made through the service's own API as the account. A stack does not wait for a database to be available. */
import type { Cloud } from "../../core/cloud.ts";
import { isServiceError } from "../../core/errors.ts";
import { ACCOUNT } from "../../core/principal.ts";
import type { KnownProperties, Properties, ResourceProvider } from "../../core/service.ts";
import { createStore, type Store } from "./store.ts";

const COMMON = {
  Engine: true,
  EngineVersion: true,
  Tags: true,
  MasterUsername: true,
  MasterUserPassword: true,
  ManageMasterUserPassword: true,
  StorageEncrypted: true,
  DeletionProtection: true,
  BackupRetentionPeriod: true,
  KmsKeyId: true,
  Port: true,
} as const;
const INSTANCE: KnownProperties = {
  ...COMMON,
  DBInstanceIdentifier: true,
  DBInstanceClass: true,
  AllocatedStorage: true,
  DBClusterIdentifier: true,
  MultiAZ: true,
  PubliclyAccessible: true,
  StorageType: true,
  DBName: true,
  DBSubnetGroupName: true,
  VPCSecurityGroups: true,
};
const CLUSTER: KnownProperties = {
  ...COMMON,
  DBClusterIdentifier: true,
  EngineMode: true,
  DatabaseName: true,
  DBSubnetGroupName: true,
  VpcSecurityGroupIds: true,
  ServerlessV2ScalingConfiguration: true,
  EnableHttpEndpoint: true,
  CopyTagsToSnapshot: true,
};

const text = (properties: Properties, name: string): string | undefined =>
  properties[name] === undefined ? undefined : String(properties[name]);
const tagsIn = (properties: Properties) => (properties["Tags"] ?? []) as { Key: string; Value: string }[];
const flag = (properties: Properties, name: string): boolean => String(properties[name]) === "true";

export function resources(cloud: Cloud): Readonly<Record<string, ResourceProvider>> {
  return {
    "AWS::RDS::DBInstance": instance(cloud),
    "AWS::RDS::DBCluster": cluster(cloud),
    "AWS::RDS::EventSubscription": eventSubscription(cloud),
  };
}

/** Only tags change in place here; anything else makes a new database. */
const onlyTagsChanged = (properties: Properties, previous: Properties): boolean => {
  const rest = ({ Tags: _, ...others }: Properties) => JSON.stringify(others);
  return rest(properties) === rest(previous);
};

async function retag(cloud: Cloud, arn: string, properties: Properties, previous: Properties): Promise<void> {
  const kept = new Set(tagsIn(properties).map(({ Key }) => Key));
  const gone = tagsIn(previous).flatMap(({ Key }) => (kept.has(Key) ? [] : [Key]));
  if (gone.length > 0) await cloud.call("rds", "RemoveTagsFromResource", { ResourceName: arn, TagKeys: gone }, ACCOUNT);
  if (kept.size > 0)
    await cloud.call("rds", "AddTagsToResource", { ResourceName: arn, Tags: tagsIn(properties) }, ACCOUNT);
}

function instance(cloud: Cloud): ResourceProvider {
  return {
    known: INSTANCE,
    async create(properties, context) {
      const id = (
        text(properties, "DBInstanceIdentifier") ?? context.physicalName(63, { lowercase: true })
      ).toLowerCase();
      const cluster = text(properties, "DBClusterIdentifier");
      const { DBInstance } = await cloud.call(
        "rds",
        "CreateDBInstance",
        {
          DBInstanceIdentifier: id,
          DBInstanceClass: text(properties, "DBInstanceClass") ?? "db.t4g.micro",
          Engine: text(properties, "Engine") ?? "",
          MultiAZ: flag(properties, "MultiAZ"),
          AllocatedStorage: Number(text(properties, "AllocatedStorage") ?? 20),
          Tags: tagsIn(properties),
          ...(cluster === undefined ? {} : { DBClusterIdentifier: cluster }),
        },
        ACCOUNT,
      );
      return {
        physicalId: id,
        attributes: {
          DBInstanceArn: DBInstance?.DBInstanceArn,
          "Endpoint.Address": `${id}.local`,
          "Endpoint.Port": "5432",
        },
      };
    },
    async update(physicalId, properties, previous) {
      if (!onlyTagsChanged(properties, previous)) return "replace";
      const arn = cloud.arn("rds", `db:${physicalId}`);
      await retag(cloud, arn, properties, previous);
      return {
        physicalId,
        attributes: { DBInstanceArn: arn, "Endpoint.Address": `${physicalId}.local`, "Endpoint.Port": "5432" },
      };
    },
    delete: (physicalId) =>
      ignoringMissing(
        cloud.call("rds", "DeleteDBInstance", { DBInstanceIdentifier: physicalId, SkipFinalSnapshot: true }, ACCOUNT),
      ),
  };
}

function cluster(cloud: Cloud): ResourceProvider {
  const store = createStore(cloud);
  const attributesOf = (id: string) => ({
    DBClusterArn: cloud.arn("rds", `cluster:${id}`),
    "Endpoint.Address": `${id}.local`,
    "Endpoint.Port": "5432",
    "MasterUserSecret.SecretArn": store.clusters.get(id)?.masterSecretArn,
  });
  return {
    known: CLUSTER,
    async create(properties, context) {
      const id = (
        text(properties, "DBClusterIdentifier") ?? context.physicalName(63, { lowercase: true })
      ).toLowerCase();
      const database = text(properties, "DatabaseName");
      const username = text(properties, "MasterUsername");
      const password = text(properties, "MasterUserPassword");
      await cloud.call(
        "rds",
        "CreateDBCluster",
        {
          DBClusterIdentifier: id,
          Engine: text(properties, "Engine") ?? "aurora-postgresql",
          Tags: tagsIn(properties),
          EnableHttpEndpoint: flag(properties, "EnableHttpEndpoint"),
          ManageMasterUserPassword: flag(properties, "ManageMasterUserPassword"),
          ...(database === undefined ? {} : { DatabaseName: database }),
          ...(username === undefined ? {} : { MasterUsername: username }),
          ...(password === undefined ? {} : { MasterUserPassword: password }),
        },
        ACCOUNT,
      );
      if (flag(properties, "EnableHttpEndpoint")) makeAvailable(store, id);
      return { physicalId: id, attributes: attributesOf(id) };
    },
    async update(physicalId, properties, previous) {
      if (!onlyTagsChanged(properties, previous)) return "replace";
      await retag(cloud, cloud.arn("rds", `cluster:${physicalId}`), properties, previous);
      return { physicalId, attributes: attributesOf(physicalId) };
    },
    delete: (physicalId) =>
      ignoringMissing(
        cloud.call("rds", "DeleteDBCluster", { DBClusterIdentifier: physicalId, SkipFinalSnapshot: true }, ACCOUNT),
      ),
  };
}

/** What a stack has made is available when the stack is complete: a stack that is asked for data at once may ask. */
function makeAvailable(store: Store, id: string): void {
  store.save({ ...store.cluster(id), status: "available", next: undefined });
}

function eventSubscription(cloud: Cloud): ResourceProvider {
  return {
    known: {
      SubscriptionName: true,
      SnsTopicArn: true,
      SourceType: true,
      EventCategories: true,
      SourceIds: true,
      Enabled: true,
      Tags: true,
    },
    async create(properties, context) {
      const name = text(properties, "SubscriptionName") ?? context.physicalName(63, { lowercase: true });
      const type = text(properties, "SourceType");
      await cloud.call(
        "rds",
        "CreateEventSubscription",
        {
          SubscriptionName: name,
          SnsTopicArn: text(properties, "SnsTopicArn") ?? "",
          EventCategories: (properties["EventCategories"] ?? []) as string[],
          SourceIds: (properties["SourceIds"] ?? []) as string[],
          Enabled: properties["Enabled"] === undefined || flag(properties, "Enabled"),
          ...(type === undefined ? {} : { SourceType: type }),
        },
        ACCOUNT,
      );
      return { physicalId: name };
    },
    delete: (physicalId) =>
      ignoringMissing(cloud.call("rds", "DeleteEventSubscription", { SubscriptionName: physicalId }, ACCOUNT)),
  };
}

/** What is already gone need not be deleted. */
async function ignoringMissing(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(isServiceError(error) && error.status === 404)) throw error;
  }
}
