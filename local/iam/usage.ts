/** Which grants of roles were ever used, and grants taken away to prove that they are needed. */
import type { Grant } from "./decide.ts";
import { compilePattern, matches } from "./pattern.ts";

export interface UnusedGrant extends Grant {
  readonly role: string;
}

export interface Usage {
  used(roleArn: string, grant: Grant): void;
  isUsed(roleArn: string, grant: Grant): boolean;
  /** The action pattern (any case) stops being allowed by the role's own policies until the returned function is called. */
  withhold(roleArn: string, action: string): () => void;
  isWithheld(roleArn: string, action: string): boolean;
}

export function createUsage(): Usage {
  const uses = new Map<string, Set<string>>();
  const withheld = new Map<string, Set<ReturnType<typeof compilePattern>>>();
  const key = (grant: Grant) => `${grant.policy}\n${grant.statement}\n${grant.action}`;
  return {
    used(roleArn, grant) {
      const known = uses.get(roleArn);
      if (known) known.add(key(grant));
      else uses.set(roleArn, new Set([key(grant)]));
    },
    isUsed: (roleArn, grant) => uses.get(roleArn)?.has(key(grant)) ?? false,
    withhold(roleArn, action) {
      const pattern = compilePattern(action.toLowerCase(), { wildcards: true, variables: false });
      const patterns = withheld.get(roleArn) ?? new Set();
      withheld.set(roleArn, patterns.add(pattern));
      return () => {
        patterns.delete(pattern);
      };
    },
    isWithheld(roleArn, action) {
      const patterns = withheld.get(roleArn);
      if (patterns === undefined || patterns.size === 0) return false;
      return [...patterns].some((pattern) => matches(pattern, action.toLowerCase(), () => undefined));
    },
  };
}
