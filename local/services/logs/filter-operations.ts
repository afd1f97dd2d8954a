/** The operations on metric filters, subscription filters and resource policies. */
import type { MetricTransformation } from "@aws-sdk/client-cloudwatch-logs";
import { ServiceError } from "../../core/errors.ts";
import { asService } from "../../core/principal.ts";
import type { Handlers } from "../../core/service.ts";
import { Constraints } from "../constraints.ts";
import { compileFilterPattern } from "./filter-pattern/index.ts";
import type { Filters, Transformation } from "./filters.ts";
import { page } from "./page.ts";
import { checkedGroupName, type Logs, type LogStore } from "./store.ts";

const MOST_METRIC_FILTERS = 100;
const MOST_SUBSCRIPTIONS = 2;

export function filterHandlers(store: LogStore, filters: Filters): Handlers<Logs> {
  const { cloud } = store;
  return {
    PutMetricFilter(input) {
      const group = store.group(checkedGroupName(input.logGroupName)).name;
      const name = checkedFilterName(input.filterName);
      refuseUnsupported(input, ["applyOnTransformedLogs", "fieldSelectionCriteria", "emitSystemFieldDimensions"]);
      const pattern = checkedPattern(input.filterPattern);
      const transformations = checkedTransformations(input.metricTransformations);
      const known = filters.metricFilters(group);
      if (known.length >= MOST_METRIC_FILTERS && !known.some((filter) => filter.name === name)) limitExceeded();
      filters.putMetric({ group, name, pattern, transformations, createdAt: cloud.clock.now() });
      return {};
    },

    DescribeMetricFilters(input) {
      const all =
        input.logGroupName === undefined
          ? filters.allMetricFilters()
          : filters.metricFilters(store.group(input.logGroupName).name);
      const found = all
        .filter(({ name }) => name.startsWith(input.filterNamePrefix ?? ""))
        .filter(
          ({ transformations }) =>
            input.metricName === undefined ||
            transformations.some(
              (to) => to.metricName === input.metricName && to.metricNamespace === input.metricNamespace,
            ),
        )
        .toSorted((a, b) => (a.name < b.name ? -1 : 1));
      const { items, rest } = page(found, input.nextToken, input.limit, 50);
      return {
        metricFilters: items.map((filter) => ({
          filterName: filter.name,
          filterPattern: filter.pattern,
          metricTransformations: filter.transformations.map((to) => ({ ...to })),
          creationTime: filter.createdAt,
          logGroupName: filter.group,
        })),
        ...rest,
      };
    },

    DeleteMetricFilter(input) {
      const group = store.group(checkedGroupName(input.logGroupName)).name;
      if (!filters.deleteMetric(group, checkedFilterName(input.filterName)))
        notFound("The specified metric filter does not exist.");
      return {};
    },

    TestMetricFilter(input) {
      const compiled = compileFilterPattern(checkedPattern(input.filterPattern));
      new Constraints("InvalidParameterException")
        .list("logEventMessages", input.logEventMessages, { required: true, min: 1, max: 50 })
        .check();
      const matches = (input.logEventMessages ?? []).flatMap((eventMessage, index) =>
        compiled.match(eventMessage) === undefined
          ? []
          : [{ eventNumber: index + 1, eventMessage, extractedValues: {} }],
      );
      return { matches };
    },

    async PutSubscriptionFilter(input) {
      const group = store.group(checkedGroupName(input.logGroupName)).name;
      const name = checkedFilterName(input.filterName);
      refuseUnsupported(input, [
        "roleArn",
        "distribution",
        "applyOnTransformedLogs",
        "fieldSelectionCriteria",
        "emitSystemFields",
      ]);
      const pattern = checkedPattern(input.filterPattern);
      const destinationArn = input.destinationArn ?? "";
      if (!/^arn:[\w-]+:lambda:[^:]+:\d{12}:function:.+/.test(destinationArn)) {
        throw new ServiceError(
          "InvalidParameterException",
          "Only Lambda functions are supported as destinations by the local cloud.",
        );
      }
      const known = filters.subscriptionFilters(group);
      if (known.length >= MOST_SUBSCRIPTIONS && !known.some((filter) => filter.name === name)) limitExceeded();
      try {
        const as = asService("logs.amazonaws.com", `${store.groupArn(group)}:*`);
        await cloud.call("lambda", "Invoke", { FunctionName: destinationArn, InvocationType: "DryRun" }, as);
      } catch {
        throw new ServiceError(
          "InvalidParameterException",
          "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.",
        );
      }
      filters.putSubscription({ group, name, pattern, destinationArn, createdAt: cloud.clock.now() });
      return {};
    },

    DescribeSubscriptionFilters(input) {
      const group = store.group(checkedGroupName(input.logGroupName)).name;
      const found = filters
        .subscriptionFilters(group)
        .filter(({ name }) => name.startsWith(input.filterNamePrefix ?? ""));
      const { items, rest } = page(found, input.nextToken, input.limit, 50);
      return {
        subscriptionFilters: items.map((filter) => ({
          filterName: filter.name,
          logGroupName: group,
          filterPattern: filter.pattern,
          destinationArn: filter.destinationArn,
          distribution: "ByLogStream" as const,
          creationTime: filter.createdAt,
        })),
        ...rest,
      };
    },

    DeleteSubscriptionFilter(input) {
      const group = store.group(checkedGroupName(input.logGroupName)).name;
      if (!filters.deleteSubscription(group, checkedFilterName(input.filterName)))
        notFound("The specified subscription filter does not exist.");
      return {};
    },
  };
}

function checkedFilterName(name: string | undefined): string {
  new Constraints("InvalidParameterException")
    .text("filterName", name, { required: true, min: 1, max: 512, pattern: /^[^:*]*$/, patternText: "[^:*]*" })
    .check();
  return name ?? "";
}

function checkedPattern(pattern: string | undefined): string {
  new Constraints("InvalidParameterException").text("filterPattern", pattern, { required: true, max: 1024 }).check();
  compileFilterPattern(pattern ?? "");
  return pattern ?? "";
}

function checkedTransformations(input: readonly MetricTransformation[] | undefined): readonly Transformation[] {
  const constraints = new Constraints("InvalidParameterException").list("metricTransformations", input, {
    required: true,
    min: 1,
    max: 1,
  });
  for (const { metricName, metricNamespace, metricValue } of input ?? []) {
    constraints
      .text("metricTransformations.1.member.metricName", metricName, {
        required: true,
        max: 255,
        pattern: /^[^:*$]*$/,
        patternText: "[^:*$]*",
      })
      .text("metricTransformations.1.member.metricNamespace", metricNamespace, {
        required: true,
        max: 255,
        pattern: /^[^:*$]*$/,
        patternText: "[^:*$]*",
      })
      .text("metricTransformations.1.member.metricValue", metricValue, { required: true, max: 100 });
  }
  constraints.check();
  return (input ?? []).map((to) => {
    const { metricName = "", metricNamespace = "", metricValue = "", unit, dimensions, defaultValue } = to;
    if (!metricValue.startsWith("$") && Number.isNaN(Number(metricValue)))
      throw new ServiceError("InvalidParameterException", "Invalid metric transformation: metricValue");
    if (dimensions && defaultValue !== undefined) {
      throw new ServiceError(
        "InvalidParameterException",
        "Invalid metric transformation: dimensions and default value are mutually exclusive properties.",
      );
    }
    if (Object.keys(dimensions ?? {}).length > 3)
      throw new ServiceError(
        "InvalidParameterException",
        "Invalid metric transformation: a metric can have at most 3 dimensions.",
      );
    return {
      metricName,
      metricNamespace,
      metricValue,
      ...(unit !== undefined && { unit }),
      ...(dimensions && { dimensions: { ...dimensions } }),
      ...(defaultValue !== undefined && { defaultValue }),
    };
  });
}

// What would change the outcome and is not there is refused rather than ignored.
function refuseUnsupported(input: object, members: readonly string[]): void {
  for (const member of members) {
    const value: unknown = Reflect.get(input, member);
    if (value !== undefined && value !== false && value !== "ByLogStream") {
      throw new ServiceError("InvalidParameterException", `${member} is not supported by the local cloud.`);
    }
  }
}

function limitExceeded(): never {
  throw new ServiceError("LimitExceededException", "Resource limit exceeded.");
}
function notFound(message: string): never {
  throw new ServiceError("ResourceNotFoundException", message);
}
