/**
 * What the page does. A message that is sent again because no answer came keeps its submission id, so that it gets one ticket;
 * a changed one gets a new id. Texts are set as text, never as markup.
 */
export const script = `
const form = document.querySelector("form");
const button = form.querySelector("button");
const answer = document.getElementById("answer");
const field = (name) => form.elements[name];
let last = { text: "", id: "" };

function mark(name, problem) {
  field(name).setAttribute("aria-invalid", String(problem !== ""));
  document.getElementById(name + "-problem").textContent = problem;
  return problem === "";
}

function check() {
  const says = field("message").value.trim() !== "";
  const isMessage = mark("message", says ? "" : "Please write something.");
  const isEmail = mark("email", field("email").checkValidity() ? "" : "This is no e-mail address.");
  if (!isMessage) field("message").focus();
  else if (!isEmail) field("email").focus();
  return isMessage && isEmail;
}

function submissionId(text) {
  if (last.text !== text) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    last = { text, id: hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-") };
  }
  return last.id;
}

function show(says, ticketId) {
  answer.className = ticketId ? "done" : "failed";
  const line = document.createElement("p");
  line.textContent = says;
  answer.replaceChildren(line);
  if (ticketId) {
    const ticket = document.createElement("strong");
    ticket.textContent = ticketId;
    answer.append("Your ticket: ", ticket);
  }
  answer.focus();
}

const PROBLEMS = {
  400: "The message is too long or has something in it that cannot be sent.",
  422: "The message was not taken. Please look through the fields again.",
  429: "Too many messages are coming in at this moment. Please send it again in a minute.",
};

async function send() {
  const body = { message: field("message").value, website: field("website").value };
  const email = field("email").value.trim();
  if (email) body.email = email;
  body.submissionId = submissionId(JSON.stringify(body));
  try {
    const response = await fetch(location.pathname, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) return show(PROBLEMS[response.status] || "Something went wrong here. Your text is still there: please send it again.");
    const { message, ticketId } = await response.json();
    form.reset();
    last = { text: "", id: "" };
    show(message, ticketId);
  } catch {
    show("There was no answer. Your text is still there: please send it again.");
  }
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (button.getAttribute("aria-disabled") === "true" || !check()) return;
  button.setAttribute("aria-disabled", "true");
  await send();
  button.removeAttribute("aria-disabled");
});
`;
