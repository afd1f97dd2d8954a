/** Template properties as the members of an operation's input. */
import type { Input, OperationName } from "../../core/service.ts";
import type { Logs } from "./store.ts";

/** `MetricTransformations: [{MetricName, Dimensions: [{Key, Value}]}]` → `metricTransformations: [{metricName, dimensions: {…}}]`. */
export function fromTemplate<O extends OperationName<Logs>>(properties: object): Input<Logs, O> {
  // The handler checks every member that it uses.
  return lowered(properties) as Input<Logs, O>;
}

function lowered(value: unknown, name = ""): unknown {
  if (name === "dimensions" && Array.isArray(value)) {
    return Object.fromEntries(
      value.map((item: unknown) =>
        typeof item === "object" && item !== null && "Key" in item && "Value" in item
          ? [String(item.Key), String(item.Value)]
          : [],
      ),
    );
  }
  if (Array.isArray(value)) return value.map((item: unknown) => lowered(item));
  if (typeof value !== "object" || value === null)
    return name === "metricValue" ? String(value) : name === "defaultValue" ? Number(value) : value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => {
      const member = key.charAt(0).toLowerCase() + key.slice(1);
      return [member, lowered(inner, member)];
    }),
  );
}
