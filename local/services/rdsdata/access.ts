/** What every call must name: a cluster with its HTTP endpoint on, and a secret that holds its user's password. */
import type { Cloud } from "../../core/cloud.ts";
import { isServiceError, ServiceError } from "../../core/errors.ts";
import type { Call } from "../../core/service.ts";
import type { Cluster } from "../rds/store.ts";

interface Target {
  readonly resourceArn?: string | undefined;
  readonly secretArn?: string | undefined;
  readonly database?: string | undefined;
}

/** The cluster's id. Throws as the Data API refuses. The secret is read as the caller: it needs secretsmanager:GetSecretValue. */
export async function enter(
  cloud: Cloud,
  { resourceArn = "", secretArn = "", database = "postgres" }: Target,
  call: Call,
): Promise<string> {
  const prefix = cloud.arn("rds", "cluster:");
  if (!resourceArn.startsWith(prefix)) throw new ServiceError("BadRequestException", "Invalid cluster arn");
  const id = resourceArn.slice(prefix.length);
  const cluster = cloud.storage.map<Cluster>("rds.clusters").get(id);
  if (!cluster) throw new ServiceError("NotFoundException", `DBCluster ${id} not found`);
  if (cluster.httpEndpoint !== true) {
    throw new ServiceError("HttpEndpointNotEnabledException", `HttpEndpoint is not enabled for cluster ${id}`);
  }
  if (cluster.engine !== "aurora-postgresql") {
    throw new ServiceError("NotImplemented", `Locally the Data API serves aurora-postgresql, not ${cluster.engine}`);
  }
  if (cluster.status !== "available") {
    throw new ServiceError("DatabaseUnavailableException", `The DB cluster ${id} is ${cluster.status}`);
  }
  const { username, password } = await credentialsOf(cloud, secretArn, call);
  if (username !== cluster.master?.username || password !== cluster.master?.password) {
    throw new ServiceError(
      "DatabaseErrorException",
      `FATAL: password authentication failed for user "${username}"; SQLState: 28P01`,
    );
  }
  // One database a cluster: its own, known by its name and as `postgres`.
  if (database !== "postgres" && database !== cluster.databaseName) {
    throw new ServiceError("DatabaseErrorException", `FATAL: database "${database}" does not exist; SQLState: 3D000`);
  }
  return id;
}

async function credentialsOf(cloud: Cloud, secretArn: string, { principal }: Call) {
  const { SecretString = "" } = await cloud
    .call("secretsmanager", "GetSecretValue", { SecretId: secretArn }, principal)
    .catch((error: unknown) => {
      if (isServiceError(error) && error.name === "ResourceNotFoundException") {
        throw new ServiceError("SecretsErrorException", `Error fetching secret ${secretArn} : ${error.message}`);
      }
      if (isServiceError(error) && error.name.startsWith("AccessDenied")) {
        throw new ServiceError("AccessDeniedException", error.message, { status: 403 });
      }
      throw error;
    });
  try {
    const { username, password } = JSON.parse(SecretString) as Record<string, unknown>;
    if (typeof username === "string" && typeof password === "string") return { username, password };
  } catch {
    // Told below, as one without the two members is.
  }
  throw new ServiceError("InvalidSecretException", "The secret does not hold a username and a password");
}
