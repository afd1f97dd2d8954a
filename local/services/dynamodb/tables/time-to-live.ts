/** The attribute that says when an item ends. Changes take effect at once, where AWS may take an hour. */
import { Constraints, required } from "../../constraints.ts";
import type { Handler } from "../../../core/service.ts";
import type { DynamoDB, Tables } from "../store.ts";
import { invalid } from "../validation.ts";

/** After a change AWS refuses another one for about half an hour. */
const COOLDOWN = 30 * 60 * 1000;

export const updateTimeToLive =
  (tables: Tables): Handler<DynamoDB, "UpdateTimeToLive"> =>
  (input) => {
    const specification = required("timeToLiveSpecification", input.TimeToLiveSpecification);
    const { Enabled: isEnabled, AttributeName: attribute } = specification;
    new Constraints()
      .present("timeToLiveSpecification.enabled", isEnabled)
      .text("timeToLiveSpecification.attributeName", attribute, { required: true, min: 1, max: 255 })
      .check();
    const table = tables.existing(input.TableName);
    const { expiryAttribute: current } = table.record;
    if (!isEnabled && current === undefined) throw invalid("TimeToLive is already disabled");
    if (current !== undefined && current !== attribute) {
      throw invalid(`TimeToLive is active on a different AttributeName: current AttributeName is ${current}`);
    }
    if (isEnabled && current !== undefined) throw invalid("TimeToLive is already enabled");
    const now = tables.cloud.clock.now();
    if (now < (table.record.expiryChangedAt ?? -Infinity) + COOLDOWN) {
      throw invalid("Time to live has been modified multiple times within a fixed interval");
    }
    tables.update(table, { expiryAttribute: isEnabled ? attribute : undefined, expiryChangedAt: now });
    return { TimeToLiveSpecification: specification };
  };

export const describeTimeToLive =
  (tables: Tables): Handler<DynamoDB, "DescribeTimeToLive"> =>
  (input) => {
    const { status, record } = tables.existing(input.TableName);
    if (status === "CREATING" || status === "DELETING") {
      throw invalid(`Cannot describe time to live while table is in ${status} state: Current table state is ${status}`);
    }
    const { expiryAttribute: attribute } = record;
    return {
      TimeToLiveDescription:
        attribute === undefined
          ? { TimeToLiveStatus: "DISABLED" }
          : { TimeToLiveStatus: "ENABLED", AttributeName: attribute },
    };
  };
