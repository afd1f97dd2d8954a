AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Description: "__app__: greets whoever is named in a message"

Parameters:
  LogRetentionDays:
    Type: Number
    Default: 14
  AlarmEmail:
    Description: Address that alarms are mailed to; empty for none
    Type: String
    Default: ""
  PermissionsBoundaryArn:
    Type: String
    Default: ""
  RolePath:
    Type: String
    Default: /

Conditions:
  HasAlarmEmail: !Not [!Equals [!Ref AlarmEmail, ""]]
  HasBoundary: !Not [!Equals [!Ref PermissionsBoundaryArn, ""]]

Globals:
  Function:
    Runtime: nodejs24.x
    Architectures: [arm64]
    MemorySize: 256
    Timeout: 20
    Tracing: Active
    RolePath: !Ref RolePath
    PermissionsBoundary: !If [HasBoundary, !Ref PermissionsBoundaryArn, !Ref AWS::NoValue]
    Environment:
      Variables:
        NODE_OPTIONS: --enable-source-maps
        POWERTOOLS_SERVICE_NAME: __app__
        POWERTOOLS_METRICS_NAMESPACE: __App__

Resources:
  # Names of guests, as {"name": "..."}.
  Guests:
    Type: AWS::SQS::Queue
    Properties:
      SqsManagedSseEnabled: true
      VisibilityTimeout: 120
      RedrivePolicy: { deadLetterTargetArn: !GetAtt DeadLetters.Arn, maxReceiveCount: 5 }

  # Messages that could not be handled, with the reason.
  DeadLetters:
    Type: AWS::SQS::Queue
    Properties:
      SqsManagedSseEnabled: true
      MessageRetentionPeriod: 1209600

  # Greets each guest.
  Greet:
    Type: AWS::Serverless::Function
    Metadata:
      BuildMethod: esbuild
      BuildProperties:
        Format: esm
        Target: es2024
        Minify: true
        KeepNames: true
        Sourcemap: true
        SourcesContent: "false"
        MainFields: module,main
        OutExtension: [.js=.mjs]
        Banner:
          - js=import { createRequire as __bundleCreateRequire } from 'node:module'; const require = __bundleCreateRequire(import.meta.url);
        EntryPoints: [src/greet.ts]
    Properties:
      CodeUri: .
      Handler: greet.handler
      LoggingConfig: { LogGroup: !Ref GreetLogs }
      Environment:
        Variables:
          DEAD_LETTERS_URL: !Ref DeadLetters
      Policies:
        - Version: "2012-10-17"
          Statement:
            - Sid: PutMessagesAside
              Effect: Allow
              Action: sqs:SendMessage
              Resource: !GetAtt DeadLetters.Arn
      Events:
        Guests:
          Type: SQS
          Properties:
            Queue: !GetAtt Guests.Arn
            BatchSize: 10
            FunctionResponseTypes: [ReportBatchItemFailures]
            ScalingConfig: { MaximumConcurrency: 5 }

  GreetLogs:
    Type: AWS::Logs::LogGroup
    Properties: { RetentionInDays: !Ref LogRetentionDays }

  # One topic for all alarms.
  Alarms:
    Type: AWS::SNS::Topic

  AlarmMail:
    Type: AWS::SNS::Subscription
    Condition: HasAlarmEmail
    Properties: { TopicArn: !Ref Alarms, Protocol: email, Endpoint: !Ref AlarmEmail }

  DeadLettersAlarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmDescription: Guests were put aside. The messages in the dead-letter queue say why.
      Namespace: AWS/SQS
      MetricName: ApproximateNumberOfMessagesVisible
      Dimensions: [{ Name: QueueName, Value: !GetAtt DeadLetters.QueueName }]
      Statistic: Maximum
      Period: 60
      EvaluationPeriods: 1
      Threshold: 0
      ComparisonOperator: GreaterThanThreshold
      TreatMissingData: notBreaching
      AlarmActions: [!Ref Alarms]

Outputs:
  Guests:
    Description: Send names here
    Value: !Ref Guests
  DeadLetters:
    Value: !Ref DeadLetters
