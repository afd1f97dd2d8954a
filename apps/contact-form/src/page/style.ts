/** How the page looks, in light and in dark surroundings. */
export const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fbfaf7; --line: #8a8f98; --accent: #0b5c6b; --bad: #a3180c; --good: #e7f1ee; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #eceae5; --paper: #17191c; --line: #868c96; --accent: #6fd0df; --bad: #ff9a8c; --good: #1f2e2b; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.05rem/1.5 system-ui, sans-serif; }
main { max-width: 34rem; margin: 0 auto; padding: 2.5rem 1.25rem; }
h1 { margin: 0 0 .25rem; font-size: 2rem; letter-spacing: -.02em; }
label { display: block; margin-bottom: .3rem; font-weight: 600; }
small { font-weight: 400; }
textarea, input { display: block; width: 100%; padding: .6rem .7rem; border: 1px solid var(--line); border-radius: .4rem; background: transparent; color: inherit; font: inherit; }
textarea { resize: vertical; }
button { padding: .65rem 1.6rem; border: 0; border-radius: .4rem; background: var(--accent); color: var(--paper); font: inherit; font-weight: 600; cursor: pointer; }
button[aria-disabled=true] { opacity: .55; cursor: progress; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.problem { display: block; color: var(--bad); }
.problem:not(:empty) { margin-top: .45rem; }
[aria-invalid=true] { border-color: var(--bad); border-width: 2px; }
.trap { position: absolute; left: -100vw; width: 1px; height: 1px; overflow: hidden; }
#answer:not(:empty) { margin-top: 1.5rem; padding: 1rem 1.2rem; border-left: .3rem solid var(--accent); border-radius: .4rem; background: var(--good); }
#answer.failed { border-color: var(--bad); background: transparent; }
#answer p { margin: 0; }
#answer strong { display: inline-block; margin-top: .4rem; font: 600 1.15rem/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
`;
