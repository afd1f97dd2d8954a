"""Drives the cloud behind AWS_ENDPOINT_URL with boto3 and the aws command line. Ends with 1 when a check failed."""

import sys

import command_line
import compute
import messaging
import operations
import storage
from checks import Checks

GROUPS = [
    storage.s3,
    storage.dynamodb,
    messaging.sqs,
    messaging.sns,
    messaging.events,
    messaging.ses,
    operations.iam_and_sts,
    compute.functions,
    compute.states,
    compute.apis,
    operations.cloudwatch,
    operations.logs,
    operations.ssm,
    operations.secrets,
    operations.rds,
    command_line.command_line,
]

checks = Checks()
for group in GROUPS:
    # What a group needs from its first check may not be there: the rest of it has failed then.
    with checks.check(f"{group.__module__}.{group.__name__} to its end"):
        group(checks)
print(f"{checks.passed} passed, {checks.failed} failed")
sys.exit(1 if checks.failed else 0)
