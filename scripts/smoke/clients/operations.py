"""CloudWatch, Logs, SSM, Secrets Manager, IAM, STS and RDS."""

import json
import time
from datetime import datetime, timedelta, timezone

import boto3

from checks import eventually, same


def cloudwatch(checks):
    client = boto3.client("cloudwatch")
    now = datetime.now(timezone.utc)
    with checks.check("CloudWatch adds up data points, sent compressed when they are many"):
        points = [{"MetricName": "m", "Value": n, "Timestamp": now, "Dimensions": [{"Name": "d", "Value": "x" * 100}]} for n in range(200)]
        client.put_metric_data(Namespace="smoke", MetricData=points)
        answer = client.get_metric_statistics(
            Namespace="smoke", MetricName="m", Dimensions=[{"Name": "d", "Value": "x" * 100}], Period=60, Statistics=["Sum"],
            StartTime=now - timedelta(minutes=2), EndTime=now + timedelta(minutes=2),
        )
        same([p["Sum"] for p in answer["Datapoints"]], [19900.0])
    with checks.check("CloudWatch keeps alarms"):
        client.put_metric_alarm(
            AlarmName="smoke", Namespace="smoke", MetricName="m", Statistic="Sum", Period=60, EvaluationPeriods=1, Threshold=1, ComparisonOperator="GreaterThanThreshold"
        )
        same([a["AlarmName"] for page in client.get_paginator("describe_alarms").paginate() for a in page["MetricAlarms"]], ["smoke"])
    with checks.refuses("ResourceNotFound", "CloudWatch knows no missing alarm", 404):
        client.set_alarm_state(AlarmName="missing", StateValue="OK", StateReason="r")


def logs(checks):
    client = boto3.client("logs")
    with checks.check("Logs keeps and filters events"):
        client.create_log_group(logGroupName="smoke")
        client.create_log_stream(logGroupName="smoke", logStreamName="s")
        now = int(time.time() * 1000)
        client.put_log_events(logGroupName="smoke", logStreamName="s", logEvents=[{"timestamp": now, "message": json.dumps({"level": level})} for level in ("INFO", "ERROR")])
        found = client.filter_log_events(logGroupName="smoke", filterPattern='{ $.level = "ERROR" }')["events"]
        same([json.loads(e["message"])["level"] for e in found], ["ERROR"])
    with checks.refuses("ResourceAlreadyExistsException", "Logs refuses a second group of the name", 400):
        client.create_log_group(logGroupName="smoke")
    with checks.refuses("ResourceNotFoundException", "Logs knows no missing group", 400):
        client.get_log_events(logGroupName="missing", logStreamName="s")


def ssm(checks):
    client = boto3.client("ssm")
    with checks.check("SSM keeps parameters by path"):
        client.put_parameter(Name="/smoke/a", Value="1", Type="String")
        client.put_parameter(Name="/smoke/b", Value="2", Type="SecureString")
        found = client.get_parameters_by_path(Path="/smoke", WithDecryption=True)["Parameters"]
        same(sorted((p["Name"], p["Value"]) for p in found), [("/smoke/a", "1"), ("/smoke/b", "2")])
    with checks.refuses("ParameterNotFound", "SSM knows no missing parameter", 400):
        client.get_parameter(Name="/smoke/missing")
    with checks.refuses("ParameterAlreadyExists", "SSM overwrites only when told", 400):
        client.put_parameter(Name="/smoke/a", Value="3", Type="String")


def secrets(checks):
    client = boto3.client("secretsmanager")
    with checks.check("Secrets Manager keeps text and bytes"):
        client.create_secret(Name="smoke", SecretString="one")
        client.put_secret_value(SecretId="smoke", SecretBinary=b"\x00two")
        same(client.get_secret_value(SecretId="smoke")["SecretBinary"], b"\x00two")
        same(client.get_secret_value(SecretId="smoke", VersionStage="AWSPREVIOUS")["SecretString"], "one")
    with checks.refuses("ResourceNotFoundException", "Secrets Manager knows no missing secret", 400):
        client.get_secret_value(SecretId="missing")


def iam_and_sts(checks):
    iam = boto3.client("iam")
    sts = boto3.client("sts")
    with checks.check("STS knows who calls"):
        same(sts.get_caller_identity()["Account"], "123456789012")
    with checks.check("IAM keeps roles and their policies"):
        trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "sts:AssumeRole"}]}
        arn = iam.create_role(RoleName="smoke", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]}
        iam.put_role_policy(RoleName="smoke", PolicyName="p", PolicyDocument=json.dumps(policy))
        same(iam.get_role(RoleName="smoke")["Role"]["AssumeRolePolicyDocument"], trust)
        same(iam.get_role_policy(RoleName="smoke", PolicyName="p")["PolicyDocument"], policy)
    with checks.check("STS lends a role, and IAM decides by its policies"):
        keys = sts.assume_role(RoleArn=arn, RoleSessionName="smoke")["Credentials"]
        session = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
        session.client("s3").list_buckets()
        same(session.client("sts").get_caller_identity()["Arn"], "arn:aws:sts::123456789012:assumed-role/smoke/smoke")
        lent["session"] = session
    with checks.refuses("AccessDenied", "SQS denies what the role may not", 403):
        lent["session"].client("sqs").create_queue(QueueName="denied")
    with checks.refuses("AccessDeniedException", "DynamoDB denies what the role may not", 400):
        lent["session"].client("dynamodb").list_tables()
    with checks.refuses("AuthorizationError", "SNS denies what the role may not", 403):
        lent["session"].client("sns").list_topics()
    with checks.refuses("NoSuchEntity", "IAM knows no missing role", 404):
        iam.get_role(RoleName="missing")
    with checks.refuses("MalformedPolicyDocument", "IAM refuses a policy that is none", 400):
        iam.put_role_policy(RoleName="smoke", PolicyName="p", PolicyDocument="{}")


lent = {}


def rds(checks):
    client = boto3.client("rds")
    with checks.check("RDS makes an instance and describes it"):
        client.create_db_instance(DBInstanceIdentifier="smoke", DBInstanceClass="db.t4g.micro", Engine="postgres", AllocatedStorage=20, MasterUsername="u", MasterUserPassword="password")
        found = client.describe_db_instances(DBInstanceIdentifier="smoke")["DBInstances"][0]
        same((found["DBInstanceIdentifier"], found["Engine"]), ("smoke", "postgres"))
    with checks.refuses("InvalidDBInstanceState", "RDS stops only what is available", 400):
        client.stop_db_instance(DBInstanceIdentifier="smoke")
    with checks.refuses("InvalidDBInstanceState", "RDS starts only what is stopped", 400):
        client.start_db_instance(DBInstanceIdentifier="smoke")
    with checks.refuses("DBInstanceNotFound", "RDS knows no missing instance", 404):
        client.stop_db_instance(DBInstanceIdentifier="missing")
