import { describe, expect, it, vi } from "vitest";
import { RealClock } from "./real-clock.ts";
import { VirtualClock } from "./virtual-clock.ts";

const START = Date.UTC(2030, 0, 1);
const fail = (label: string, error: unknown) => {
  throw new Error(label, { cause: error });
};
const virtual = () => new VirtualClock(fail, START);

describe("a virtual clock", () => {
  it("stands still while nobody waits", async () => {
    const clock = virtual();
    let fired = false;
    clock.after(10, () => {
      fired = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(fired).toBe(false);
    expect(clock.now()).toBe(START);
  });

  it("fires timers in order of their due time and shows each its own moment", async () => {
    const clock = virtual();
    const seen: [string, number][] = [];
    clock.after(2000, () => void seen.push(["late", clock.now() - START]));
    clock.after(1000, () => void seen.push(["early", clock.now() - START]));
    clock.after(1000, () => void seen.push(["early too", clock.now() - START]));
    await clock.advance(1500);
    expect(seen).toEqual([
      ["early", 1000],
      ["early too", 1000],
    ]);
    expect(clock.now()).toBe(START + 1500);
    await clock.advance(500);
    expect(seen.at(-1)).toEqual(["late", 2000]);
  });

  it("settles through a chain of sleeps, and leaves background timers alone", async () => {
    const clock = virtual();
    let ticks = 0;
    const tick = () => {
      ticks++;
      clock.after(60_000, tick, { background: true });
    };
    clock.after(60_000, tick, { background: true });
    clock.background("sleeper", async () => {
      for (let index = 0; index < 200; index++) await clock.sleep(60_000);
    });
    await clock.settle();
    expect(clock.now()).toBe(START + 200 * 60_000);
    expect(ticks).toBeGreaterThan(190);
  });

  it("does not move while something is held, however long it takes", async () => {
    const clock = virtual();
    const release = clock.hold("work");
    clock.after(1000, () => {});
    const settled = clock.settle();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(clock.now()).toBe(START);
    release();
    await settled;
    expect(clock.now()).toBe(START + 1000);
  });

  it("moves for a nested call that sleeps, though the outer one is not done", async () => {
    const clock = virtual();
    const outer = clock.waiting(clock.holding("outer", () => clock.holding("inner", () => clock.sleep(5000))));
    await outer;
    expect(clock.now()).toBe(START + 5000);
  });

  it("cancelled timers never fire and do not keep settle waiting", async () => {
    const clock = virtual();
    const cancel = clock.after(1000, () => expect.unreachable());
    cancel();
    await clock.settle();
    expect(clock.now()).toBe(START);
  });

  it("a timer that is cancelled after it has fired does not hide the others from settle", async () => {
    const clock = virtual();
    const cancel = clock.after(1000, () => {});
    await clock.advance(1000);
    let fired = false;
    clock.after(1000, () => {
      fired = true;
    });
    cancel();
    await clock.settle();
    expect(fired).toBe(true);
  });

  it("until() answers as soon as the condition holds and says so when it never does", async () => {
    const clock = virtual();
    let value = 0;
    const bump = () => {
      value++;
      clock.after(1000, bump);
    };
    clock.after(1000, bump);
    expect(await clock.until(() => value === 3 && "three")).toBe("three");
    expect(clock.now()).toBe(START + 3000);
    await expect(clock.until(() => false, 5000)).rejects.toThrow("did not hold within 5 s");
  });

  it("can be driven again by the very turn in which it reached its goal", async () => {
    const clock = virtual();
    for (let round = 0; round < 50; round++) {
      clock.after(1000, () => {});
      await clock.until(() => clock.now() >= START + round * 1000);
      await clock.advance(1000);
      await clock.settle();
    }
    expect(clock.now()).toBe(START + 50_000);
  });

  it("says so when a condition of until() would move time itself", async () => {
    const clock = virtual();
    await expect(clock.until(async () => void (await clock.advance(1000)), 5000)).rejects.toThrow("cannot move time");
  });

  it("says so when a condition of until() waits for what only time brings about", async () => {
    vi.useFakeTimers({ toFake: ["setInterval"] });
    try {
      const clock = virtual();
      const condition = () => clock.holding("a call", () => clock.sleep(1_000)).then(() => true);
      const failure = clock.until(condition, 5_000).catch((error: unknown) => String(error));
      await new Promise((resolve) => setTimeout(resolve, 20));
      await vi.advanceTimersByTimeAsync(20_000);
      expect(await failure).toContain("waits for time, which it holds itself");
    } finally {
      vi.useRealTimers();
    }
  });

  it("settle gives up on work that plans itself for ever", async () => {
    const clock = virtual();
    const again = () => void clock.after(3_600_000, again);
    again();
    await expect(clock.settle(86_400_000)).rejects.toThrow("Not settled within 86400 s");
  });

  it("an aborted sleep rejects and leaves no timer", async () => {
    const clock = virtual();
    const abort = new AbortController();
    const sleeping = clock.sleep(1000, { signal: abort.signal });
    abort.abort(new Error("enough"));
    await expect(sleeping).rejects.toThrow("enough");
    await clock.settle();
    expect(clock.now()).toBe(START);
  });
});

describe("the real clock", () => {
  it("runs a timer set for seven days when it is set forward a week", async () => {
    const clock = new RealClock(fail);
    const before = clock.now();
    let at = 0;
    clock.after(7 * 86_400_000, () => {
      at = clock.now();
    });
    await clock.advance(8 * 86_400_000);
    expect(at - before).toBeGreaterThanOrEqual(7 * 86_400_000);
    expect(at - before).toBeLessThan(7 * 86_400_000 + 5000);
    expect(clock.now() - before).toBeGreaterThanOrEqual(8 * 86_400_000);
    clock.stop();
  });
});
