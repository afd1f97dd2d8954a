/** Where CloudFormation's YAML differs from YAML 1.1. */
import type { ScalarTag } from "yaml";

/** Tags that CloudFormation does not support (Template formats: "the binary, omap, pairs, set and timestamp tags"). */
export const UNSUPPORTED_TYPES: ReadonlySet<string> = new Set(
  ["binary", "omap", "pairs", "set", "timestamp", "bool"].map((name) => `tag:yaml.org,2002:${name}`),
);

/** YAML 1.1 knows `y` and `n` as booleans too; CloudFormation's parser does not, or a key attribute of type N would be false. */
export const BOOLEANS: readonly ScalarTag[] = [
  {
    identify: (value) => value === true,
    default: true,
    tag: "tag:yaml.org,2002:bool",
    test: /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/,
    resolve: () => true,
  },
  {
    identify: (value) => value === false,
    default: true,
    tag: "tag:yaml.org,2002:bool",
    test: /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/,
    resolve: () => false,
  },
];
