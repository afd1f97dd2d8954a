/** Buckets, and the objects of one by prefix. */
import { get, post } from "../../core/api.js";
import { h } from "../../core/dom.js";
import { bytes, time } from "../../core/format.js";
import { arnLink, shortArn, to } from "../../core/links.js";
import { live, viewOf } from "../../core/live.js";
import { field, form } from "../../parts/form.js";
import { say } from "../../parts/notice.js";
import { pages } from "../../parts/pages.js";
import { appLink, facts, heading, named, table } from "../../parts/table.js";

export const buckets = () =>
  viewOf("Buckets", [
    heading("Buckets"),
    live(
      () => get("/buckets"),
      (data) =>
        table(
          data.buckets,
          [
            { label: "Bucket", cell: (/** @type {any} */ { name, owner }) => named(name, owner, to("buckets", name)) },
            { label: "App", cell: ({ owner }) => appLink(owner) },
            { label: "Made", class: "time", cell: ({ createdAt }) => time(createdAt) },
          ],
          { empty: "There are no buckets.", caption: "Buckets" },
        ),
    ),
  ]);

/**
 * @param {string} name
 * @param {string} prefix
 */
export async function bucket(name, prefix) {
  const known = await get("/bucket", { name });
  const list = pages(
    async (token) => {
      const answer = await get("/objects", { bucket: name, prefix, token });
      const folders = answer.folders.map((/** @type {string} */ folder) => ({ folder }));
      return { rows: [...folders, ...answer.objects], token: answer.token };
    },
    (rows) => objectTable(name, prefix, rows),
  );
  const parts = prefix.split("/").slice(0, -1);
  const title = parts.at(-1) ?? known.owner?.logicalId ?? name;
  return viewOf(title, [
    heading(title, {
      trail: [
        ["Buckets", to("buckets")],
        ...(prefix === ""
          ? []
          : [/** @type {[string, string]} */ ([known.owner?.logicalId ?? name, to("buckets", name)])]),
        ...parts
          .slice(0, -1)
          .map(
            (part, i) =>
              /** @type {[string, string]} */ ([part, to("buckets", name, `${parts.slice(0, i + 1).join("/")}/`)]),
          ),
      ],
      says: h("code", {}, prefix === "" ? name : `s3://${name}/${prefix}`),
    }),
    ...(prefix === "" ? [about(known)] : []),
    jump(name, prefix),
    list,
    upload(name, prefix, list.restart),
  ]);
}

/** @param {any} known */
const about = (known) =>
  facts([
    ["Versioning", known.versioning.toLowerCase()],
    ["Lifecycle rules", known.lifecycleRules || undefined],
    [
      "Tells",
      known.notifiesEventBridge || known.notifies.length > 0
        ? h(
            "span",
            {},
            known.notifiesEventBridge && h("a", { href: to("events") }, "EventBridge"),
            known.notifies.flatMap((/** @type {any} */ { arn }) => [
              " ",
              h("a", { href: arnLink(arn) ?? "#/" }, shortArn(arn)),
            ]),
          )
        : undefined,
    ],
  ]);

/**
 * @param {string} bucket
 * @param {string} prefix
 * @param {any[]} rows
 */
const objectTable = (bucket, prefix, rows) =>
  table(
    rows,
    [
      {
        label: "Key",
        class: "break",
        cell: ({ folder, key }) =>
          folder === undefined
            ? h(
                "a",
                { href: to("object", bucket, key), "data-key": `object ${key}` },
                visible(key.slice(prefix.length)) || "(the prefix itself)",
              )
            : h(
                "a",
                { href: to("buckets", bucket, folder), "data-key": `folder ${folder}` },
                `▸ ${visible(folder.slice(prefix.length))}`,
              ),
      },
      { label: "Size", class: "num", cell: ({ folder, size }) => (folder === undefined ? bytes(size) : "") },
      { label: "Changed", class: "time", cell: ({ folder, at }) => (folder === undefined ? time(at) : "") },
    ],
    { empty: prefix === "" ? "It is empty." : "Nothing has this prefix.", caption: "Objects" },
  );

/** Line breaks and the like in keys are shown by their code. @param {string} key */
export const visible = (key) =>
  // eslint-disable-next-line no-control-regex
  key.replace(/[\u0000-\u001f\u007f]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`);

/**
 * @param {string} bucket
 * @param {string} prefix
 */
function jump(bucket, prefix) {
  const input = h("input", {
    type: "search",
    value: prefix,
    placeholder: "prefix/",
    "aria-label": "Prefix",
    spellcheck: "false",
  });
  return h(
    "form",
    {
      class: "filters",
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        location.hash = to("buckets", bucket, input.value);
      },
    },
    input,
    h("button", { type: "submit" }, "Show prefix"),
  );
}

/**
 * @param {string} bucket
 * @param {string} prefix
 * @param {() => Promise<void>} done
 */
function upload(bucket, prefix, done) {
  const file = h("input", { type: "file", required: true });
  const key = h("input", { value: prefix, required: true, spellcheck: "false" });
  file.addEventListener("change", () => {
    const chosen = file.files?.[0];
    if (chosen && (key.value === "" || key.value.endsWith("/"))) key.value = `${key.value}${chosen.name}`;
  });
  return h(
    "details",
    { class: "section panel" },
    h("summary", {}, h("h2", {}, "Upload")),
    form(
      "Upload",
      async () => {
        const chosen = file.files?.[0];
        if (!chosen) return;
        await post("/object/upload", chosen, { bucket, key: key.value, type: chosen.type || undefined });
        say(`${key.value} is there`);
        await done();
      },
      field("File", file),
      field("Key", key),
    ),
  );
}
