/** Replays send archived events to their bus again, in the order of their time, each with `replay-name`. */
import type { Cloud } from "../../../core/cloud.ts";
import { ServiceError } from "../../../core/errors.ts";
import type { Handlers } from "../../../core/service.ts";
import { route } from "../delivery/route.ts";
import { page } from "../paging.ts";
import { busName, type EventBridgeModule, invalid, type Store } from "../store.ts";
import { archivedEventsOf, archiveNamed, type Replay, replaysOf } from "./store.ts";

export function replayHandlers(cloud: Cloud, store: Store): Handlers<EventBridgeModule> {
  const replays = replaysOf(cloud);
  const named = (name: string | undefined): Replay => {
    const replay = replays.get(name ?? "");
    if (!replay) throw new ServiceError("ResourceNotFoundException", `Replay ${name ?? ""} does not exist.`);
    return replay;
  };
  const run = async (replay: Replay): Promise<void> => {
    const archive = /:archive\/(.+)$/.exec(replay.archiveArn)?.[1];
    const events = [...archivedEventsOf(cloud).values()]
      .filter(
        ({ archive: name, event }) =>
          name === archive && Date.parse(event.time) >= replay.from && Date.parse(event.time) < replay.to,
      )
      .sort((a, b) => Date.parse(a.event.time) - Date.parse(b.event.time));
    replay.state = "RUNNING";
    for (const { event } of events) {
      if (replays.get(replay.name)?.state !== "RUNNING") break;
      const { rules, arn } = replay.destination;
      route(
        cloud,
        store,
        busName(arn),
        { ...event, "replay-name": replay.name },
        rules.length === 0 ? {} : { onlyRules: rules },
      );
      replay.replayedUntil = Date.parse(event.time);
    }
    if (replay.state === "RUNNING") replay.state = "COMPLETED";
    else replay.state = "CANCELLED";
    replay.endedAt = cloud.clock.now();
    replays.set(replay.name, replay);
  };
  return {
    StartReplay({ ReplayName = "", EventSourceArn = "", EventStartTime, EventEndTime, Destination, Description }) {
      if (replays.has(ReplayName))
        throw new ServiceError("ResourceAlreadyExistsException", `Replay ${ReplayName} already exists.`);
      const archive = archiveNamed(cloud, /:archive\/(.+)$/.exec(EventSourceArn)?.[1]);
      if (!EventStartTime || !EventEndTime || EventEndTime <= EventStartTime)
        throw invalid("Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.");
      if (Destination?.Arn !== archive.busArn)
        throw invalid(`Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.`);
      const replay: Replay = {
        name: ReplayName,
        arn: cloud.arn("events", `replay/${ReplayName}`),
        archiveArn: archive.arn,
        destination: { arn: Destination.Arn, rules: Destination.FilterArns ?? [] },
        from: EventStartTime.getTime(),
        to: EventEndTime.getTime(),
        startedAt: cloud.clock.now(),
        description: Description,
        state: "STARTING",
      };
      replays.set(ReplayName, replay);
      cloud.clock.after(1_000, () => run(replay));
      return { ReplayArn: replay.arn, State: "STARTING", ReplayStartTime: new Date(replay.startedAt) };
    },
    CancelReplay({ ReplayName }) {
      const replay = named(ReplayName);
      if (replay.state !== "STARTING" && replay.state !== "RUNNING") {
        throw new ServiceError(
          "IllegalStatusException",
          `Replay ${replay.name} is not in a valid state for this operation.`,
        );
      }
      replay.state = "CANCELLING";
      replays.set(replay.name, replay);
      return { ReplayArn: replay.arn, State: replay.state };
    },
    DescribeReplay: ({ ReplayName }) => ({
      ...shape(named(ReplayName)),
      ReplayArn: named(ReplayName).arn,
      Destination: { Arn: named(ReplayName).destination.arn, FilterArns: [...named(ReplayName).destination.rules] },
    }),
    ListReplays({ NamePrefix = "", State, Limit, NextToken }) {
      const found = [...replays.values()].filter(
        ({ name, state }) => name.startsWith(NamePrefix) && (State === undefined || state === State),
      );
      const { items, nextToken } = page(found, Limit, NextToken);
      return { Replays: items.map(shape), ...nextToken };
    },
  };
}

const shape = (replay: Replay) => ({
  ReplayName: replay.name,
  EventSourceArn: replay.archiveArn,
  State: replay.state,
  EventStartTime: new Date(replay.from),
  EventEndTime: new Date(replay.to),
  ReplayStartTime: new Date(replay.startedAt),
  ...(replay.replayedUntil === undefined ? {} : { EventLastReplayedTime: new Date(replay.replayedUntil) }),
  ...(replay.endedAt === undefined ? {} : { ReplayEndTime: new Date(replay.endedAt) }),
});
