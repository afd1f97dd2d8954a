/** One object: a preview, its metadata and versions. */
import { address, get, post } from "../../core/api.js";
import { h } from "../../core/dom.js";
import { bytes, time } from "../../core/format.js";
import { to } from "../../core/links.js";
import { live, viewOf } from "../../core/live.js";
import { button } from "../../parts/form.js";
import { facts, heading, section, table } from "../../parts/table.js";
import { textBlock } from "../../parts/text.js";
import { visible } from "./buckets.js";

/**
 * @param {string} bucket
 * @param {string} key
 * @param {string | undefined} version the latest one without it
 */
export function object(bucket, key, version) {
  const folder = key.slice(0, key.lastIndexOf("/", key.length - 2) + 1);
  const query = { bucket, key, version };
  const load = async () => {
    const known = await get("/object", query);
    return { ...known, preview: known.isThere ? await get("/object/preview", query) : undefined };
  };
  const name = visible(key.slice(folder.length));
  return viewOf(name, [
    live(load, (data) => [
      heading(name, {
        trail: [
          ["Buckets", to("buckets")],
          [bucket, to("buckets", bucket)],
          ...(folder === ""
            ? []
            : [/** @type {[string, string]} */ ([folder.slice(0, -1), to("buckets", bucket, folder)])]),
        ],
        says: h("code", {}, visible(`s3://${bucket}/${key}`)),
        actions: [
          data.isThere &&
            h("a", { class: "button", href: address("/object/download", query), "data-key": "download" }, "Download"),
          data.isThere &&
            button(version === undefined ? "Delete" : "Delete this version", () => post("/object/delete", {}, query), {
              confirm: `Delete ${visible(key)}?`,
            }),
        ],
      }),
      ...(data.isThere
        ? []
        : [
            h(
              "p",
              { class: "panel problem" },
              "The latest version is a delete marker: the object is deleted, its versions are kept.",
            ),
          ]),
      facts([
        ["Size", data.size === undefined ? undefined : bytes(data.size)],
        ["Type", data.type],
        ["Encoding", data.encoding],
        ["Changed", data.at ? time(data.at) : undefined],
        ["ETag", data.etag && h("code", {}, data.etag)],
        ["Version", data.versionId && h("code", {}, data.versionId)],
        ...pairs("Metadata", data.metadata),
        ...pairs("Tag", data.tags),
      ]),
      ...(data.preview ? [section("Preview", preview(data.preview, query))] : []),
      ...(data.versions.length > 1 || !data.isThere ? [section("Versions", versions(bucket, key, data.versions))] : []),
    ]),
  ]);
}

/**
 * @param {string} what
 * @param {Record<string, string>} values
 * @returns {[string, string][]}
 */
const pairs = (what, values) => Object.entries(values).map(([name, value]) => [`${what} ${name}`, value]);

/**
 * @param {{ kind: string, text?: string, isWhole?: boolean }} data
 * @param {import("../../core/api.js").Query} query
 */
function preview({ kind, text = "", isWhole }, query) {
  if (kind === "picture")
    return h("img", { class: "preview", src: address("/object/picture", query), alt: "The picture" });
  if (kind === "binary")
    return h("p", { class: "muted" }, "Neither text nor a picture that is shown here; download it to look at it.");
  if (text === "") return h("p", { class: "muted" }, "It is empty.");
  return h(
    "div",
    {},
    textBlock(text, { label: "Content", raw: isWhole === false }),
    isWhole === false && h("p", { class: "muted" }, "The beginning only; download it for the rest."),
  );
}

/**
 * @param {string} bucket
 * @param {string} key
 * @param {any[]} list
 */
const versions = (bucket, key, list) =>
  table(
    list,
    [
      {
        label: "Version",
        class: "mono break",
        cell: ({ id, isDeleteMarker }) =>
          isDeleteMarker
            ? `${id} (delete marker)`
            : h("a", { href: to("object", bucket, key, id), "data-key": id }, id),
      },
      { label: "Latest", cell: ({ isLatest }) => (isLatest ? "✓" : "") },
      { label: "Size", class: "num", cell: ({ size }) => (size === undefined ? "" : bytes(size)) },
      { label: "Made", class: "time", cell: ({ at }) => time(at) },
    ],
    { empty: "None.", caption: "Versions" },
  );
