/** Archives of a bus. */
import type { Cloud } from "../../../core/cloud.ts";
import { ServiceError } from "../../../core/errors.ts";
import type { Handlers } from "../../../core/service.ts";
import { page } from "../paging.ts";
import { patternProblem } from "../pattern.ts";
import { type EventBridgeModule, invalid, type Store } from "../store.ts";
import { type Archive, archivedEventsOf, archiveNamed, archivesOf, expireArchived } from "./store.ts";

const NAME = /^[.\-_A-Za-z0-9]{1,48}$/;

export function archiveHandlers(cloud: Cloud, store: Store): Handlers<EventBridgeModule> {
  const archives = archivesOf(cloud);
  const shape = (archive: Archive) => ({
    ArchiveName: archive.name,
    EventSourceArn: archive.busArn,
    State: "ENABLED" as const,
    RetentionDays: archive.retentionDays,
    SizeBytes: archive.bytes,
    EventCount: archive.events,
    CreationTime: new Date(archive.createdAt),
  });
  const checkPattern = (pattern: string | undefined) => {
    const problem = pattern === undefined ? undefined : patternProblem(pattern);
    if (problem !== undefined)
      throw new ServiceError("InvalidEventPatternException", `Event pattern is not valid. Reason: ${problem}`);
  };
  return {
    CreateArchive({ ArchiveName = "", EventSourceArn = "", Description, EventPattern, RetentionDays = 0 }) {
      if (!NAME.test(ArchiveName))
        throw invalid(
          `1 validation error detected: Value '${ArchiveName}' at 'archiveName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+`,
        );
      if (archives.has(ArchiveName))
        throw new ServiceError("ResourceAlreadyExistsException", `Archive ${ArchiveName} already exists.`);
      checkPattern(EventPattern);
      const archive: Archive = {
        name: ArchiveName,
        arn: cloud.arn("events", `archive/${ArchiveName}`),
        busArn: store.bus(EventSourceArn).arn,
        createdAt: cloud.clock.now(),
        description: Description,
        pattern: EventPattern,
        retentionDays: RetentionDays,
        events: 0,
        bytes: 0,
      };
      archives.set(ArchiveName, archive);
      return { ArchiveArn: archive.arn, State: "ENABLED", CreationTime: new Date(archive.createdAt) };
    },
    UpdateArchive({ ArchiveName, Description, EventPattern, RetentionDays }) {
      const archive = archiveNamed(cloud, ArchiveName);
      checkPattern(EventPattern);
      if (Description !== undefined) archive.description = Description;
      if (EventPattern !== undefined) archive.pattern = EventPattern;
      if (RetentionDays !== undefined) archive.retentionDays = RetentionDays;
      archives.set(archive.name, archive);
      return { ArchiveArn: archive.arn, State: "ENABLED", CreationTime: new Date(archive.createdAt) };
    },
    DescribeArchive({ ArchiveName }) {
      expireArchived(cloud);
      const archive = archiveNamed(cloud, ArchiveName);
      return {
        ...shape(archive),
        ArchiveArn: archive.arn,
        ...(archive.description === undefined ? {} : { Description: archive.description }),
        ...(archive.pattern === undefined ? {} : { EventPattern: archive.pattern }),
      };
    },
    DeleteArchive({ ArchiveName }) {
      const archive = archiveNamed(cloud, ArchiveName);
      for (const [key, kept] of archivedEventsOf(cloud).entries())
        if (kept.archive === archive.name) archivedEventsOf(cloud).delete(key);
      archives.delete(archive.name);
      return {};
    },
    ListArchives({ NamePrefix = "", EventSourceArn, Limit, NextToken }) {
      const found = [...archives.values()].filter(
        ({ name, busArn }) =>
          name.startsWith(NamePrefix) && (EventSourceArn === undefined || busArn === EventSourceArn),
      );
      const { items, nextToken } = page(found, Limit, NextToken);
      return { Archives: items.map(shape), ...nextToken };
    },
  };
}
