"""Drives the local cloud with boto3, as a client that knows nothing of this repository. Prints a line a check."""
import io
import json
import sys
import time
import zipfile

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint = sys.argv[1]
passed = failed = 0


def client(service):
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(retries={"max_attempts": 1}, inject_host_prefix=False, s3={"addressing_style": "path"}),
    )


def check(name, work):
    global passed, failed
    try:
        work()
        passed += 1
        print(f"ok      {name}")
    except Exception as error:
        failed += 1
        print(f"FAILED  {name}: {type(error).__name__}: {error}")


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


def refused(code, work):
    try:
        work()
    except ClientError as error:
        expect(error.response["Error"]["Code"] == code, f"{error.response['Error']['Code']} instead of {code}")
        return
    raise AssertionError(f"not refused with {code}")


def s3():
    c = client("s3")
    c.create_bucket(Bucket="smoke")
    c.put_bucket_versioning(Bucket="smoke", VersioningConfiguration={"Status": "Enabled"})
    c.put_object(Bucket="smoke", Key="a b/ü+%.txt", Body=b"one", Metadata={"who": "me"})
    c.put_object(Bucket="smoke", Key="a b/ü+%.txt", Body=b"two")
    expect(c.get_object(Bucket="smoke", Key="a b/ü+%.txt")["Body"].read() == b"two", "the newest version")
    versions = c.list_object_versions(Bucket="smoke")["Versions"]
    expect(len(versions) == 2, "two versions")
    old = c.get_object(Bucket="smoke", Key="a b/ü+%.txt", VersionId=versions[1]["VersionId"])
    expect(old["Body"].read() == b"one" and old["Metadata"] == {"who": "me"}, "the old version")
    url = c.generate_presigned_url("get_object", Params={"Bucket": "smoke", "Key": "a b/ü+%.txt"})
    import urllib.request

    expect(urllib.request.urlopen(url).read() == b"two", "by a presigned URL")
    refused("NoSuchKey", lambda: c.get_object(Bucket="smoke", Key="none"))
    refused("NoSuchBucket", lambda: c.list_objects_v2(Bucket="smoke-none"))


def multipart():
    c = client("s3")
    c.upload_fileobj(io.BytesIO(b"x" * (12 * 1024 * 1024)), "smoke", "large")
    expect(c.head_object(Bucket="smoke", Key="large")["ContentLength"] == 12 * 1024 * 1024, "its length")


def sqs():
    c = client("sqs")
    url = c.create_queue(QueueName="smoke")["QueueUrl"]
    c.send_message(QueueUrl=url, MessageBody="hello", MessageAttributes={"n": {"DataType": "Number", "StringValue": "1"}})
    message = c.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"][0]
    expect(message["Body"] == "hello" and message["MessageAttributes"]["n"]["StringValue"] == "1", "the message")
    c.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    refused("AWS.SimpleQueueService.NonExistentQueue", lambda: c.receive_message(QueueUrl=url + "-none"))


def sns():
    topic = client("sns").create_topic(Name="smoke")["TopicArn"]
    queue = client("sqs").create_queue(QueueName="smoke-topic")["QueueUrl"]
    arn = client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": arn}]}
    client("sqs").set_queue_attributes(QueueUrl=queue, Attributes={"Policy": json.dumps(policy)})
    client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    client("sns").publish(TopicArn=topic, Message="news")
    messages = client("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=5)["Messages"]
    expect(json.loads(messages[0]["Body"])["Message"] == "news", "the message")


def dynamodb():
    table = boto3.resource("dynamodb", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="local", aws_secret_access_key="local").create_table(
        TableName="smoke",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    table.wait_until_exists()
    table.put_item(Item={"id": "a", "n": 1, "tags": {"x", "y"}})
    table.update_item(Key={"id": "a"}, UpdateExpression="ADD n :one", ExpressionAttributeValues={":one": 1})
    expect(table.get_item(Key={"id": "a"})["Item"]["n"] == 2, "the counter")
    refused("ConditionalCheckFailedException", lambda: table.put_item(Item={"id": "a"}, ConditionExpression="attribute_not_exists(id)"))


def role(service):
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]}
    return client("iam").create_role(RoleName=service.split(".")[0] + "-smoke", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]


def states():
    c = client("stepfunctions")
    definition = {"StartAt": "Pass", "States": {"Pass": {"Type": "Pass", "Result": {"ok": True}, "End": True}}}
    arn = role("states.amazonaws.com")
    machine = c.create_state_machine(name="smoke", definition=json.dumps(definition), roleArn=arn)["stateMachineArn"]
    execution = c.start_execution(stateMachineArn=machine)["executionArn"]
    for _ in range(50):
        if c.describe_execution(executionArn=execution)["status"] != "RUNNING":
            break
        time.sleep(0.1)
    expect(json.loads(c.describe_execution(executionArn=execution)["output"]) == {"ok": True}, "the output")
    expect(len(c.get_execution_history(executionArn=execution)["events"]) == 4, "four events")
    fast = c.create_state_machine(name="smoke-fast", definition=json.dumps(definition), roleArn=arn, type="EXPRESS")["stateMachineArn"]
    expect(c.start_sync_execution(stateMachineArn=fast)["status"] == "SUCCEEDED", "a synchronous execution")


def functions():
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.mjs", "export const handler = async (event) => ({ hello: event.name });")
    c = client("lambda")
    arn = role("lambda.amazonaws.com")
    c.create_function(FunctionName="smoke", Runtime="nodejs24.x", Role=arn, Handler="index.handler", Code={"ZipFile": code.getvalue()})
    answer = c.invoke(FunctionName="smoke", Payload=json.dumps({"name": "Ada"}))
    expect(json.loads(answer["Payload"].read()) == {"hello": "Ada"}, "the answer")
    refused("ResourceNotFoundException", lambda: c.invoke(FunctionName="smoke-none"))


def others():
    client("events").put_events(Entries=[{"Source": "smoke", "DetailType": "t", "Detail": "{}"}])
    client("ssm").put_parameter(Name="/smoke", Value="v", Type="String")
    expect(client("ssm").get_parameter(Name="/smoke")["Parameter"]["Value"] == "v", "the parameter")
    client("secretsmanager").create_secret(Name="smoke", SecretString="s")
    expect(client("secretsmanager").get_secret_value(SecretId="smoke")["SecretString"] == "s", "the secret")
    client("cloudwatch").put_metric_data(Namespace="smoke", MetricData=[{"MetricName": "m", "Value": 1}])
    expect(client("sts").get_caller_identity()["Account"] == "123456789012", "the account")
    client("logs").create_log_group(logGroupName="smoke")
    expect(client("rds").describe_db_instances()["DBInstances"] == [], "no databases")
    expect(client("apigatewayv2").get_apis()["Items"] == [], "no APIs")
    client("ses").verify_email_identity(EmailAddress="a@example.com")
    client("ses").send_email(Source="a@example.com", Destination={"ToAddresses": ["b@example.com"]}, Message={"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}})


for name, work in [
    ("S3: versions, metadata, presigned URL, errors", s3),
    ("S3: a multipart upload by the transfer manager", multipart),
    ("SQS: send, receive, delete", sqs),
    ("SNS to SQS", sns),
    ("DynamoDB: table, update, condition", dynamodb),
    ("Step Functions: an execution, its history, a synchronous one", states),
    ("Lambda: a function from a zip", functions),
    ("EventBridge, SSM, Secrets Manager, CloudWatch, STS, Logs, RDS, API Gateway, SES", others),
]:
    check(name, work)
print(f"\n{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
