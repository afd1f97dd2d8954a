"""The aws command line."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from checks import same


def aws(*words):
    # Version 1 looks for SQS under a name of its own unless it is told here.
    done = subprocess.run(["aws", "--endpoint-url", os.environ["AWS_ENDPOINT_URL"], *words], capture_output=True, text=True, check=False, timeout=120)
    return done.returncode, done.stdout, done.stderr


def command_line(checks):
    if shutil.which("aws") is None:
        print("skipped - the aws command is not there")
        return
    with checks.check("aws s3 copies a folder up and down"), tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "up")
        source.mkdir()
        (source / "one.txt").write_text("one")
        (source / "big.bin").write_bytes(b"x" * 9 * 1024 * 1024)
        same(aws("s3", "mb", "s3://smoke-cli")[0], 0)
        same(aws("s3", "sync", str(source), "s3://smoke-cli/p")[0], 0)
        same(aws("s3", "cp", "--recursive", "s3://smoke-cli/p", str(Path(folder, "down")))[0], 0)
        same(Path(folder, "down", "big.bin").read_bytes(), (source / "big.bin").read_bytes())
        same("one.txt" in aws("s3", "ls", "s3://smoke-cli/p/")[1], True)
        same(aws("s3", "rb", "--force", "s3://smoke-cli")[0], 0)
    with checks.check("aws sqs sends a message"):
        url = json.loads(aws("sqs", "create-queue", "--queue-name", "smoke-cli")[1])["QueueUrl"]
        same(aws("sqs", "send-message", "--queue-url", url, "--message-body", "hi")[0], 0)
        same(json.loads(aws("sqs", "receive-message", "--queue-url", url)[1])["Messages"][0]["Body"], "hi")
    with checks.check("aws dynamodb describes a table"):
        table = json.loads(aws("dynamodb", "describe-table", "--table-name", "smoke-orders")[1])["Table"]
        same(table["TableStatus"], "ACTIVE")
    with checks.check("aws stepfunctions lists state machines"):
        machines = json.loads(aws("stepfunctions", "list-state-machines")[1])["stateMachines"]
        same("smoke" in [m["name"] for m in machines], True)
    with checks.check("aws names errors"):
        code, _, said = aws("sqs", "get-queue-url", "--queue-name", "missing")
        same((code > 0, "AWS.SimpleQueueService.NonExistentQueue" in said), (True, True))
    with checks.check("aws says what is not implemented"):
        _, _, said = aws("kinesis", "list-streams")
        same("NotImplemented" in said, True)
