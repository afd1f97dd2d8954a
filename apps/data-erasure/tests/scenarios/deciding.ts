/** Who asks, who approves, and what either may do. */
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { rows } from "../erasure.ts";
import { erasure } from "./deployed.ts";

/** A request that waits for its approver. */
async function waiting(user: string): Promise<string> {
  await erasure.put(`rows/${user}.ndjson`, rows(user, "other"));
  await erasure.app.settle();
  const requestId = await erasure.ask(user);
  await erasure.reaches(requestId, "AWAITING_APPROVAL");
  return requestId;
}
const isUntouched = async (user: string) => (await erasure.text(`rows/${user}.ndjson`)) === rows(user, "other");

describe("the approver", { timeout: 120_000 }, () => {
  it("rejects, and nothing is deleted", async () => {
    const before = erasure.notices().length;
    const requestId = await waiting("r1");
    expect((await erasure.press(erasure.link(requestId), "reject")).status).toBe(200);
    await erasure.app.settle();
    expect((await erasure.status(requestId)).status).toBe("REJECTED");
    expect(await isUntouched("r1")).toBe(true);
    expect(erasure.notices().slice(before)).toContain("Purge Data Request Rejected");
    expect(await erasure.audit(requestId, "closed")).toMatchObject({ outcome: "REJECTED", erased: 0 });
  });

  it("does nothing by looking, however often a scanner follows the link", async () => {
    const requestId = await waiting("s1");
    const before = await erasure.row(requestId);
    for (let times = 0; times < 3; times += 1) {
      const page = await erasure.open(erasure.link(requestId));
      expect(page.status).toBe(200);
      expect(page.headers.get("referrer-policy")).toBe("no-referrer");
      expect(await page.text()).toContain('method="post"');
    }
    expect((await fetch(`${erasure.link(requestId)}/approve`)).status).toBe(404);
    expect(await erasure.row(requestId)).toEqual(before);
    expect(await isUntouched("s1")).toBe(true);
    await erasure.press(erasure.link(requestId), "reject");
    await erasure.app.settle();
  });

  it("approves once: a second time changes nothing, and the other decision is refused", async () => {
    const before = erasure.notices().length;
    const requestId = await waiting("t1");
    const address = erasure.link(requestId);
    const hash = String((await erasure.row(requestId))?.["reportHash"]);
    // The workflow does not go on before time does: both come while it waits, however long a function takes to start.
    const held = erasure.app.cloud.faults.add({
      service: "lambda",
      operation: "Invoke",
      error: "throttle",
      times: 1,
      role: "EraseUsers",
    });
    const answers = await Promise.all([
      erasure.press(address, "approve", hash),
      erasure.press(address, "approve", hash),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect((await erasure.press(address, "reject", hash)).status).toBe(409);
    await erasure.app.settle();
    expect(held.hits).toBe(1);
    expect(await erasure.text("rows/t1.ndjson")).toBe('{}\n{"user_id":"other","row":1}\n');
    expect((await erasure.press(address, "reject", hash)).status).toBe(409);
    // By now the report is of what is left, which is nothing: that was not approved, and nobody is told that the page were outdated.
    const again = await erasure.press(address, "approve", hash);
    expect([again.status, await again.text()]).toEqual([409, expect.stringContaining("decided already")]);
    expect(await erasure.audit(requestId, "decided-1")).toMatchObject({ decision: "approve", reportHash: hash });
    const notices = erasure.notices().slice(before);
    expect(notices.filter((subject) => subject.startsWith("Received Approval"))).toHaveLength(1);
  });

  it("needs the token of this very request, of which the table knows a hash only", async () => {
    const [first, second] = [await waiting("v1"), await waiting("v2")];
    const token = erasure.link(first).split("/").at(-1) ?? "";
    const foreign = erasure.link(second).replace(/[^/]+$/, token);
    expect((await erasure.press(foreign, "approve", "x")).status).toBe(404);
    expect((await erasure.open(foreign)).status).toBe(404);
    expect((await erasure.open(`${erasure.url}/approvals/unknown/${token}`)).status).toBe(404);
    expect(JSON.stringify(await erasure.row(first))).not.toContain(token);
    expect(token.length).toBeGreaterThanOrEqual(43);
    for (const requestId of [first, second]) await erasure.press(erasure.link(requestId), "reject");
    await erasure.app.settle();
  });

  it("approves the report that the page has shown, and no other", async () => {
    const requestId = await waiting("w1");
    expect((await erasure.press(erasure.link(requestId), "approve", "0".repeat(64))).status).toBe(409);
    expect((await erasure.status(requestId)).status).toBe("AWAITING_APPROVAL");
    await erasure.press(erasure.link(requestId), "reject");
    await erasure.app.settle();
  });

  it("is asked anew when data has changed since, and the old link leads nowhere", async () => {
    const requestId = await waiting("x1");
    const old = erasure.link(requestId);
    await erasure.put("rows/x1-more.ndjson", rows("x1"));
    await erasure.app.eventually(async () => (await erasure.indexed("rows/x1-more.ndjson")) > 0, 600);
    await erasure.press(old, "approve");
    await erasure.reaches(requestId, "AWAITING_APPROVAL", 2);
    expect(await isUntouched("x1")).toBe(true);
    expect(erasure.link(requestId)).not.toBe(old);
    expect((await erasure.open(old)).status).toBe(404);
    await erasure.press(erasure.link(requestId), "approve");
    await erasure.app.settle();
    expect((await erasure.status(requestId)).status).toBe("COMPLETED");
    expect(await erasure.text("rows/x1-more.ndjson")).toBe("{}\n");
  });

  it("has an hour: after that the request is expired, and nothing is deleted", async () => {
    const before = erasure.notices().length;
    const requestId = await waiting("y1");
    const address = erasure.link(requestId);
    await erasure.app.settle();
    expect((await erasure.status(requestId)).status).toBe("EXPIRED");
    expect((await erasure.open(address)).status).toBe(409);
    const hash = String((await erasure.row(requestId))?.["reportHash"]);
    expect((await erasure.press(address, "approve", hash)).status).toBe(409);
    expect(await isUntouched("y1")).toBe(true);
    expect(erasure.notices().slice(before)).toContain("Purge Data Request Expired");
  });
});

describe("who asks", { timeout: 120_000 }, () => {
  it("cannot be who approves", async () => {
    const answer = await erasure.post({ userIds: ["a"], requestedBy: " Privacy@example.com" });
    expect(answer.status).toBe(400);
    const other = await erasure.post({ userIds: ["a"], requestedBy: "Privacy@Example.com" });
    expect(other.status).toBe(403);
  });

  it.each([
    ["nobody", { userIds: [" ", "\n"], requestedBy: "a@b" }, "userIds: no user is named"],
    ["an id with a comma", { userIds: ["ok", "a,b"], requestedBy: "a@b" }, "userIds[1]: expected"],
    ["no address", { userIds: ["a"] }, "requestedBy: missing"],
    ["too many", { userIds: Array.from({ length: 10_001 }, (_, i) => `${i}`), requestedBy: "a@b" }, "more than 10000"],
  ])("is told what is wrong with %s", async (_name, body, detail) => {
    const answer = await erasure.post(body);
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { detail: string }).detail).toContain(detail);
  });

  it("is told that nothing is stored of a user", async () => {
    const before = erasure.notices().length;
    const requestId = await erasure.ask("nobody-knows");
    await erasure.app.settle();
    expect(await erasure.status(requestId)).toMatchObject({ status: "NOT_FOUND", summary: { usersNotFound: 1 } });
    expect(erasure.notices().slice(before)).toContain("Purge Data Request: Nothing Found");
  });

  it("gets the same request for the same key, once", async () => {
    const body = { userIds: ["k1"], requestedBy: "support@example.com" };
    const ids = await Promise.all(
      [1, 2].map(
        async () =>
          ((await (await erasure.post(body, { "idempotency-key": "k" })).json()) as { requestId: string }).requestId,
      ),
    );
    expect(new Set(ids).size).toBe(1);
    await erasure.app.settle();
    const [requestId = ""] = ids;
    expect((await erasure.status(requestId)).status).toBe("NOT_FOUND");
    // Once more, after the end: nothing begins, and nobody's id is written down again.
    expect((await erasure.post(body, { "idempotency-key": "k" })).status).toBe(202);
    await erasure.app.settle();
    expect(await erasure.papers(requestId)).toEqual([]);
    expect((await erasure.status(requestId)).status).toBe("NOT_FOUND");
  });

  it("may upload a list instead: one request, however often its event comes, and no list is left", async () => {
    const { app } = erasure;
    await erasure.put("rows/l1.ndjson", rows("l1", "l2", "other"));
    await app.settle();
    const Bucket = app.resource("PapersBucket");
    const { VersionId } = await app.client(S3Client).send(
      new PutObjectCommand({
        Bucket,
        Key: "uploads/leavers.csv",
        Body: "user_id\r\n l1 ,l2\r\n\r\n",
        Metadata: { "requested-by": "support@example.com" },
      }),
    );
    const mails = () => app.outbox.filter(({ source }) => source === "ses").length;
    const before = mails();
    await app.eventually(() => mails() > before, 600);
    const sample = app.sample("receive-upload.json") as { detail: { object: Record<string, string> } };
    Object.assign(sample.detail.object, { key: "uploads/leavers.csv", "version-id": VersionId });
    await app.invoke("ReceiveUpload", sample);
    const requestId =
      /approvals\/(\w+)\//.exec(app.outbox.findLast(({ source }) => source === "ses")?.text ?? "")?.[1] ?? "";
    await erasure.approve(requestId);
    await app.settle();
    expect(await erasure.text("rows/l1.ndjson")).toBe('{}\n{}\n{"user_id":"other","row":2}\n');
    expect(mails()).toBe(before + 1);
    expect(await erasure.versions("uploads/leavers.csv", Bucket)).toEqual([]);
  });

  it("finds a list that says not who asks, or names nobody, in the dead letters with the reason", async () => {
    const { app } = erasure;
    const upload = (Key: string, Body: string, Metadata: Record<string, string>) =>
      app.client(S3Client).send(new PutObjectCommand({ Bucket: app.resource("PapersBucket"), Key, Body, Metadata }));
    await upload("uploads/anonymous.csv", "a", {});
    await upload("uploads/empty.csv", " \n", { "requested-by": "a@b" });
    await upload("uploads/own.csv", "a", { "requested-by": "privacy@example.com" });
    await app.settle();
    const reasons = (await app.messages("DeadLetters")).map(
      ({ MessageAttributes }) => MessageAttributes?.["reason"]?.StringValue,
    );
    expect(reasons.toSorted()).toEqual([
      "Who asks for an erasure cannot be who approves it",
      "list: no user is named",
      "metadata.requested-by: missing: the address of who asks for it",
    ]);
  });
});
