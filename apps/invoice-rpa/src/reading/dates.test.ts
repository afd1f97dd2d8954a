import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDate } from "./dates.ts";

describe("a date", () => {
  it.each([
    ["06/17/2020", "2020-06-17"],
    ["6/7/2020", "2020-06-07"],
    ["17/06/2020", "2020-06-17"],
    ["06-17-20", "2020-06-17"],
    ["17.06.2020", "2020-06-17"],
    ["06.07.2020", "2020-07-06"],
    ["2020-06-17", "2020-06-17"],
    ["2020/6/7", "2020-06-07"],
    ["2020-06-17T00:00:00Z", "2020-06-17"],
    ["Jun 17, 2020", "2020-06-17"],
    ["June 17, 2020", "2020-06-17"],
    ["June 17th 2020", "2020-06-17"],
    ["JUNE 17, 2020", "2020-06-17"],
    ["Sept. 3, 2020", "2020-09-03"],
    ["17 Jun 20", "2020-06-17"],
    ["17-Jun-2020", "2020-06-17"],
    ["17 June 2020", "2020-06-17"],
    ["17. Juni 2020", "2020-06-17"],
    ["3. März 2021", "2021-03-03"],
    ["1er août 2021", "2021-08-01"],
    ["5 de enero de 2022", "2022-01-05"],
    ["Wednesday, June 17, 2020", "2020-06-17"],
    ["Mittwoch, 17. Juni 2020", "2020-06-17"],
    ["02/29/2024", "2024-02-29"],
    ["Jan 5 99", "1999-01-05"],
  ])("%s", (text, iso) => {
    expect(parseDate(text, "MDY")).toBe(iso);
  });

  it("with slashes is read by the setting where both ways are days", () => {
    expect(parseDate("06/07/2020", "MDY")).toBe("2020-06-07");
    expect(parseDate("06/07/2020", "DMY")).toBe("2020-07-06");
  });

  it.each([
    "",
    "soon",
    "$25.00",
    "02/29/2023",
    "02/30/2024",
    "13/13/2020",
    "2020-13-01",
    "Ju 5, 2020",
    "Smarch 1, 2020",
    "17.06",
    "June 2020",
    "0000-01-01",
    "06/17/20201",
    "06/17-2020",
    "Upon receipt",
    "12345678",
    "1".repeat(100),
  ])("is not %j", (text) => {
    expect(parseDate(text, "MDY")).toBeUndefined();
  });

  const days = fc.date({ min: new Date("1980-01-01"), max: new Date("2079-12-31"), noInvalidDate: true });
  const names = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
  ];
  const two = (value: number) => String(value).padStart(2, "0");
  it("is read back however it is printed", () => {
    fc.assert(
      fc.property(days, fc.boolean(), (date, isShort) => {
        const iso = date.toISOString().slice(0, 10);
        const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
        const name = names[month - 1] ?? "";
        const shownYear = isShort ? two(year % 100) : String(year);
        const texts = [
          `${name} ${day}, ${shownYear}`,
          `${day} ${name.slice(0, 3)} ${shownYear}`,
          `${two(day)}.${two(month)}.${shownYear}`,
          iso,
        ];
        expect(texts.map((text) => parseDate(text, "MDY"))).toEqual(texts.map(() => iso));
        expect(parseDate(`${month}/${day}/${shownYear}`, "MDY")).toBe(iso);
        expect(parseDate(`${day}/${month}/${shownYear}`, "DMY")).toBe(iso);
      }),
    );
  });

  it("is a day of the calendar, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."0123456789./- ,JunMay") }), (text) => {
        const iso = parseDate(text, "MDY");
        expect(iso === undefined || new Date(iso).toISOString().slice(0, 10) === iso).toBe(true);
      }),
    );
  });
});
