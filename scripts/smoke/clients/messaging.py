"""SQS, SNS, EventBridge and SES."""

import json

import boto3

from checks import eventually, same


def messages(sqs, url, count=1):
    """Receives until that many have come; removes them."""
    found = []

    def receive():
        for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages", []):
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            found.append(message)
        return len(found) >= count

    eventually(receive)
    return found


def arn_of(sqs, url):
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def sqs(checks):
    client = boto3.client("sqs")
    with checks.check("SQS sends and receives, attributes and checksums included"):
        url = client.create_queue(QueueName="smoke")["QueueUrl"]
        client.send_message(QueueUrl=url, MessageBody="hello <&> ü", MessageAttributes={"n": {"DataType": "Number", "StringValue": "5"}})
        answer = client.receive_message(QueueUrl=url, MessageAttributeNames=["All"], WaitTimeSeconds=1)["Messages"][0]
        same((answer["Body"], answer["MessageAttributes"]["n"]["StringValue"]), ("hello <&> ü", "5"))
        client.delete_message(QueueUrl=url, ReceiptHandle=answer["ReceiptHandle"])
        same("Messages" in client.receive_message(QueueUrl=url), False)
    with checks.check("SQS takes batches and says which entry failed"):
        entries = [{"Id": "a", "MessageBody": "1"}, {"Id": "b", "MessageBody": "2", "DelaySeconds": 1000}]
        answer = client.send_message_batch(QueueUrl=url, Entries=entries)
        same(([e["Id"] for e in answer["Successful"]], [e["Id"] for e in answer["Failed"]]), (["a"], ["b"]))
        client.purge_queue(QueueUrl=url)
    with checks.check("SQS FIFO keeps the order and drops duplicates"):
        fifo = client.create_queue(QueueName="smoke.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
        for body, deduplication in [("1", "x"), ("1 again", "x"), ("2", "y")]:
            client.send_message(QueueUrl=fifo, MessageBody=body, MessageGroupId="g", MessageDeduplicationId=deduplication)
        same([m["Body"] for m in messages(client, fifo, 2)], ["1", "2"])
    with checks.refuses("AWS.SimpleQueueService.NonExistentQueue", "SQS knows no missing queue", 400):
        client.get_queue_url(QueueName="missing")
    with checks.check("SQS raises its modelled exceptions"):
        try:
            client.get_queue_url(QueueName="missing")
            raise AssertionError("not refused")
        except client.exceptions.QueueDoesNotExist:
            pass
    with checks.refuses("InvalidParameterValue", "SQS refuses eleven messages at once", 400):
        client.receive_message(QueueUrl=url, MaxNumberOfMessages=11)


def sns(checks):
    client = boto3.client("sns")
    queues = boto3.client("sqs")
    with checks.check("SNS delivers to a queue what the filter lets through"):
        topic = client.create_topic(Name="smoke")["TopicArn"]
        url = queues.create_queue(QueueName="smoke-subscriber")["QueueUrl"]
        arn = arn_of(queues, url)
        policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": arn, "Condition": {"ArnEquals": {"aws:SourceArn": topic}}}]}
        queues.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
        client.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"FilterPolicy": json.dumps({"kind": ["wanted"]})})
        for kind in ["other", "wanted"]:
            client.publish(TopicArn=topic, Message=kind, Subject="s", MessageAttributes={"kind": {"DataType": "String", "StringValue": kind}})
        envelope = json.loads(messages(queues, url)[0]["Body"])
        same((envelope["Type"], envelope["Message"], envelope["TopicArn"]), ("Notification", "wanted", topic))
    with checks.check("SNS pages through subscriptions"):
        pages = client.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
        same([s["Endpoint"] for page in pages for s in page["Subscriptions"]], [arn])
    with checks.refuses("NotFound", "SNS knows no missing topic", 404):
        client.publish(TopicArn=topic + "x", Message="m")
    with checks.refuses("InvalidParameter", "SNS refuses an unknown protocol", 400):
        client.subscribe(TopicArn=topic, Protocol="pigeon", Endpoint="x")


def events(checks):
    client = boto3.client("events")
    queues = boto3.client("sqs")
    with checks.check("EventBridge delivers what a rule matches"):
        url = queues.create_queue(QueueName="smoke-events")["QueueUrl"]
        arn = arn_of(queues, url)
        rule = client.put_rule(Name="smoke", EventPattern=json.dumps({"source": ["smoke"], "detail": {"n": [{"numeric": [">", 1]}]}}))["RuleArn"]
        policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": arn, "Condition": {"ArnEquals": {"aws:SourceArn": rule}}}]}
        queues.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
        client.put_targets(Rule="smoke", Targets=[{"Id": "q", "Arn": arn}])
        answer = client.put_events(Entries=[{"Source": "smoke", "DetailType": "t", "Detail": json.dumps({"n": n})} for n in (1, 2)])
        same(answer["FailedEntryCount"], 0)
        event = json.loads(messages(queues, url)[0]["Body"])
        same((event["source"], event["detail"]), ("smoke", {"n": 2}))
    with checks.check("EventBridge says which entry is malformed"):
        answer = client.put_events(Entries=[{"Source": "smoke", "DetailType": "t", "Detail": "no json"}])
        same((answer["FailedEntryCount"], answer["Entries"][0]["ErrorCode"]), (1, "MalformedDetail"))
    with checks.refuses("ResourceNotFoundException", "EventBridge knows no missing rule", 400):
        client.describe_rule(Name="missing")
    with checks.refuses("InvalidEventPatternException", "EventBridge refuses a pattern that is none", 400):
        client.put_rule(Name="bad", EventPattern="{")


def ses(checks):
    client = boto3.client("ses")
    mail = {"Source": "from@example.com", "Destination": {"ToAddresses": ["to@example.com"]}, "Message": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}}
    with checks.refuses("MessageRejected", "SES refuses mail of an address that is not verified", 400):
        client.send_email(**mail)
    with checks.check("SES sends mail of a verified address"):
        client.verify_email_identity(EmailAddress="from@example.com")
        client.verify_email_identity(EmailAddress="to@example.com")
        same(bool(client.send_email(**mail)["MessageId"]), True)
