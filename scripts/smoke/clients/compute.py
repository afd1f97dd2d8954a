"""Lambda, Step Functions and API Gateway."""

import io
import json
import zipfile

import boto3
from botocore.config import Config

from checks import eventually, same

HANDLER = """
export const handler = async (event) => {
  console.log("saw", JSON.stringify(event));
  if (event.fail) throw new RangeError("as told");
  return { twice: event.n * 2, name: process.env.NAME };
};
"""


def role(name, service):
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]}
    return boto3.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]


def allow(name, actions, resource="*"):
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": resource}]}
    boto3.client("iam").put_role_policy(RoleName=name, PolicyName="allowed", PolicyDocument=json.dumps(policy))


def zipped(source):
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.mjs", source)
    return package.getvalue()


def functions(checks):
    client = boto3.client("lambda", config=Config(retries={"max_attempts": 0}))
    with checks.check("Lambda takes a zip"):
        arn = role("smoke-function", "lambda.amazonaws.com")
        allow("smoke-function", ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"])
        client.create_function(
            FunctionName="smoke", Runtime="nodejs24.x", Role=arn, Handler="index.handler", Code={"ZipFile": zipped(HANDLER)},
            Environment={"Variables": {"NAME": "smoke"}}, Timeout=10,
        )
        client.get_waiter("function_active_v2").wait(FunctionName="smoke", WaiterConfig={"Delay": 1})
    with checks.check("Lambda runs it"):
        answer = client.invoke(FunctionName="smoke", Payload=json.dumps({"n": 21}))
        same((answer["StatusCode"], json.load(answer["Payload"])), (200, {"twice": 42, "name": "smoke"}))
    with checks.check("Lambda reports what it throws"):
        answer = client.invoke(FunctionName="smoke", Payload=json.dumps({"fail": True}), LogType="Tail")
        error = json.load(answer["Payload"])
        same((answer["FunctionError"], error["errorType"], error["errorMessage"]), ("Unhandled", "RangeError", "as told"))
        same("LogResult" in answer, True)
    with checks.check("Lambda's log can be read"):
        logs = boto3.client("logs")
        read = lambda: logs.filter_log_events(logGroupName="/aws/lambda/smoke", filterPattern="saw")["events"]  # noqa: E731
        same('{"n":21}' in eventually(read)[0]["message"], True)
    with checks.check("Lambda invokes without waiting"):
        same(client.invoke(FunctionName="smoke", InvocationType="Event", Payload=b"{}")["StatusCode"], 202)
    with checks.check("Lambda lists, updates and publishes"):
        same([f["FunctionName"] for page in client.get_paginator("list_functions").paginate() for f in page["Functions"]], ["smoke"])
        client.update_function_configuration(FunctionName="smoke", Environment={"Variables": {"NAME": "again"}})
        client.get_waiter("function_updated_v2").wait(FunctionName="smoke", WaiterConfig={"Delay": 1})
        same(client.publish_version(FunctionName="smoke")["Version"], "1")
        same(json.load(client.invoke(FunctionName="smoke:1", Payload=b'{"n":1}')["Payload"])["name"], "again")
    with checks.refuses("ResourceNotFoundException", "Lambda knows no missing function", 404):
        client.invoke(FunctionName="missing")
    with checks.refuses("InvalidRequestContentException", "Lambda refuses a payload that is no JSON", 400):
        client.invoke(FunctionName="smoke", Payload=b"{no json")
    with checks.refuses("ResourceConflictException", "Lambda refuses a second function of the name", 409):
        client.create_function(FunctionName="smoke", Runtime="nodejs24.x", Role=arn, Handler="index.handler", Code={"ZipFile": zipped(HANDLER)})


def states(checks):
    # A `sync-` before an IP address leads nowhere.
    client = boto3.client("stepfunctions", config=Config(inject_host_prefix=False))
    with checks.check("Step Functions runs a definition that calls a function"):
        arn = role("smoke-states", "states.amazonaws.com")
        allow("smoke-states", ["lambda:InvokeFunction"])
        definition = {
            "QueryLanguage": "JSONata",
            "StartAt": "Call",
            "States": {
                "Call": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": {"FunctionName": "smoke", "Payload": "{% $states.input %}"}, "Output": "{% $states.result.Payload %}", "Next": "Rest"},
                "Rest": {"Type": "Wait", "Seconds": 1, "End": True},
            },
        }
        machine = client.create_state_machine(name="smoke", definition=json.dumps(definition), roleArn=arn)["stateMachineArn"]
        execution = client.start_execution(stateMachineArn=machine, name="one", input='{"n": 4}')["executionArn"]
        done = eventually(lambda: (d := client.describe_execution(executionArn=execution))["status"] != "RUNNING" and d)
        same((done["status"], json.loads(done.get("output", "null"))), ("SUCCEEDED", {"twice": 8, "name": "again"}))
    with checks.check("Step Functions tells its history in pages"):
        pages = client.get_paginator("get_execution_history").paginate(executionArn=execution, PaginationConfig={"PageSize": 3})
        types = [event["type"] for page in pages for event in page["events"]]
        same((types[0], types[-1], "TaskSucceeded" in types), ("ExecutionStarted", "ExecutionSucceeded", True))
    with checks.check("Step Functions runs an express one at once"):
        express = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True, "Result": {"done": True}}}}
        machine_arn = client.create_state_machine(name="smoke-express", type="EXPRESS", definition=json.dumps(express), roleArn=arn)["stateMachineArn"]
        answer = client.start_sync_execution(stateMachineArn=machine_arn, input="{}")
        same((answer["status"], json.loads(answer["output"])), ("SUCCEEDED", {"done": True}))
    with checks.refuses("ExecutionAlreadyExists", "Step Functions refuses a name with another input", 400):
        client.start_execution(stateMachineArn=machine, name="one", input="{}")
    with checks.refuses("ExecutionDoesNotExist", "Step Functions knows no missing execution", 400):
        client.describe_execution(executionArn=execution + "x")
    with checks.refuses("InvalidDefinition", "Step Functions refuses a definition that is none", 400):
        client.create_state_machine(name="bad", definition="{}", roleArn=arn)


def apis(checks):
    client = boto3.client("apigatewayv2")
    with checks.check("API Gateway makes and lists HTTP APIs"):
        made = client.create_api(Name="smoke", ProtocolType="HTTP")
        same([(a["Name"], a["ApiId"]) for a in client.get_apis()["Items"]], [("smoke", made["ApiId"])])
    with checks.refuses("NotFoundException", "API Gateway knows no missing API", 404):
        client.get_api(ApiId="missing")
