import { describe, expect, it } from "vitest";
import { noticeOf } from "./notice.ts";

const received = {
  formId: "4F7K-0000-1111-2222-3333",
  sentiment: "NEGATIVE",
  language: "en",
  receivedAt: "2030-01-07T12:00:00.000Z",
  formData: { message: "This is bad service" },
};

describe("a notice", () => {
  it("says what the administrator needs to know", () => {
    expect(noticeOf(received, "desk@example.com")).toEqual({
      subject: "New Form Submission",
      replyTo: "desk@example.com",
      text: "Ticket:    4F7K-0000-1111-2222-3333\nMood:      negative (language: en)\nReceived:  2030-01-07T12:00:00.000Z\nAnswer to: no address was left\n\nThis is bad service",
    });
  });

  it("is answered to the writer who left an address", () => {
    const notice = noticeOf(
      { ...received, sentiment: "UNKNOWN", formData: { message: "Hallo", email: "ida@example.org" } },
      "desk@example.com",
    );
    expect(notice.replyTo).toBe("ida@example.org");
    expect(notice.text).toContain("not judged");
  });
});
