/** Sends a name and shows that it was greeted. */
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Demo } from "#local/testing";

const demo: Demo = async (stage) => {
  stage.input("a message", '{"name":"Ada"}');
  await stage.app
    .client(SQSClient)
    .send(new SendMessageCommand({ QueueUrl: stage.app.resource("Guests"), MessageBody: '{"name":"Ada"}' }));
  await stage.app.settle();
  await stage.path();
  const lines = (await stage.app.logs("Greet")).filter(({ json }) => json?.["message"] === "greeted");
  stage.result(
    "the function's log",
    lines.map(({ message }) => message),
  );
  stage.check("one guest was greeted", lines.length === 1);
};

export default demo;
