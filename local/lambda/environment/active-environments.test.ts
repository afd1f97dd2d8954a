import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { VirtualClock } from "../../clock/virtual-clock.ts";
import type { Cloud } from "../../core/cloud.ts";
import { SignalHub } from "../../core/signal-hub.ts";
import { ActiveEnvironments } from "./active-environments.ts";
import type { Environment } from "./environment.ts";

/** An environment as its watcher sees it. */
function environmentOf(state: { idle: boolean; nothing: boolean; due?: number }) {
  return {
    ...state,
    accessKeyId: "ASIA1",
    spec: { name: "fn", timeoutSeconds: 3 },
    isActive: true,
    runningRequestId: "r1",
    activeSince: performance.now(),
    blocked: 0,
    isStuck: false,
    onChange: () => {},
    isIdle: () => state.idle,
    isWaitingForNothing: () => state.nothing,
    nextDue: () => state.due,
    tick: vi.fn<(now: number) => void>(),
    timeOut: vi.fn<() => void>(),
  };
}

let warnings: string[];
let signals: SignalHub;
let active: ActiveEnvironments;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
  warnings = [];
  signals = new SignalHub();
  const clock = new VirtualClock(() => {}, 0);
  const log = { info() {}, error() {}, warn: (message: string) => void warnings.push(message) };
  // All that is used of a cloud.
  active = new ActiveEnvironments({ clock, signals, log } as unknown as Cloud);
});
afterEach(() => {
  active.stop();
  vi.useRealTimers();
});
const watch = (environment: ReturnType<typeof environmentOf>) => {
  active.add(environment as unknown as Environment);
  return environment;
};

describe("environments at work", () => {
  it("let time move when all of them are idle, to the earliest moment that one waits for", () => {
    watch(environmentOf({ idle: true, nothing: false, due: 900 }));
    watch(environmentOf({ idle: true, nothing: false, due: 500 }));
    expect(active.isIdle()).toBe(true);
    expect(active.nextDue()).toEqual({ due: 500, background: false });
    watch(environmentOf({ idle: false, nothing: false }));
    expect(active.isIdle()).toBe(false);
  });

  it("keep time while code is being prepared", async () => {
    let finish = () => {};
    const preparing = active.preparing(() => new Promise<void>((resolve) => (finish = resolve)));
    expect(active.isIdle()).toBe(false);
    finish();
    await preparing;
    expect(active.isIdle()).toBe(true);
  });

  it("know which of them the gateway lets wait", () => {
    const environment = watch(environmentOf({ idle: false, nothing: false }));
    signals.emit("gateway.waiting", { accessKeyId: "ASIA1", delta: 1 });
    signals.emit("gateway.waiting", { accessKeyId: "somebody else", delta: 1 });
    expect(environment.blocked).toBe(1);
  });
});

describe("the watchdog", () => {
  it("names a function that keeps time from moving for ten seconds, once", () => {
    watch(environmentOf({ idle: false, nothing: false }));
    vi.advanceTimersByTime(9_000);
    expect(warnings).toEqual([]);
    vi.advanceTimersByTime(20_000);
    expect(warnings).toEqual([
      expect.stringMatching(/^The function fn has been computing, or waiting for something outside/),
    ]);
  });

  it("lets time go on for a function that waits for what never comes, so that it times out", () => {
    const environment = watch(environmentOf({ idle: false, nothing: true }));
    vi.advanceTimersByTime(12_000);
    expect(environment.isStuck).toBe(true);
    expect(warnings).toEqual([expect.stringContaining("left to its timeout")]);
  });

  it("ends a function that computes for a minute longer than it may", () => {
    const environment = watch(environmentOf({ idle: false, nothing: false }));
    vi.advanceTimersByTime(60_000);
    expect(environment.timeOut).not.toHaveBeenCalled();
    vi.advanceTimersByTime(6_000);
    expect(environment.timeOut).toHaveBeenCalled();
  });

  it("says nothing of functions that wait for time", () => {
    watch(environmentOf({ idle: true, nothing: false, due: 900 }));
    vi.advanceTimersByTime(600_000);
    expect(warnings).toEqual([]);
  });
});
