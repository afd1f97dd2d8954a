/** A stack through which one upload goes two ways: topic, queue and function; rule, state machine and queue. */

const may = (actions: readonly string[], service: string) => ({
  Type: "AWS::IAM::Role",
  Properties: {
    AssumeRolePolicyDocument: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
    },
    Policies: [
      {
        PolicyName: "does",
        PolicyDocument: {
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }],
        },
      },
    ],
  },
});
const arn = (id: string) => ({ "Fn::GetAtt": [id, "Arn"] });
const allow = (Service: string, Action: string, Resource: unknown) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service }, Action, Resource }],
});

export const RELAY = {
  Resources: {
    Uploads: {
      Type: "AWS::S3::Bucket",
      DependsOn: "MayAnnounce",
      Properties: {
        NotificationConfiguration: {
          EventBridgeConfiguration: { EventBridgeEnabled: true },
          TopicConfigurations: [{ Event: "s3:ObjectCreated:*", Topic: { Ref: "News" } }],
        },
      },
    },
    News: { Type: "AWS::SNS::Topic" },
    MayAnnounce: {
      Type: "AWS::SNS::TopicPolicy",
      Properties: {
        Topics: [{ Ref: "News" }],
        PolicyDocument: allow("s3.amazonaws.com", "sns:Publish", { Ref: "News" }),
      },
    },
    Work: {
      Type: "AWS::SQS::Queue",
      Properties: { RedrivePolicy: { deadLetterTargetArn: arn("Dead"), maxReceiveCount: 2 } },
    },
    Dead: { Type: "AWS::SQS::Queue" },
    Results: { Type: "AWS::SQS::Queue" },
    MayTell: {
      Type: "AWS::SQS::QueuePolicy",
      Properties: {
        Queues: [{ Ref: "Work" }],
        PolicyDocument: allow("sns.amazonaws.com", "sqs:SendMessage", arn("Work")),
      },
    },
    Subscription: {
      Type: "AWS::SNS::Subscription",
      Properties: { TopicArn: { Ref: "News" }, Protocol: "sqs", Endpoint: arn("Work") },
    },
    ReaderRole: may(["sqs:*", "logs:*"], "lambda.amazonaws.com"),
    Reader: {
      Type: "AWS::Lambda::Function",
      Properties: {
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        Role: arn("ReaderRole"),
        Code: {
          ZipFile:
            "exports.handler = async ({ Records }) => { console.log('read', Records[0].messageId); if (Records[0].body.includes('poison')) throw new Error('poison'); };",
        },
      },
    },
    Source: {
      Type: "AWS::Lambda::EventSourceMapping",
      Properties: { FunctionName: { Ref: "Reader" }, EventSourceArn: arn("Work"), BatchSize: 1 },
    },
    Rule: {
      Type: "AWS::Events::Rule",
      Properties: {
        EventPattern: { source: ["aws.s3"], "detail-type": ["Object Created"] },
        Targets: [{ Id: "t", Arn: { Ref: "Process" }, RoleArn: arn("RuleRole"), InputPath: "$.detail" }],
      },
    },
    RuleRole: may(["states:StartExecution"], "events.amazonaws.com"),
    ProcessRole: may(["sqs:SendMessage"], "states.amazonaws.com"),
    Process: {
      Type: "AWS::StepFunctions::StateMachine",
      Properties: {
        RoleArn: arn("ProcessRole"),
        DefinitionString: {
          "Fn::Sub": JSON.stringify({
            StartAt: "Pause",
            States: {
              Pause: { Type: "Wait", Seconds: 60, Next: "Tell" },
              Tell: {
                Type: "Task",
                Resource: "arn:aws:states:::sqs:sendMessage",
                Parameters: { QueueUrl: "${Results}", "MessageBody.$": "$.object.key" },
                End: true,
              },
            },
          }),
        },
      },
    },
  },
} as const;
