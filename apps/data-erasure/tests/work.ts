import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { expect } from "vitest";
import type { LocalApp } from "#local/testing";
import { takeMessages } from "#local/testing/messages";
import type { Step, Work } from "#local/testing/work";
import { requestIdOf } from "../src/request-id.ts";
import { employApprover } from "./approver.ts";
import { erasureOf, parameters, rows, verifySender } from "./erasure.ts";

const REQUESTER = "support@example.com";

const put =
  (keyOf: (id: string) => string, bodyOf: (id: string) => string): Step =>
  async (app, id) =>
    void (await erasureOf(app).put(keyOf(id), bodyOf(id), { Tagging: "a=b" }));

/** Versions of uploaded lists, by key: they are part of the id of the request, and the list is gone when it has begun. */
const lists = new Map<string, string>();

const upload =
  (keyOf: (id: string) => string, bodyOf: (id: string) => string): Step =>
  async (app, id) => {
    const { VersionId = "" } = await app.client(S3Client).send(
      new PutObjectCommand({
        Bucket: app.resource("PapersBucket"),
        Key: keyOf(id),
        Body: bodyOf(id),
        Metadata: { "requested-by": REQUESTER },
      }),
    );
    lists.set(keyOf(id), VersionId);
  };

const listOf = (id: string): string => `uploads/${id}.csv`;
const requestOfList = (id: string): string => requestIdOf(listOf(id), lists.get(listOf(id)) ?? "");
const requestOfCall = (id: string): string => requestIdOf(id, REQUESTER, id);

/** The users of the rows that are left, whether blank rows have been taken out or not. */
const usersIn = (text: string): unknown[] =>
  text
    .split("\n")
    .filter((row) => row !== "" && row !== "{}")
    .map((row) => (JSON.parse(row) as { user_id: unknown }).user_id);

/** Takes the letters about something out of the dead letters, as who has read them does. */
async function lettersAbout(app: LocalApp, what: string) {
  const letters = await takeMessages(
    app.cloud,
    app.resource("DeadLetters"),
    ({ Body }) => Body?.includes(what) ?? false,
  );
  return letters.map(({ MessageAttributes }) => MessageAttributes?.["reason"]?.StringValue);
}

const noticesOf = (app: LocalApp, requestId: string): (string | undefined)[] =>
  app.outbox.flatMap(({ source, subject, text = "" }) =>
    source !== "ses" && text.includes(requestId) ? [subject] : [],
  );

async function expectEnd(app: LocalApp, requestId: string, outcome: string): Promise<void> {
  const erasure = erasureOf(app);
  expect(await erasure.row(requestId)).toMatchObject({ status: outcome, isOver: true });
  expect((await erasure.execution(requestId)).status).toBe("SUCCEEDED");
  expect(await erasure.audit(requestId, "requested")).toMatchObject({ users: 1 });
  expect(await erasure.audit(requestId, "closed")).toMatchObject({
    outcome,
    users: [expect.stringMatching(/^\w{64}$/)],
  });
  expect(await erasure.papers(requestId)).toEqual([]);
}

export const work: Work = {
  parameters: { ...parameters, IndexMinutes: "2", BackFillPageSize: "1", VacuumObjectsAtATime: "1000" },
  async begin(app) {
    await verifySender(app);
    employApprover(app);
  },
  tasks: {
    "blank rows go": {
      steps: [
        put(
          (id) => `rows/${id}-dusty.ndjson`,
          (id) => `{}\n${rows(id)}`,
        ),
        // As the schedule does.
        async (app) =>
          void (await app.client(LambdaClient).send(
            new InvokeCommand({
              FunctionName: app.resource("VacuumObjects"),
              InvocationType: "Event",
              Payload: "{}",
            }),
          )),
      ],
      async done(app, id) {
        const erasure = erasureOf(app);
        const key = `rows/${id}-dusty.ndjson`;
        expect(await erasure.text(key)).toBe(rows(id));
        expect(await erasure.versions(key)).toHaveLength(1);
        expect(await erasure.indexed(key)).toBe(1);
      },
      async sound(app, id) {
        const key = `rows/${id}-dusty.ndjson`;
        const text = await erasureOf(app).text(key);
        expect([rows(id), `{}\n${rows(id)}`]).toContain(text);
      },
    },

    "what was there before is indexed": {
      steps: [
        put(
          (id) => `rows/before/${id}/a.ndjson`,
          (id) => rows(id),
        ),
        put(
          (id) => `rows/before/${id}/b.ndjson`,
          (id) => rows(id, id),
        ),
        async (app, id) => {
          await erasureOf(app).forgetIndex(`rows/before/${id}/a.ndjson`);
          await erasureOf(app).forgetIndex(`rows/before/${id}/b.ndjson`);
          await app.client(SFNClient).send(
            new StartExecutionCommand({
              stateMachineArn: app.resource("BackFill"),
              name: id,
              input: JSON.stringify({ prefix: `rows/before/${id}/` }),
            }),
          );
        },
      ],
      async done(app, id) {
        expect(await erasureOf(app).indexed(`rows/before/${id}/a.ndjson`)).toBe(1);
        expect(await erasureOf(app).indexed(`rows/before/${id}/b.ndjson`)).toBe(2);
      },
    },

    "what cannot be understood is put aside with its reason": {
      steps: [
        async (app, id) => {
          await erasureOf(app).put(`rows/${id}-bad.ndjson`, "not json\n");
          await upload(
            () => `uploads/${id}-bad.csv`,
            () => " \n",
          )(app, id);
        },
      ],
      async done(app, id) {
        expect(new Set(await lettersAbout(app, `rows/${id}-bad.ndjson`))).toEqual(new Set(["Row 0 is not JSON"]));
        const [reason] = await lettersAbout(app, `uploads/${id}-bad.csv`);
        expect(reason).toBeDefined();
        expect(await erasureOf(app).versions(`uploads/${id}-bad.csv`, app.resource("PapersBucket"))).toEqual([]);
      },
    },

    "users of a list are kept where the approver says so": {
      steps: [
        put(
          (id) => `files/${id}-keep.txt`,
          (id) => id,
        ),
        upload(listOf, (id) => id),
      ],
      async done(app, id) {
        const requestId = requestOfList(id);
        await expectEnd(app, requestId, "REJECTED");
        expect(noticesOf(app, requestId)).toContain("Purge Data Request Rejected");
        expect(await erasureOf(app).audit(requestId, "decided-1")).toMatchObject({ decision: "reject" });
        expect(await erasureOf(app).versions(listOf(id), app.resource("PapersBucket"))).toEqual([]);
      },
      async sound(app, id) {
        expect(await erasureOf(app).text(`files/${id}-keep.txt`)).toBe(id);
      },
    },

    "a user is erased from rows and objects": {
      steps: [
        put(
          (id) => `rows/${id}.ndjson`,
          (id) => rows(id, "other"),
        ),
        put(
          (id) => `files/${id}-a.txt`,
          () => "x",
        ),
        async (app, id) => {
          const { status } = await erasureOf(app).post(
            { userIds: [id], requestedBy: REQUESTER },
            { "idempotency-key": id },
          );
          if (status !== 202) throw new Error(`The request was answered with ${status}`);
        },
        async (app, id) => {
          const { status } = await erasureOf(app).open(`${erasureOf(app).url}/requests/${requestOfCall(id)}`);
          if (status !== 200) throw new Error(`How far it is was answered with ${status}`);
        },
      ],
      async done(app, id) {
        const requestId = requestOfCall(id);
        await expectEnd(app, requestId, "COMPLETED");
        expect(noticesOf(app, requestId)).toContain("Purge Data Request, Successfully Completed!");
        expect(noticesOf(app, requestId)).not.toContain("Purge Request Failed!");
        expect(await remains(app, id)).toEqual({ row: ["other"], rowVersions: 1, files: 0, indexed: 1 });
        expect(await erasureOf(app).audit(requestId, "decided-1")).toMatchObject({ decision: "approve" });
      },
      async sound(app, id) {
        const requestId = requestOfCall(id);
        const isTold = noticesOf(app, requestId).includes("Purge Data Request, Successfully Completed!");
        const request = await erasureOf(app).row(requestId);
        if (isTold || request?.["status"] === "COMPLETED")
          expect(await remains(app, id)).toMatchObject({ row: ["other"], rowVersions: 1, files: 0 });
        // Nothing goes before it is approved, and what is of others never does.
        else if (request?.["round"] === undefined || request["decision"] === undefined) {
          const { row } = await remains(app, id);
          expect([undefined, [id, "other"]]).toContainEqual(row);
        }
      },
    },
  },
};

async function remains(app: LocalApp, id: string) {
  const erasure = erasureOf(app);
  const key = `rows/${id}.ndjson`;
  const versions = await erasure.versions(key);
  return {
    row: versions.length === 0 ? undefined : usersIn(await erasure.text(key)),
    rowVersions: versions.length,
    files: (await erasure.versions(`files/${id}-a.txt`)).length,
    indexed: await erasure.indexed(key),
  };
}
