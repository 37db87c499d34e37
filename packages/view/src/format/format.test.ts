import { describe, expect, it } from "vitest";
import { formatAge, formatDuration, formatEstimate, formatPace } from "./duration.ts";
import { formatLoss, formatPercent, formatScore, formatUnitPrice } from "./figure.ts";
import { formatDateTime, formatMonth, formatTime, formatTimeWithSeconds } from "./time.ts";

describe("times", () => {
  it.each([
    [0, "0s"],
    [0.04, "0s"],
    [0.44, "0.4s"],
    [4.1, "4.1s"],
    [9.96, "10s"],
    [59.6, "1m00s"],
    [151, "2m31s"],
    [3599.7, "1h00m"],
    [12_780, "3h33m"],
    [-3, "0s"],
  ])("%d elapsed seconds are shown as %s", (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it.each([
    [44.2, "45s"],
    [150, "2.5m"],
    [2040, "34m"],
    [12_600, "3.5h"],
    [-3, "0s"],
  ])("%d estimated seconds are shown as about %s", (seconds, text) => {
    expect(formatEstimate(seconds)).toBe(text);
  });

  it.each([
    [4.12, "4.1 s/epoch"],
    [38.4, "38 s/epoch"],
    [151, "2m31s/epoch"],
  ])("%d seconds per epoch are shown as %s", (seconds, text) => {
    expect(formatPace(seconds, "epoch")).toBe(text);
  });

  it.each([
    [12_000_000, "3h20m"],
    [45.9 * 86_400_000, "45 days"],
    [-5, "0s"],
  ])("%d ms ago are shown as %s", (ms, text) => {
    expect(formatAge(ms)).toBe(text);
  });
});

describe("moments", () => {
  const at = new Date(2026, 10, 24, 15, 4, 7).getTime();

  it("are formatted in local time", () => {
    expect(formatTime(at)).toBe("15:04");
    expect(formatTimeWithSeconds(at)).toBe("15:04:07");
    expect(formatDateTime(new Date(at).toISOString())).toBe("2026-11-24 15:04");
    expect(formatMonth(at)).toBe("November");
  });

  it("are returned unchanged when they are invalid", () =>
    expect(formatDateTime("yesterday")).toBe("yesterday"));
});

describe("figures", () => {
  it.each([
    [1.0421, "1.042"],
    [0.0123, "0.012"],
    [0.00042, "4.2e-4"],
    [128.4, "128"],
    [0, "0"],
    [Number.NaN, "NaN"],
  ])("show a loss of %d as %s", (value, text) => {
    expect(formatLoss(value)).toBe(text);
  });

  it.each([
    [0.8124, ".812"],
    [1, "1.000"],
    [0, ".000"],
    [Number.NaN, "NaN"],
  ])("show a score of %d as %s", (value, text) => {
    expect(formatScore(value)).toBe(text);
  });

  it("show 100% only when complete", () => {
    expect(formatPercent(0.999)).toBe("99%");
    expect(formatPercent(1)).toBe("100%");
  });

  it("show a price below ten cents with one more digit", () => {
    expect(formatUnitPrice(0.0421)).toBe("$0.042");
    expect(formatUnitPrice(0.31)).toBe("$0.31");
  });
});
