/** Names that stand for this machine: SDK clients put prefixes before an endpoint's host (`sync-127.0.0.1`, `bucket.localhost`). */
import dns, { type LookupAddress, type LookupOptions } from "node:dns";
import { syncBuiltinESMExports } from "node:module";

const HERE = /(^|[.-])(localhost|127\.0\.0\.1)$/;

type Callback = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/** Makes lookups of such names answer 127.0.0.1; all others go to the resolver. */
export function resolveLocalNames(): void {
  const lookup = dns.lookup;
  const local = (hostname: string, options: LookupOptions | number | Callback, callback?: Callback): void => {
    const answer = typeof options === "function" ? options : callback;
    if (answer === undefined || !HERE.test(hostname)) {
      Reflect.apply(lookup, dns, callback === undefined ? [hostname, options] : [hostname, options, callback]);
    } else if (typeof options === "object" && options.all) answer(null, [{ address: "127.0.0.1", family: 4 }]);
    else answer(null, "127.0.0.1", 4);
  };
  // The overloads of dns.lookup differ only in how the answer is passed to the callback.
  dns.lookup = Object.assign(local, { __promisify__: lookup.__promisify__ }) as typeof dns.lookup;
  syncBuiltinESMExports();
}
