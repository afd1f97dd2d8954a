import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPrivateAddress, SourceNotAllowed, sourceOf } from "./source.ts";

const sample = "https://abc.execute-api.eu-west-1.amazonaws.com/payload";
const allowed = {
  hosts: ["api.example.com", "127.0.0.1", "*.partner.example", "*.example.com"],
  addresses: [sample],
};
const open = { hosts: ["*"], addresses: [] };

describe("an address is asked", () => {
  it.each([
    ["a host by its name", "https://api.example.com/records", false],
    ["such a host by http", "http://api.example.com/records", false],
    ["such a host in capitals, with the dot of the root", "https://API.example.com./records", false],
    ["a private host that is named", "http://127.0.0.1:4566/x", false],
    ["a host below one with a star", "https://eu.partner.example/records", true],
    ["the sample with any query", `${sample}?startAt=0`, false],
  ])("at %s", (_what, address, mustBePublic) => expect(sourceOf(address, allowed)).toMatchObject({ mustBePublic }));

  it("at any public host where a star alone is on the list", () =>
    expect(sourceOf("https://elsewhere.example.net/", open).mustBePublic).toBe(true));
});

describe("an address is refused", () => {
  it.each([
    ["no URL", "api.example.com"],
    ["another scheme", "ftp://api.example.com/"],
    ["a file", "file:///etc/passwd"],
    ["a name and a password", "https://a:b@api.example.com/"],
    ["a host that only ends alike", "https://evilpartner.example/"],
    ["the bare host of a star", "https://partner.example/"],
    ["a host that begins alike", "https://api.example.com.evil.example/"],
    ["http to a host below a star", "http://eu.partner.example/"],
    ["another path of the sample's host", "https://abc.execute-api.eu-west-1.amazonaws.com/admin"],
    ["the sample by http", "http://abc.execute-api.eu-west-1.amazonaws.com/payload"],
    ["an allowed host as a user name", "https://api.example.com@evil.example/"],
  ])("with %s", (_what, address) => expect(() => sourceOf(address, allowed)).toThrow(SourceNotAllowed));

  it.each([
    "https://localhost/",
    "https://a.localhost/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f.0.0.1/",
    "https://0177.0.0.1/",
    "https://169.254.169.254/latest/meta-data",
    "https://10.0.0.1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[fd00:ec2::254]/",
    "https://[64:ff9b::a9fe:a9fe]/",
    "https://[2002:7f00:1::]/",
  ])("to what is private, however it is written: %s", (address) =>
    expect(() => sourceOf(address, open)).toThrow(SourceNotAllowed),
  );

  it("when nothing is on the list", () =>
    expect(() => sourceOf("https://api.example.com/", { hosts: [], addresses: [] })).toThrow(
      "its host api.example.com is not on the list",
    ));

  it("without a word of what it held", () => {
    const secret = "https://user:s3cret@api.example.com/?key=s3cret";
    expect(() => sourceOf(secret, allowed)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining("s3cret") }),
    );
  });
});

describe("a private address", () => {
  it.each(["8.8.8.8", "172.15.0.1", "172.32.0.1", "100.63.0.1", "[2606:4700::1111]", "partner.example"])(
    "is not %s",
    (host) => expect(isPrivateAddress(host)).toBe(false),
  );
  it("is every address of 10.0.0.0/8, and its form in IPv6", () =>
    fc.assert(
      fc.property(fc.nat(255), fc.nat(255), fc.nat(255), (a, b, c) => {
        expect(isPrivateAddress(`10.${a}.${b}.${c}`)).toBe(true);
        expect(isPrivateAddress(`::ffff:10.${a}.${b}.${c}`)).toBe(true);
      }),
    ));
});
