/** The deployed app, as those who upload, ask and approve meet it. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { PutObjectCommandInput } from "@aws-sdk/client-s3";
import { CreateEmailIdentityCommand, SESv2Client } from "@aws-sdk/client-sesv2";
import { DescribeDBClustersCommand, RDSClient } from "@aws-sdk/client-rds";
import { ExecuteStatementCommand, RDSDataClient } from "@aws-sdk/client-rds-data";
import { DescribeExecutionCommand, GetExecutionHistoryCommand, SFNClient } from "@aws-sdk/client-sfn";
import { deploy, type LocalApp } from "#local/testing";
import { hashOfToken } from "../src/approval.ts";

export const parameters = {
  ApproverEmail: "privacy@example.com",
  SenderEmail: "erasure@example.com",
  AlarmEmail: "team@example.com",
  ApiAuthorization: "NONE",
};

/** SES takes mails only from an address that is verified. */
export async function verifySender(app: LocalApp): Promise<void> {
  try {
    await app.client(SESv2Client).send(new CreateEmailIdentityCommand({ EmailIdentity: parameters.SenderEmail }));
  } catch (error) {
    if (!(error instanceof Error && error.name === "AlreadyExistsException")) throw error;
  }
}

export type Erasure = ReturnType<typeof erasureOf>;

export async function startErasure(more: Readonly<Record<string, string>> = {}): Promise<Erasure> {
  const app = await deploy("data-erasure", { parameters: { ...parameters, ...more } });
  await verifySender(app);
  return erasureOf(app);
}

export function erasureOf(app: LocalApp) {
  const s3 = app.client(S3Client);
  const bucket = app.resource("DataBucket");
  const url = app.outputs["ErasureApiUrl"] ?? "";

  const put = async (Key: string, Body: string | Uint8Array, more: Partial<PutObjectCommandInput> = {}) =>
    (await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ...more }))).VersionId ?? "";
  const versions = async (key: string, Bucket = bucket) => {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: key }));
    return [...Versions, ...DeleteMarkers].filter(({ Key }) => Key === key).map(({ VersionId = "" }) => VersionId);
  };
  const read = async (key: string, Bucket = bucket) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${url}/requests`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  const ask = async (...userIds: string[]): Promise<string> => {
    const answer = await post({ userIds, requestedBy: "support@example.com" });
    if (answer.status !== 202) throw new Error(`${answer.status}: ${await answer.text()}`);
    return ((await answer.json()) as { requestId: string }).requestId;
  };
  const status = async (requestId: string) =>
    (await (await fetch(`${url}/requests/${requestId}`)).json()) as Record<string, unknown> & {
      status: string;
      round: number;
      summary: Record<string, number>;
    };
  const row = async (requestId: string) =>
    (await app.client(DynamoDBClient).send(new GetCommand({ TableName: app.resource("Requests"), Key: { requestId } })))
      .Item;
  const tokensMailed = () =>
    app.outbox.flatMap(({ source, text = "" }) => {
      const token = source === "ses" ? /\/approvals\/\w+\/(\S+)/.exec(text)?.[1] : undefined;
      return token === undefined ? [] : [hashOfToken(token)];
    });
  const reaches = (requestId: string, wanted: string, round?: number) =>
    app.eventually(async () => {
      const now = await row(requestId);
      if (now?.["status"] !== wanted || (round !== undefined && now["round"] !== round)) return false;
      // The token is kept before it is mailed.
      return wanted !== "AWAITING_APPROVAL" || tokensMailed().includes(String(now["tokenHash"]));
    }, 3_000);
  /** The link of the newest mail about a request. */
  const link = (requestId: string): string => {
    const links = app.outbox.flatMap(({ source, text = "" }) =>
      source === "ses" ? (/\S+\/approvals\/\S+/.exec(text)?.[0] ?? []) : [],
    );
    const found = links.findLast((candidate) => candidate.includes(`/approvals/${requestId}/`));
    if (found === undefined) throw new Error(`No mail about ${requestId}`);
    return found;
  };
  const open = (address: string) => fetch(address);
  /** Presses a button of the page. */
  const press = async (address: string, decision: "approve" | "reject", report?: string) => {
    const shown = await (await open(address)).text();
    const hash = report ?? /name="report" value="(\w+)"/.exec(shown)?.[1] ?? "";
    return fetch(`${address}/${decision}`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ report: hash }).toString(),
    });
  };
  const approve = async (requestId: string) => {
    await reaches(requestId, "AWAITING_APPROVAL");
    return press(link(requestId), "approve");
  };
  const sql = async (text: string, values: Readonly<Record<string, string>>) => {
    const name = app.resource("IndexCluster");
    const { DBClusters } = await app
      .client(RDSClient)
      .send(new DescribeDBClustersCommand({ DBClusterIdentifier: name }));
    const { records = [] } = await app.client(RDSDataClient).send(
      new ExecuteStatementCommand({
        resourceArn: DBClusters?.[0]?.DBClusterArn,
        secretArn: DBClusters?.[0]?.MasterUserSecret?.SecretArn,
        sql: text,
        parameters: Object.entries(values).map(([parameter, stringValue]) => ({
          name: parameter,
          value: { stringValue },
        })),
      }),
    );
    return records;
  };
  return {
    app,
    bucket,
    url,
    put,
    versions,
    /** Removes an object with all its versions. */
    discard: async (key: string) => {
      const Objects = (await versions(key)).map((VersionId) => ({ Key: key, VersionId }));
      if (Objects.length > 0) await s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }));
    },
    read,
    post,
    ask,
    status,
    reaches,
    link,
    open,
    press,
    approve,
    /** Asks, approves, and waits for the end. */
    async erase(...users: string[]) {
      const requestId = await ask(...users);
      await approve(requestId);
      await app.settle();
      return { requestId, ...(await status(requestId)) };
    },
    text: async (key: string) => (await read(key)).toString(),
    row,
    papers: async (requestId: string) => {
      const { Versions = [], DeleteMarkers = [] } = await s3.send(
        new ListObjectVersionsCommand({ Bucket: app.resource("PapersBucket"), Prefix: `requests/${requestId}/` }),
      );
      return [...Versions, ...DeleteMarkers].map(({ Key = "" }) => Key);
    },
    report: async (requestId: string, round: number) =>
      JSON.parse(
        (await read(`requests/${requestId}/report-${round}.json`, app.resource("PapersBucket"))).toString(),
      ) as {
        objects: {
          kind: string;
          key: string;
          versions: { versionId: string; users: { user: string; rows: number }[] }[];
        }[];
        notFound: string[];
      },
    audit: async (requestId: string, event: string) =>
      JSON.parse((await read(`${requestId}/${event}.json`, app.resource("AuditBucket"))).toString()) as Record<
        string,
        unknown
      >,
    execution: async (requestId: string) =>
      app.client(SFNClient).send(
        new DescribeExecutionCommand({
          executionArn: `${app.resource("EraseUsers").replace(":stateMachine:", ":execution:")}:${requestId}`,
        }),
      ),
    history: async (requestId: string) =>
      app.client(SFNClient).send(
        new GetExecutionHistoryCommand({
          executionArn: `${app.resource("EraseUsers").replace(":stateMachine:", ":execution:")}:${requestId}`,
          maxResults: 1_000,
        }),
      ),
    /** How many rows of users the index knows of an object. */
    indexed: async (object: string) =>
      Number((await sql("SELECT count(*) FROM user_rows WHERE object = :object", { object }))[0]?.[0]?.longValue ?? 0),
    forgetIndex: async (object: string) => {
      await sql("DELETE FROM user_rows WHERE object = :object", { object });
      await sql("DELETE FROM indexed_versions WHERE object = :object", { object });
    },
    /** An index that is wrong. */
    pretendRow: (object: string, version: string, user: string) =>
      sql("UPDATE user_rows SET user_id = :user WHERE object = :object AND version = :version", {
        object,
        version,
        user,
      }),
    notices: () => app.outbox.filter(({ source }) => source !== "ses").map(({ subject = "" }) => subject),
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  };
}

/** NDJSON of one row for each user named. */
export const rows = (...users: string[]): string =>
  users.map((user, index) => `${JSON.stringify({ user_id: user, row: index })}\n`).join("");
