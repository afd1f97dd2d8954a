import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isLuhn, refuseCardData } from "./card-data.ts";

/** Digits and the one that makes them a card's number. */
const numberOf = (digits: string): string => {
  const check = [..."0123456789"].find((digit) => isLuhn(digits + digit));
  return digits + (check ?? "");
};
const cards = fc.stringMatching(/^[1-9][0-9]{11,17}$/).map(numberOf);

describe("card data", () => {
  it("is found whatever is around the number and however deep it is", () => {
    fc.assert(
      fc.property(
        cards,
        fc.stringMatching(/^([a-z ]{0,10}|[0-9]{1,3} )$/),
        fc.constantFrom("", " ", "-"),
        (card, around, gap) => {
          const grouped = card.match(/.{1,4}/g)?.join(gap) ?? "";
          expect(() => refuseCardData({ a: [{ b: `${around}${grouped} ${around}` }] })).toThrow("body.a[0].b");
        },
      ),
    );
  });

  it("is not named in the refusal", () => {
    fc.assert(
      fc.property(cards, (card) => {
        for (const value of [{ x: card }, { [card]: "x" }])
          expect(() => refuseCardData(value)).toThrow(
            expect.not.objectContaining({ message: expect.stringContaining(card) }),
          );
      }),
    );
  });

  it.each(["cc", "CardNumber", "card_number", "CVV2", "expiry-date", "expirationDate", "PAN", "security code"])(
    "may be called %s",
    (name) => expect(() => refuseCardData({ payment: { [name]: "x" } })).toThrow("looks like card data"),
  );

  it.each([
    ["a wrong check digit", "4111111111111112"],
    ["a number too short", "411111111111"],
    ["a date", "2030-01-07T12:00:00.000Z"],
    ["an id", "9d2f3c1e-5b7a-4f60-8c1d-2e3f4a5b6c7d"],
    ["zeros", "0000000000000000"],
    ["a token", "tok_visa"],
  ])("is not %s", (_title, value) =>
    expect(() => refuseCardData({ value, customer: "ada", distanceKm: 12.5 })).not.toThrow(),
  );

  it("cannot hide in a body that is nested without end", () => {
    let body: unknown = "4111111111111111";
    for (let depth = 0; depth < 1_000; depth++) body = [body];
    expect(() => refuseCardData(body)).toThrow("nested too deeply");
  });
});
