{
  "Records": [
    {
      "messageId": "c4a4f7c6-0d2f-4f5c-9d2b-6b1f6c6a9f10",
      "receiptHandle": "AQEBexample",
      "body": "{\"name\":\"Ada\"}",
      "attributes": {
        "ApproximateReceiveCount": "1",
        "SentTimestamp": "1893974400000",
        "SenderId": "AIDAEXAMPLE",
        "ApproximateFirstReceiveTimestamp": "1893974400001"
      },
      "messageAttributes": {},
      "md5OfBody": "4f40f6c1f3a8b1ffb6bca9f4e7f6a5d1",
      "eventSource": "aws:sqs",
      "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:guests",
      "awsRegion": "us-east-1"
    }
  ]
}
