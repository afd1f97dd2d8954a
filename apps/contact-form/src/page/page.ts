/** The page as it is sent: one document that loads nothing. */
import { createHash } from "node:crypto";
import { script } from "./script.ts";
import { style } from "./style.ts";

const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Nothing runs but this page's own script, nothing is sent but to the API itself, and no other site shows it in a frame. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `script-src ${hashOf(script)}`,
  `style-src ${hashOf(style)}`,
  "img-src data:",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

export const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Write to us</title>
    <link rel="icon" href="data:,">
    <style>${style}</style>
  </head>
  <body>
    <main>
      <h1>Write to us</h1>
      <p id="intro">Every message gets a ticket number. If something went wrong, a person will look into it.</p>
      <form aria-describedby="intro" novalidate>
        <p>
          <label for="message">Your message</label>
          <textarea id="message" name="message" rows="7" maxlength="5000" required aria-describedby="message-problem"></textarea>
          <span class="problem" id="message-problem"></span>
        </p>
        <p>
          <label for="email">Your e-mail address <small>(if you would like an answer)</small></label>
          <input id="email" name="email" type="email" maxlength="254" autocomplete="email" aria-describedby="email-problem">
          <span class="problem" id="email-problem"></span>
        </p>
        <p class="trap" aria-hidden="true">
          <label for="website">Leave this empty</label>
          <input id="website" name="website" tabindex="-1" autocomplete="off">
        </p>
        <button type="submit">Send</button>
        <noscript><p class="problem">This form needs JavaScript.</p></noscript>
      </form>
      <div id="answer" role="status" tabindex="-1"></div>
    </main>
    <script>${script}</script>
  </body>
</html>
`;
