import { describe, expect, it } from "vitest";
import { type ConsoleCloud, consoleCloud } from "../testing/console-cloud.ts";

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNg+M9QDwADgQF/iJ7UTQAAAABJRU5ErkJggg==",
  "base64",
);

async function withBucket(options: { versioned?: boolean } = {}): Promise<ConsoleCloud> {
  const it = await consoleCloud();
  await it.call("s3", "CreateBucket", { Bucket: "things" });
  if (options.versioned)
    await it.call("s3", "PutBucketVersioning", {
      Bucket: "things",
      VersioningConfiguration: { Status: "Enabled" },
    });
  return it;
}

const put = (it: ConsoleCloud, Key: string, body: string | Uint8Array, ContentType = "application/octet-stream") =>
  it.call("s3", "PutObject", { Bucket: "things", Key, Body: Buffer.from(body), ContentType });

describe("a bucket", () => {
  it("is listed by prefix, folders first", async () => {
    await using it = await withBucket();
    for (const key of ["a.txt", "in/b.txt", "in/deep/c.txt", "z.txt"]) await put(it, key, "x");
    expect(await it.get("/objects", { bucket: "things" })).toMatchObject({
      folders: ["in/"],
      objects: [{ key: "a.txt", size: 1 }, { key: "z.txt" }],
    });
    expect(await it.get("/objects", { bucket: "things", prefix: "in/" })).toMatchObject({
      folders: ["in/deep/"],
      objects: [{ key: "in/b.txt" }],
    });
  });

  it("of many objects is paged through without loss", async () => {
    await using it = await withBucket();
    for (let i = 0; i < 450; i++) await put(it, `object-${String(i).padStart(3, "0")}`, "");
    const keys: string[] = [];
    let token: string | undefined;
    do {
      const page = await it.get<{ objects: { key: string }[]; token?: string }>("/objects", {
        bucket: "things",
        ...(token && { token }),
      });
      expect(page.objects.length).toBeLessThanOrEqual(200);
      keys.push(...page.objects.map(({ key }) => key));
      token = page.token;
    } while (token !== undefined);
    expect(new Set(keys).size).toBe(450);
  });

  it("tells whom it notifies and whether it keeps versions", async () => {
    await using it = await withBucket({ versioned: true });
    await it.call("s3", "PutBucketNotificationConfiguration", {
      Bucket: "things",
      NotificationConfiguration: { EventBridgeConfiguration: {} },
    });
    expect(await it.get("/bucket", { name: "things" })).toMatchObject({
      versioning: "Enabled",
      notifiesEventBridge: true,
      notifies: [],
      lifecycleRules: 0,
    });
  });

  it("that is not there is an error with its name", async () => {
    await using it = await consoleCloud();
    await expect(it.get("/objects", { bucket: "nothing" })).rejects.toMatchObject({
      name: "NoSuchBucket",
      status: 404,
    });
  });
});

describe("an object", () => {
  it("shows metadata, tags and versions, the latest first", async () => {
    await using it = await withBucket({ versioned: true });
    await put(it, "a.json", "{}", "application/json");
    await it.cloud.clock.advance(1000);
    await it.call("s3", "PutObject", {
      Bucket: "things",
      Key: "a.json",
      Body: '{"n":1}',
      ContentType: "application/json",
      Metadata: { who: "ada" },
      Tagging: "team=blue",
    });
    await put(it, "a.json.bak", "other");
    const object = await it.get<{ versions: { id: string; isLatest: boolean; size: number }[] }>("/object", {
      bucket: "things",
      key: "a.json",
    });
    expect(object).toMatchObject({
      isThere: true,
      size: 7,
      type: "application/json",
      metadata: { who: "ada" },
      tags: { team: "blue" },
    });
    expect(object.versions.map(({ isLatest, size }) => [isLatest, size])).toEqual([
      [true, 7],
      [false, 2],
    ]);
    const former = await it.get("/object/preview", {
      bucket: "things",
      key: "a.json",
      version: object.versions[1]?.id ?? "",
    });
    expect(former).toEqual({ kind: "text", text: "{}", isWhole: true });
  });

  it("that was deleted shows its versions", async () => {
    await using it = await withBucket({ versioned: true });
    await put(it, "a", "x");
    await it.post("/object/delete", {}, { bucket: "things", key: "a" });
    const object = await it.get<{ isThere: boolean; versions: { isDeleteMarker: boolean }[] }>("/object", {
      bucket: "things",
      key: "a",
    });
    expect(object.isThere).toBe(false);
    expect(object.versions.map(({ isDeleteMarker }) => isDeleteMarker)).toEqual([true, false]);
  });

  it("is previewed by what it is, not by what it says it is", async () => {
    await using it = await withBucket();
    await put(it, "page", "<script>alert(1)</script>", "image/png");
    await put(it, "picture", PNG, "text/html");
    await put(it, "svg", "<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "image/svg+xml");
    await put(it, "bytes", Buffer.from([0, 1, 2, 255]), "text/plain");
    await put(it, "empty", "", "image/png");
    const kind = async (key: string) =>
      (await it.get<{ kind: string }>("/object/preview", { bucket: "things", key })).kind;
    expect(await Promise.all(["page", "picture", "svg", "bytes", "empty"].map(kind))).toEqual([
      "text",
      "picture",
      "text",
      "binary",
      "text",
    ]);
  });

  it("that is a picture comes with its own type, no script and no frame of another site", async () => {
    await using it = await withBucket();
    await put(it, "picture", PNG, "text/html");
    await put(it, "page", "<script>alert(1)</script>", "image/png");
    const picture = await fetch(`${it.address}/api/object/picture?bucket=things&key=picture`);
    expect(picture.headers.get("content-type")).toBe("image/png");
    expect(picture.headers.get("x-content-type-options")).toBe("nosniff");
    expect(picture.headers.get("content-security-policy")).toContain("sandbox");
    expect(Buffer.from(await picture.arrayBuffer())).toEqual(PNG);
    expect((await fetch(`${it.address}/api/object/picture?bucket=things&key=page`)).status).toBe(404);
  });

  it("is cut where its preview would be too long, also in the middle of a character", async () => {
    await using it = await withBucket();
    await put(it, "long", `a${"€".repeat(100_000)}`);
    const preview = await it.get<{ kind: string; text: string; isWhole: boolean }>("/object/preview", {
      bucket: "things",
      key: "long",
    });
    expect(preview).toMatchObject({ kind: "text", isWhole: false });
    expect(preview.text.length).toBeLessThan(50_000);
  });

  it.each(["plain.html", "with space & sign+.html", "../up", "new\nline", "ü/€.txt", "<b>"])(
    "%j is downloaded as a file, byte for byte",
    async (key) => {
      await using it = await withBucket();
      const bytes = Buffer.from("<script>alert(1)</script>\u0000ü");
      await put(it, key, bytes, "text/html");
      const response = await fetch(
        `${it.address}/api/object/download?${new URLSearchParams({ bucket: "things", key })}`,
      );
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toBe("application/octet-stream");
      expect(response.headers.get("content-disposition")).toMatch(/^attachment/);
      expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
    },
  );

  it("is downloaded though time was fast-forwarded", async () => {
    await using it = await withBucket();
    await put(it, "a", "x");
    await it.post("/clock/advance", { milliseconds: 40 * 86_400_000 });
    expect(await (await fetch(`${it.address}/api/object/download?bucket=things&key=a`)).text()).toBe("x");
  });

  it("is uploaded as it is", async () => {
    await using it = await withBucket();
    await it.post("/object/upload", "hello", { bucket: "things", key: "in/new.txt", type: "text/plain" });
    expect(await it.get("/object", { bucket: "things", key: "in/new.txt" })).toMatchObject({
      size: 5,
      type: "text/plain",
    });
  });
});
