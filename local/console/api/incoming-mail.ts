/** Hands a mail in from outside: `POST /mails?to=…&from=…&spf=FAIL` with the raw mail as body. `npm run mail` is made of it. */
import { receiveMail } from "../../services/ses/receiving/receive.ts";
import { type Status, STATUSES, type Verdict, VERDICTS } from "../../services/ses/receiving/received-mail.ts";
import type { ConsoleContext } from "../context.ts";
import { type Ask, badRequest, type Routes } from "../route.ts";

export const incomingMailRoutes = ({ cloud }: ConsoleContext): Routes => ({
  "POST /mails"(ask) {
    if (ask.body.length === 0) throw badRequest("The body is empty: it must be a whole mail");
    const from = ask.query.get("from");
    const to = ask.query.getAll("to");
    return receiveMail(cloud, {
      raw: ask.body,
      // An empty sender is that of a bounce.
      ...(from !== null && { from }),
      ...(to.length > 0 && { to }),
      verdicts: verdictsIn(ask),
    });
  },
});

function verdictsIn({ query }: Ask): Partial<Record<Verdict, Status>> {
  return Object.fromEntries(
    VERDICTS.flatMap((verdict) => {
      const given = query.get(verdict);
      if (given === null) return [];
      const status = STATUSES.find((known) => known === given.toUpperCase());
      if (status === undefined) throw badRequest(`${verdict} must be one of ${STATUSES.join(", ")}, not ${given}`);
      return [[verdict, status]];
    }),
  );
}
