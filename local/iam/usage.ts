/** Which grants of roles were ever used, and grants taken away to prove that they are needed. */
import type { Grant } from "./decide.ts";
import { compilePattern, matches } from "./pattern.ts";

export interface UnusedGrant extends Grant {
  readonly role: string;
}

export interface Usage {
  used(roleArn: string, grant: Grant): void;
  isUsed(roleArn: string, grant: Grant): boolean;
  /** Begins anew: nothing was used. */
  forget(): void;
  /**
   * The action pattern (any case), or one grant of one statement, stops counting among the role's own policies until the
   * returned function is called.
   */
  withhold(roleArn: string, what: string | Grant): () => void;
  isWithheld(roleArn: string, grant: Grant, action: string): boolean;
}

type Withheld = (grant: Grant, action: string) => boolean;

const key = (grant: Grant) => `${grant.policy}\n${grant.statement}\n${grant.action}`;

export function createUsage(): Usage {
  const uses = new Map<string, Set<string>>();
  const withheld = new Map<string, Set<Withheld>>();
  return {
    used(roleArn, grant) {
      const known = uses.get(roleArn);
      if (known) known.add(key(grant));
      else uses.set(roleArn, new Set([key(grant)]));
    },
    isUsed: (roleArn, grant) => uses.get(roleArn)?.has(key(grant)) ?? false,
    forget: () => uses.clear(),
    withhold(roleArn, what) {
      const is = typeof what === "string" ? ofAction(what) : (grant: Grant) => key(grant) === key(what);
      const all = withheld.get(roleArn) ?? new Set();
      withheld.set(roleArn, all.add(is));
      return () => {
        all.delete(is);
      };
    },
    isWithheld: (roleArn, grant, action) => [...(withheld.get(roleArn) ?? [])].some((is) => is(grant, action)),
  };
}

function ofAction(action: string): Withheld {
  const pattern = compilePattern(action.toLowerCase(), { wildcards: true, variables: false });
  return (_, asked) => matches(pattern, asked.toLowerCase(), () => undefined);
}
