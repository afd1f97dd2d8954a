/** The page: shows the view that the address names and keeps it up to date while somebody looks. */
import { get } from "./core/api.js";
import { byId, h } from "./core/dom.js";
import { setCloudTime } from "./core/format.js";
import { clock } from "./parts/clock.js";
import { navigation } from "./parts/navigation.js";
import { problem } from "./parts/notice.js";
import { shortcuts } from "./parts/shortcuts.js";
import { viewAt } from "./routes.js";

/** @typedef {import("./core/live.js").View} View */

const EVERY_MS = 1000;
/** When the cloud does not answer. */
const AGAIN_MS = 3000;

const content = byId("content");
const cloudClock = clock(byId("clock"));
const nav = navigation(byId("nav"), byId("menu"));
byId("clock").after(shortcuts({ content, openClock: cloudClock.open }));

/** @type {View | undefined} */
let view;
/** What the cloud had come to when the view was last read. */
let version = "";
let shows = 0;

async function show() {
  const own = ++shows;
  const address = location.hash;
  view?.leave?.();
  view = undefined;
  nav.mark(address);
  const late = window.setTimeout(() => content.replaceChildren(h("p", { class: "muted" }, "Loading …")), 200);
  /** @type {View} */
  let next;
  try {
    next = await viewAt(address);
  } catch (error) {
    next = { title: "Not found", parts: [problem(error)], refresh: async () => {} };
  }
  window.clearTimeout(late);
  if (own !== shows) return next.leave?.();
  view = next;
  document.title = `${next.title} · Local cloud`;
  content.replaceChildren(...next.parts);
  window.scrollTo(0, 0);
  // Screen readers begin at the new content; at the first load the browser does so itself.
  if (own > 1) content.focus({ preventScroll: true });
}

async function follow() {
  let wait = EVERY_MS;
  if (document.visibilityState === "visible") {
    try {
      const changes = await get("/changes");
      setCloudTime(changes.now, !changes.isVirtual);
      cloudClock.show(changes);
      document.body.classList.remove("lost");
      if (changes.version !== version) {
        version = changes.version;
        await view?.refresh();
      }
    } catch (error) {
      if (error instanceof TypeError) {
        document.body.classList.add("lost");
        cloudClock.lose();
        wait = AGAIN_MS;
      } else console.warn(error);
    }
  }
  window.setTimeout(follow, wait);
}

// The address is that of the view: the skip link must not change it.
document.querySelector(".skip")?.addEventListener("click", (event) => {
  event.preventDefault();
  content.focus();
});
window.addEventListener("hashchange", () => void show());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") version = "";
});

const first = await get("/changes").catch(() => undefined);
if (first) {
  setCloudTime(first.now, !first.isVirtual);
  cloudClock.show(first);
  version = first.version;
}
await show();
void follow();
