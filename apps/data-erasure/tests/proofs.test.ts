import { DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import { proofs } from "#local/testing/proofs";
import { erasureOf, parameters, rows, verifySender } from "./erasure.ts";

proofs("data-erasure", {
  // What is denied to the index is given up within an hour, so that functions stay warm.
  parameters: { ...parameters, IndexMinutes: "2", VacuumSchedule: "", VacuumObjectsAtATime: "1000" },
  uses: {
    "users are erased from rows and objects": async (app, id) => {
      await verifySender(app);
      const erasure = erasureOf(app);
      const key = `rows/${id}.ndjson`;
      try {
        await erasure.put(key, rows(id, "other"), { Tagging: "a=b" });
        await erasure.put(`files/${id}-a.txt`, "x");
        await app.settle();
        const { status, requestId } = await erasure.erase(id);
        expect(status).toBe("COMPLETED");
        expect(await erasure.text(key)).toBe('{}\n{"user_id":"other","row":1}\n');
        expect(await erasure.versions(key)).toHaveLength(1);
        expect(await erasure.versions(`files/${id}-a.txt`)).toEqual([]);
        expect(await erasure.papers(requestId)).toEqual([]);
        expect(await erasure.audit(requestId, "closed")).toMatchObject({ outcome: "COMPLETED" });
      } finally {
        // Blank rows that stay would be work for each vacuum that is to come.
        await erasure.discard(key);
      }
    },

    "blank rows go": async (app, id) => {
      const erasure = erasureOf(app);
      const key = `rows/${id}-dusty.ndjson`;
      try {
        await erasure.put(key, `{}\n${rows(id)}`, { Tagging: "a=b" });
        await app.settle();
        await app.invoke("VacuumObjects", {});
        await app.settle();
        expect(await erasure.text(key)).toBe(rows(id));
        expect(await erasure.versions(key)).toHaveLength(1);
      } finally {
        await erasure.discard(key);
      }
    },

    "a list is uploaded, and rejected": async (app, id) => {
      await verifySender(app);
      const erasure = erasureOf(app);
      await erasure.put(`files/${id}-b.txt`, "x");
      await app.settle();
      const Bucket = app.resource("PapersBucket");
      const before = app.outbox.length;
      await app
        .client(S3Client)
        .send(
          new PutObjectCommand({ Bucket, Key: `uploads/${id}.csv`, Body: id, Metadata: { "requested-by": "a@b" } }),
        );
      const mail = await app.eventually(() => app.outbox.slice(before).find(({ source }) => source === "ses"), 480);
      const requestId = /approvals\/(\w+)\//.exec(mail.text ?? "")?.[1] ?? "";
      await erasure.reaches(requestId, "AWAITING_APPROVAL");
      expect((await erasure.press(erasure.link(requestId), "reject")).status).toBe(200);
      await app.settle();
      expect((await erasure.status(requestId)).status).toBe("REJECTED");
      expect(await erasure.versions(`uploads/${id}.csv`, Bucket)).toEqual([]);
      expect(await erasure.text(`files/${id}-b.txt`)).toBe("x");
    },

    "the bucket is indexed anew": async (app, id) => {
      const erasure = erasureOf(app);
      await erasure.put(`rows/${id}.ndjson`, rows(id));
      await app.settle();
      expect(await erasure.indexed(`rows/${id}.ndjson`)).toBe(1);
      await erasure.forgetIndex(`rows/${id}.ndjson`);
      await app.client(SFNClient).send(
        new StartExecutionCommand({
          stateMachineArn: app.resource("BackFill"),
          name: id,
          input: JSON.stringify({ prefix: `rows/${id}` }),
        }),
      );
      await app.settle();
      expect(await erasure.indexed(`rows/${id}.ndjson`)).toBe(1);
    },

    "what is gone before it is looked at leaves nothing": async (app, id) => {
      const erasure = erasureOf(app);
      const s3 = app.client(S3Client);
      const Key = `rows/${id}-gone.ndjson`;
      const VersionId = await erasure.put(Key, rows(id));
      await s3.send(new DeleteObjectCommand({ Bucket: erasure.bucket, Key, VersionId }));
      await app.settle();
      expect(await erasure.indexed(Key)).toBe(0);
      await app.invoke("ReceiveUpload", app.sample("receive-upload.json"));
      expect((await app.messages("DeadLetters")).filter(({ Body }) => Body?.includes(Key))).toEqual([]);
    },

    "a change that is none is put aside": async (app, id) => {
      await app
        .client(SQSClient)
        .send(new SendMessageCommand({ QueueUrl: app.resource("Changes"), MessageBody: `{${id}` }));
      await app
        .client(S3Client)
        .send(new PutObjectCommand({ Bucket: app.resource("PapersBucket"), Key: `uploads/${id}`, Body: id }));
      await app.settle();
      await app.client(LambdaClient).send(
        new InvokeCommand({
          FunctionName: app.resource("VacuumObjects"),
          InvocationType: "Event",
          Payload: JSON.stringify(id),
        }),
      );
      await app.settle();
      const mine = (await app.messages("DeadLetters")).filter(({ Body }) => Body?.includes(id));
      // A letter may come twice when the answer to sending it got lost. The three begin differently.
      const letters = new Map(
        mine.map(({ Body = "", MessageAttributes }) => [
          Body.slice(0, 14),
          MessageAttributes?.["error"]?.StringValue ?? "told by Lambda",
        ]),
      );
      expect([...letters.values()].toSorted()).toEqual(["InputInvalid", "InputInvalid", "told by Lambda"]);
    },
  },
  spare: {
    "GenerateReport s3:ListBucket":
      "S3 says denied of papers that are gone without it, and the failure would not say what it is",
    "PurgeObjects s3:ListBucket":
      "S3 says denied of papers that are gone without it, and the failure would not say what it is",
    "VerifyObjects s3:ListBucket":
      "S3 says denied of papers that are gone without it, and the failure would not say what it is",
    "VacuumObjects s3:ListBucket": "S3 says denied of versions that went meanwhile without it",
    "CloseRequest s3:ListBucket":
      "S3 says denied of papers that are gone without it, and the failure would not say what it is",
    "BackFillIndex dynamodb:GetItem":
      "only a bucket of more than one page has places to keep (tests/scenarios/trouble.ts)",
    "BackFillIndex dynamodb:PutItem":
      "only a bucket of more than one page has places to keep (tests/scenarios/trouble.ts)",
    "PurgeObjects s3:AbortMultipartUpload": "a large object whose rewriting fails takes back the parts it has put",
    "VacuumObjects s3:AbortMultipartUpload": "a large object whose rewriting fails takes back the parts it has put",
  },
});
